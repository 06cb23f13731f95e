"""Why a cell of the outcomes says what it says: the events, people or cases behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from figures.outcomes.closures import closures
from figures.outcomes.events import EVENTS, events
from figures.outcomes.people import MULTI_AGENCY, how, managed
from figures.outcomes.report import COMPARED, INSPECTION, LEVELS, TOTAL
from figures.periods import Period, cut_off, months_of, quarters_of, years_of
from figures.places import unit_name
from figures.tables import known, parts_of
from models.cases import Case
from models.people import Person
from policy.outcomes import RISK, Closing, Outcome
from policy.vocabulary import RoshLevel
from policy.words import counted, plain_words

SPANS = {"months": months_of, "quarters": quarters_of, "years": years_of}
TABLES = ("outcomes", *SPANS, "levels", "units", "areas", "closures")
BATCH = 500
PEOPLE = ("people", "of", "per_cent")
RISKS = [level.value for level in RoshLevel]


@dataclass(frozen=True, slots=True)
class Explained:
    """A row behind a cell: the case, the day on which it happened, where, and why it counts or does not.

    ``day`` None: it is about a whole period. ``counts``: False for who is among those of whom it is a share, alone.
    """

    case: str | None
    crn: str
    day: date | None
    area: str
    unit: str
    level: int | None
    counts: bool
    why: str


def explain(session: Session, name: str, period: Period, today: date, areas: Sequence[str]) -> Iterator[Explained]:
    """Yield the rows behind a cell, ``TABLE.ROW.COLUMN``; ``NoSuchCellError`` says what there is."""
    table, row, column = parts_of(name)
    known("table", table, TABLES, name)
    until = cut_off(period, today)
    if table == "closures":
        known("reason", row, [one.name.lower() for one in Closing] + [TOTAL], name)
        known("column", column, [*LEVELS.values(), TOTAL], name)
        yield from closed(session, until, areas, row, column)
        return
    by_place = table in ("units", "areas")
    outcome = Outcome(known("outcome", column if by_place else row, list(Outcome), name))
    if table == "outcomes":
        known("column", column, ["events", *PEOPLE, INSPECTION.name], name)
        yield from of_people(session, outcome, until, areas, column)
    elif outcome in COMPARED:
        known("outcome with events", outcome.value, [one.value for one in EVENTS], name)
    elif table in SPANS:
        spans = {one.name: one for one in SPANS[table](period)}
        span = spans[known("column", column, list(spans), name)]
        yield from of_events(session, outcome, cut_off(span, today), areas, MULTI_AGENCY)
    elif table == "levels":
        levels = {title: level for level, title in LEVELS.items()}
        yield from of_events(session, outcome, until, areas, (levels[known("column", column, list(levels), name)],))
    else:
        for one in of_events(session, outcome, until, areas, MULTI_AGENCY):
            if row == (one.area if table == "areas" else unit_name(one.area, one.unit, areas)):
                yield one


def of_people(
    session: Session, outcome: Outcome, period: Period, areas: Sequence[str], column: str
) -> Iterator[Explained]:
    """Yield what is behind a cell of the whole period: events, or people, in or out."""
    if outcome in COMPARED:
        yield from compared(session, outcome, period, areas)
    elif column == "events" or outcome.spec.enforced:
        yield from of_events(session, outcome, period, areas, MULTI_AGENCY)
    else:
        yield from people(session, outcome, period, areas)


def of_events(
    session: Session, outcome: Outcome, period: Period, areas: Sequence[str], levels: Sequence[int]
) -> Iterator[Explained]:
    """Yield the events of an outcome, at some levels, by day and case."""
    rows = events(period, areas, [outcome])
    found = select(rows, Case.reference, Person.crn).outerjoin(Case, Case.id == rows.c.case_id)
    of_person = found.join(Person, Person.id == rows.c.person).where(rows.c.level.in_(levels))
    ordered = of_person.order_by(rows.c.day.nulls_last(), Case.reference.nulls_last(), rows.c.person)
    for one in session.execute(ordered.execution_options(yield_per=BATCH)):
        where = "events file" if one.in_file else "record of the case"
        why = f"{counted(one.events, 'event')}, from the {where}, at {level_words(one.level)}"
        if outcome.spec.enforced and not one.events:
            why = f"neither breach nor recall was decided, at {level_words(one.level)}"
        yield Explained(one.reference, one.crn, one.day, one.area, one.unit, one.level or None, bool(one.events), why)


def level_words(level: int) -> str:
    """Return a level inside a sentence."""
    return f"level {level}" if level else "no level"


def people(session: Session, outcome: Outcome, period: Period, areas: Sequence[str]) -> Iterator[Explained]:
    """Yield the people managed at level 2 or 3, each with how many events they had at it."""
    everybody, rows = managed(period, areas), events(period, areas, [outcome])
    had = (
        select(rows.c.person, rows.c.area, func.sum(rows.c.events).label("events"))
        .where(rows.c.level.in_(MULTI_AGENCY))
        .group_by(rows.c.person, rows.c.area)
        .subquery()
    )
    same = and_(had.c.person == everybody.c.person, had.c.area == everybody.c.area)
    found = select(everybody, func.coalesce(had.c.events, 0).label("events"), Case.reference, Person.crn)
    with_case = found.join(Case, Case.id == everybody.c.case_id).join(Person, Person.id == everybody.c.person)
    joined = with_case.outerjoin(had, same)
    for one in session.execute(joined.order_by(Case.reference, everybody.c.area).execution_options(yield_per=BATCH)):
        why = f"{counted(one.events, 'event')} at level 2 or 3"
        yield Explained(one.reference, one.crn, None, one.area, one.unit, one.level_now, bool(one.events), why)


def compared(session: Session, outcome: Outcome, period: Period, areas: Sequence[str]) -> Iterator[Explained]:
    """Yield the people managed at level 2 or 3, each with how they stood at both ends."""
    rows, spec = managed(period, areas), outcome.spec
    then, now = (rows.c.risk_then, rows.c.risk_now) if spec.compared == RISK else (rows.c.level_then, rows.c.level_now)
    found = select(rows, how(then, now).label("how"), then.label("then"), now.label("now"), Case.reference, Person.crn)
    of_person = found.join(Case, Case.id == rows.c.case_id).join(Person, Person.id == rows.c.person)
    ordered = of_person.order_by(Case.reference, rows.c.area)
    for one in session.execute(ordered.execution_options(yield_per=BATCH)):
        words = risk_words if spec.compared == RISK else level_words
        why = "no risk assessment is on record" if one.then is None else f"{words(one.then)} then, {words(one.now)} now"
        yield Explained(one.reference, one.crn, None, one.area, one.unit, one.level_now, one.how == spec.to, why)


def risk_words(place: int) -> str:
    """Return a level of risk inside a sentence, by its place from the lowest up."""
    return f"{plain_words(RISKS[place]).lower()} risk"


def closed(session: Session, period: Period, areas: Sequence[str], reason: str, column: str) -> Iterator[Explained]:
    """Yield the closed cases of a cell."""
    rows = closures(period, areas)
    with_case = select(rows, Case.reference, Person.crn).join(Case, Case.id == rows.c.case_id)
    found = with_case.join(Person, Person.id == Case.person_id)
    if reason != TOTAL:
        found = found.where(rows.c.reason == reason)
    if column != TOTAL:
        found = found.where(rows.c.level == {title: level for level, title in LEVELS.items()}[column])
    for one in session.execute(found.order_by(rows.c.day.nulls_last(), Case.reference, rows.c.case_id)):
        why = f"closed: {Closing[one.reason.upper()].value}"
        yield Explained(one.reference, one.crn, one.day, one.area, one.unit, one.level or None, counts=True, why=why)
