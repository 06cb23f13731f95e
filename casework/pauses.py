"""Pauses of timescales: which one runs, when it ends, and what ends it early."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.obligations import Message, Prompt, Timescale
from models.pauses import HELD, Pause
from policy.calendar import WorkingCalendar, london_date, london_time
from policy.numbers import Policy
from policy.vocabulary import MessageState, PauseWay, State

SETTLED_OR_MOVED = "it was settled, or its date moved"
RESUMED = "somebody resumed it"


def ends_at(until: date, policy: Policy, calendar: WorkingCalendar) -> datetime:
    """Return when a pause ends: at the hour of the prompts of its last day, or of the working day after it."""
    return london_time(calendar.on_or_after(until), time(policy.prompting.from_hour))


def end_overtaken(session: Session, case_ids: Sequence[int], as_at: datetime) -> None:
    """End the pauses of timescales that are paused no more: done, overtaken, not owed, or due on another day.

    A pause was decided on one due date: a date that moves ends it, so that nobody is released in the silence of it.
    """
    still = select(Timescale.id).where(Timescale.id == Pause.timescale_id, Timescale.state == State.PAUSED)
    session.execute(
        update(Pause)
        .where(Pause.case_id.in_(case_ids), Pause.ended_on.is_(None), ~still.exists())
        .values(ended_on=london_date(as_at), ended_because=SETTLED_OR_MOVED),
        execution_options={"synchronize_session": False},
    )


def running(session: Session, timescale: Timescale) -> Pause:
    """Return the pause that runs on a paused timescale, locked."""
    query = select(Pause).where(Pause.timescale_id == timescale.id, Pause.ended_on.is_(None))
    return session.scalars(query.with_for_update()).one()


def let_leave(session: Session, timescale: Timescale, as_at: datetime) -> None:
    """Let the messages leave at once that a pause of a timescale keeps back until its last day."""
    carrying = select(Prompt.message_id).where(Prompt.timescale_id == timescale.id, Prompt.withdrawn.is_(None))
    held = (Message.id.in_(carrying), Message.state == MessageState.PENDING, Message.reason.startswith(HELD))
    session.execute(
        update(Message).where(*held, Message.not_before > as_at).values(not_before=as_at, reason=None),
        execution_options={"synchronize_session": False},
    )


def snoozes_of(session: Session, timescale: Timescale) -> int:
    """Return how often a timescale was snoozed at its present date."""
    query = select(func.count()).select_from(Pause)
    of_this = (Pause.timescale_id == timescale.id, Pause.revision == timescale.revision, Pause.way == PauseWay.SNOOZE)
    return session.scalar(query.where(*of_this)) or 0
