"""The way out as a whole: a fault of it is one problem, and while it lasts everything rests, longer and longer.

The messages stay as they are, so that they leave in order of harm once the way out works again.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from models.cases import FAILURE, Problem
from notifications.moments import leaves_at
from notifications.settings import MailSettings

STAGE = "deliver"
WAY_OUT = "the mail "
"""How the subject of such a problem begins; a message is a subject by its id."""
RESTS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60))
SUBJECT_LENGTH = 60


def way_out(settings: MailSettings) -> str:
    """Return the name of a way out; with other settings it is another, which has no fault yet."""
    if settings.transport == "folder":
        return f"{WAY_OUT}folder"
    if settings.transport == "notify":
        return f"{WAY_OUT}service GOV.UK Notify"
    return f"{WAY_OUT}server {settings.smtp_host}:{settings.smtp_port}"[:SUBJECT_LENGTH]


def is_open_fault() -> ColumnElement[bool]:
    """Return the condition for a problem to be an open fault of a way out."""
    return and_(Problem.stage == STAGE, Problem.subject.startswith(WAY_OUT), Problem.resolved_at.is_(None))


OPEN_FAULTS = select(Problem).where(is_open_fault()).execution_options(populate_existing=True)


def open_faults(session: Session) -> dict[str, Problem]:
    """Return the open faults by the name of the way out: that of the settings, and of others they named before."""
    return {fault.subject: fault for fault in session.scalars(OPEN_FAULTS)}


def fault_of(session: Session, settings: MailSettings) -> Problem | None:
    """Return the open fault of the way out, None where it has none."""
    return open_faults(session).get(way_out(settings))


def rests(fault: Problem | None, as_at: datetime) -> bool:
    """Tell whether a way out is not to be tried yet."""
    return fault is not None and fault.next_try_at is not None and fault.next_try_at > as_at


def note_fault(session: Session, settings: MailSettings, why: str, area: str, as_at: datetime) -> None:
    """Write down that nothing gets out; the rest before the next try grows from five minutes to an hour.

    Of several rounds that find it at once, one counts. ``area``: whose hours of e-mail the next try keeps.
    """
    fault = fault_of(session, settings)
    if fault is None:
        fault = Problem(
            stage=STAGE, subject=way_out(settings), kind=FAILURE, reason=why, tries=0, first_seen_at=as_at,
            last_seen_at=as_at,
        )  # fmt: skip
        session.add(fault)
    elif rests(fault, as_at):
        return
    fault.tries += 1
    fault.reason, fault.last_seen_at = why, as_at
    fault.next_try_at = leaves_at(session, area, as_at + RESTS[min(fault.tries, len(RESTS)) - 1])
    session.flush()


def mended(session: Session, as_at: datetime) -> None:
    """Close the fault: a message has left, by whatever way out the settings name now."""
    closed = update(Problem).where(is_open_fault()).values(resolved_at=as_at)
    session.execute(closed, execution_options={"synchronize_session": False})
