"""Take on an area whose caseload already runs: from which day it is prompted, and what was overdue before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.timescales import refresh
from models.audit import Change, append
from models.cases import Case
from models.obligations import Prompt, Timescale
from models.people import Sentence
from models.record import working_calendar
from models.take_on import TakeOn, forget, is_undecided
from policy.calendar import WorkingCalendar, london_date
from policy.errors import ConflictError, InvalidError
from policy.take_on import list_day
from policy.vocabulary import State
from policy.words import long_date

MOST_DAYS_AHEAD = 28
"""Nobody is prompted before the first day: an area is not left alone for longer (our default)."""


@dataclass(frozen=True, slots=True)
class TakenOn:
    """An area that is taken on.

    ``list_on``: the day on which ``listed`` duties, overdue by then, are sent as one list. ``prompted``: the other open
    duties, which are prompted from ``begins_on``. ``unidentified``: sentences of which nobody knows yet what they make
    due.
    """

    area: str
    begins_on: date
    list_on: date
    cases: int
    listed: int
    prompted: int
    unidentified: int


def begin(session: Session, area: str, begins_on: date, as_at: datetime, actor: str) -> None:
    """Have an area prompted from a day on, and write that down. Its ladders are still to be laid (``lay_ladders``).

    The day can be changed until the first prompt of the area has been raised. Raises ``InvalidError`` for a day that
    cannot be the first, and ``ConflictError`` where somebody has been prompted.
    """
    refuse_day(begins_on, london_date(as_at), working_calendar(session))
    refuse_area(session, area)
    set_day(session, area, begins_on, as_at, actor)


def refuse_day(begins_on: date, today: date, calendar: WorkingCalendar) -> None:
    """Refuse a first day that is no working day, is not ahead, or is too far ahead."""
    last = today + timedelta(days=MOST_DAYS_AHEAD)
    if begins_on <= today:
        raise InvalidError(
            f"{long_date(begins_on)} is not after today, {long_date(today)}", where="--from",
            to_do="the list goes out on the working day before it: name a later day",
        )  # fmt: skip
    if begins_on > last:
        raise InvalidError(
            f"{long_date(begins_on)} is more than {MOST_DAYS_AHEAD} days ahead", where="--from",
            to_do=f"nobody is prompted until then: name a day up to {long_date(last)}",
        )  # fmt: skip
    if calendar.on_or_before(begins_on) != begins_on:
        raise InvalidError(
            f"{long_date(begins_on)} is no working day", where="--from",
            to_do=f"the next is {long_date(calendar.on_or_after(begins_on))}",
        )  # fmt: skip


def refuse_area(session: Session, area: str) -> None:
    """Refuse an area in which somebody has been prompted. One without a case may be taken on before they are loaded."""
    raised = select(Prompt.raised_at).join(Prompt.timescale).join(Timescale.case).where(Case.area == area)
    first = session.scalar(raised.order_by(Prompt.id).limit(1))
    if first is not None:
        raise ConflictError(
            f"{area} has been prompted since {long_date(london_date(first))}", where="--area",
            to_do="an area is taken on before its first prompts; what is overdue is with mappa timescales --stuck",
        )  # fmt: skip


def set_day(session: Session, area: str, begins_on: date, as_at: datetime, actor: str) -> None:
    """Write the first day of an area, with its entry in the trail."""
    row = session.get(TakeOn, area)
    before = None if row is None else {"begins_on": row.begins_on}
    if row is None:
        row = TakeOn(area=area, begins_on=begins_on, decided_at=as_at, decided_by=actor)
        session.add(row)
    row.begins_on, row.decided_at, row.decided_by = begins_on, as_at, actor
    session.flush()
    forget(session)
    change = Change(f"take-on/{area}", "area-taken-on", area, before, {"begins_on": begins_on})
    append(session, [change], actor=actor, at=as_at)


def lay_ladders(session: Session, area: str, as_at: datetime, actor: str, after: int, limit: int | None) -> list[int]:
    """Give the duties of open cases of an area the ladders of its first day; return the ids of the cases."""
    query = select(Case).where(Case.area == area, Case.closed_on.is_(None), Case.id > after)
    cases = session.scalars(query.order_by(Case.id).limit(limit).with_for_update()).all()
    refresh(session, cases, as_at, actor, lay_again=True)
    return [case.id for case in cases]


def counted(session: Session, area: str, begins_on: date) -> TakenOn:
    """Count what is listed in an area that begins on a day, and what is prompted."""
    waiting = select(func.count()).where(Sentence.area == area, Sentence.identify_at.is_not(None))
    cases = select(func.count()).where(Case.area == area, Case.closed_on.is_(None))
    duties = select(func.count()).select_from(Timescale).join(Timescale.case)
    duties = duties.where(Case.area == area, Timescale.state.in_((State.OPEN, State.PAUSED)))
    listed = session.scalar(duties.where(is_undecided())) or 0
    return TakenOn(
        area=area,
        begins_on=begins_on,
        list_on=list_day(begins_on, working_calendar(session)),
        cases=session.scalar(cases) or 0,
        listed=listed,
        prompted=(session.scalar(duties) or 0) - listed,
        unidentified=session.scalar(waiting) or 0,
    )
