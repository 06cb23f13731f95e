"""Addresses whose e-mail comes back: since when, why, and where each stands, so that somebody can put it right."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.directory import DirectoryEntry
from models.obligations import Message, Prompt, Timescale
from models.replies import ReturnedAddress
from notifications.outbox.returned import NOT_ARRIVED
from policy.addresses import normal
from policy.replies import meaning
from policy.vocabulary import State


@dataclass(frozen=True, slots=True)
class Marked:
    """An address that sends e-mail back.

    ``meaning``: what the server's code says, "" where it says nothing known. ``entries``: where it stands in the
    directory, from today on. ``cases``: on how many open cases it stands as the address of a manager. ``missed``: how
    many open duties were to reach it and did not.
    """

    row: ReturnedAddress
    meaning: str
    entries: Sequence[DirectoryEntry]
    cases: int
    missed: int


def marked_in(session: Session, areas: Collection[str], today: date) -> list[Marked]:
    """Return the addresses of some areas that send e-mail back, the newest first.

    One that stands nowhere any more, and by which nothing open was asked, is left out: it has been replaced.
    """
    query = select(ReturnedAddress).where(ReturnedAddress.area.in_(areas))
    rows = session.scalars(query.order_by(ReturnedAddress.since.desc(), ReturnedAddress.id)).all()
    if not rows:
        return []
    entries = session.scalars(
        select(DirectoryEntry)
        .where(DirectoryEntry.area.in_(areas), func.lower(DirectoryEntry.email).in_([row.email for row in rows]))
        .where(or_(DirectoryEntry.valid_to.is_(None), DirectoryEntry.valid_to >= today))
        .order_by(DirectoryEntry.id)
    ).all()
    found = (
        Marked(row, meaning(row.why), [one for one in entries if normal(one.email) == row.email],
               cases_of(session, row.email, areas), missed_by(session, row.email))
        for row in rows
    )  # fmt: skip
    return [one for one in found if one.entries or one.cases or one.missed]


def missed_by(session: Session, email: str) -> int:
    """Return how many open duties were to reach an address and did not."""
    query = (
        select(func.count(Timescale.id.distinct()))
        .join(Prompt, Prompt.timescale_id == Timescale.id)
        .join(Message, Message.id == Prompt.message_id)
        .where(Prompt.recipient == email, Prompt.withdrawn.is_(None), Prompt.revision == Timescale.revision)
        .where(Message.state.in_(NOT_ARRIVED), Timescale.state.in_((State.OPEN, State.PAUSED)))
    )
    return session.scalar(query) or 0


def cases_of(session: Session, email: str, areas: Collection[str]) -> int:
    """Return on how many open cases an address stands as that of an offender manager or a manager above."""
    named = (Case.offender_manager_email, Case.line_manager_email, Case.police_offender_manager_email)
    query = select(func.count(Case.id)).where(Case.area.in_(areas), Case.closed_on.is_(None))
    return session.scalar(query.where(or_(*(func.lower(column) == email for column in named)))) or 0
