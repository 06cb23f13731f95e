"""What is not well with the program itself, in words, from the facts in the record: mail, clock, auditor.

What waits is counted over every area: a fault of the way out is one for all. Nothing names a case.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.assurance import AssuranceRun
from models.obligations import WAITING, Message, Timescale
from notifications.outbox.route import open_faults
from policy.calendar import london_date
from policy.vocabulary import MessageState
from policy.words import counted, opening
from web.tables import clock, moment

PATIENCE = timedelta(minutes=15)
"""What is due waits no longer than this while the program runs: the clock beats every few seconds."""
AUDITS_MISSED = 3
SHORTEST_SILENCE = timedelta(hours=2)
WAITS = (MessageState.PENDING, MessageState.RETRY)


def troubles(session: Session, as_at: datetime) -> list[str]:
    """Return what is not well, each in a sentence or two; nothing while all is."""
    return [*of_the_mail(session, as_at), *of_the_clock(session, as_at), *of_the_auditor(session, as_at)]


def since(when: datetime, as_at: datetime) -> str:
    """Return a moment as a sentence has it: the time of day, with the day where that is another."""
    today = london_date(as_at)
    return clock(when) if london_date(when) == today else moment(when, today)


def of_the_mail(session: Session, as_at: datetime) -> Iterator[str]:
    """Yield that nothing leaves: the way out refuses, or nobody sends."""
    due = select(func.count(Message.id), func.min(Message.not_before)).where(
        Message.state.in_(WAITS), Message.not_before <= as_at
    )
    waiting, oldest = session.execute(due).one()
    faults = sorted(open_faults(session).values(), key=lambda one: one.id)
    if faults:
        what = "The mail server has refused everything" if "server" in faults[0].subject else "No e-mail can be written"
        yield f"{what} since {since(faults[0].first_seen_at, as_at)}. {waits(waiting, 'message')}."
    elif oldest is not None and as_at - oldest > PATIENCE:
        yield f"No e-mail has left since {since(oldest, as_at)}. {waits(waiting, 'message')}."


def of_the_clock(session: Session, as_at: datetime) -> Iterator[str]:
    """Yield that what was to be prompted has not been."""
    due = select(func.count(Timescale.id), func.min(Timescale.next_prompt_at))
    waiting, oldest = session.execute(due.where(text(WAITING), Timescale.next_prompt_at <= as_at)).one()
    if oldest is not None and as_at - oldest > PATIENCE:
        yield f"Reminders have not been worked out since {since(oldest, as_at)}. {waits(waiting, 'reminder')}."


def of_the_auditor(session: Session, as_at: datetime) -> Iterator[str]:
    """Yield that the record is no longer checked, by the time that usually lies between two checks."""
    newest = select(AssuranceRun.ran_at).order_by(AssuranceRun.ran_at.desc(), AssuranceRun.id.desc())
    runs = list(session.scalars(newest.limit(2)))
    if len(runs) == 2:
        usual = max(AUDITS_MISSED * (runs[0] - runs[1]), SHORTEST_SILENCE)
        if as_at - runs[0] > usual:
            yield f"The record has not been checked since {since(runs[0], as_at)}."


def waits(number: int, what: str) -> str:
    """Return how many wait, as a sentence has it."""
    return opening(f"{counted(number, what)} {'wait' if number > 1 else 'waits'}")
