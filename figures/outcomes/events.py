"""What happened to people: events of files, events and incidents on the record of cases, each once a person and day.

One query has a row for each person, day and outcome, with how many events there were (``events``). The counting adds
them up and the explanation lists them, so the two cannot differ.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, cast, func, literal, null, select, union_all
from sqlalchemy.types import Integer

from figures.periods import Period
from figures.returns import returns_by_order
from figures.stood import ONE_PERSON, Stood
from models.base import table_of
from models.cases import Case, Fact
from models.events import CustodyEvent
from models.people import Person
from models.registrations import ReportedEvent
from policy.outcomes import Happened, Outcome
from policy.vocabulary import FactKind

EVENTS = [one for one in Outcome if one.spec.how is Happened.EVENT]
FILE, CUSTODY, INCIDENT, RETURN = "events file", "record of the case", "incident", "custody after a breach"
ENFORCED = ("breach", "recall")
"""Decisions on an incident that enforce the licence or the order."""
reported, custody, fact, of_case = map(table_of, (ReportedEvent, CustodyEvent, Fact, Case))


def events(period: Period, areas: Sequence[str], chosen: Sequence[Outcome] = tuple(EVENTS)) -> Any:
    """Return the events of a period in some areas: a row for each outcome, person and day."""
    told = union_all(*(query for one in chosen for query in sources(one, period))).subquery()
    of_file = told.c.source == FILE

    def first_of_file(column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return what the file says, else what the record says."""
        return func.coalesce(func.max(case((of_file, column))), func.max(column))

    # A row of a file that says no level leaves it to the record.
    of_a_file = case((of_file, func.nullif(told.c.level, 0)))
    level = func.coalesce(func.max(of_a_file), func.max(told.c.level))
    # A file tells several of one day apart; what the record of a case has of one day is one.
    by_file = func.coalesce(func.sum(case((of_file, told.c.number))), 0)
    by_record = func.coalesce(func.max(case((~of_file, told.c.number))), 0)
    once_a_day = (
        select(
            told.c.outcome,
            told.c.person,
            told.c.day,
            func.max(told.c.case_id).label("case_id"),
            first_of_file(told.c.area).label("area"),
            first_of_file(told.c.unit).label("unit"),
            level.label("level"),
            case((by_file >= by_record, by_file), else_=by_record).label("events"),
            func.max(case((of_file, 1), else_=0)).label("in_file"),
        )
        .group_by(told.c.outcome, told.c.person, told.c.day)
        .subquery()
    )
    return select(once_a_day).where(once_a_day.c.area.in_(areas)).subquery("events")


def sources(outcome: Outcome, period: Period) -> Iterator[Select[Any]]:
    """Yield the queries of what tells of an outcome."""
    spec = outcome.spec
    if spec.reported:
        yield of_files(outcome, period)
    if spec.custody:
        yield of_cases(outcome, period)
    if spec.incident:
        yield of_incidents(outcome, period)
    if spec.breach_of_order:
        yield of_returns(outcome, period)


def told_of(
    outcome: Outcome,
    source: str,
    day: Any,
    case_id: Any,
    area: Any,
    unit: Any,
    level: Any,
    number: Any = None,
    person: Any = ONE_PERSON,
) -> Select[Any]:
    """Return the columns that every source has."""
    return select(
        literal(outcome.value).label("outcome"),
        literal(source).label("source"),
        person.label("person"),
        day.label("day"),
        case_id.label("case_id"),
        area.label("area"),
        func.coalesce(unit, "").label("unit"),
        func.coalesce(level, 0).label("level"),
        (literal(1) if number is None else number).label("number"),
    )


def of_files(outcome: Outcome, period: Period) -> Select[Any]:
    """Return the rows of events files, with category and level as they were at the time."""
    query = told_of(outcome, FILE, reported.c.on_date, func.coalesce(reported.c.case_id, cast(null(), Integer)),
                    reported.c.area, reported.c.unit, reported.c.level)  # fmt: skip
    within = reported.c.on_date.between(period.first, period.last)
    people = reported.join(Person, Person.id == reported.c.person_id)
    return query.select_from(people).where(reported.c.kind.in_(outcome.spec.reported), within)


def of_cases(outcome: Outcome, period: Period) -> Select[Any]:
    """Return events on the record of cases, at the level that was noted with them, else that of the day."""
    stood = Stood(custody.c.on_date)
    query = told_of(outcome, CUSTODY, custody.c.on_date, custody.c.case_id, stood.area, stood.unit,
                    func.coalesce(custody.c.level, stood.level))  # fmt: skip
    tables = stood.joined(custody, custody.c.case_id).join(Person, Person.id == of_case.c.person_id)
    within = custody.c.on_date.between(period.first, period.last)
    return query.select_from(tables).where(custody.c.kind.in_(outcome.spec.custody), within)


def of_incidents(outcome: Outcome, period: Period) -> Select[Any]:
    """Return incidents, at the level at which the case stood; an enforced one has 1, another 0, where that is asked."""
    stood = Stood(fact.c.on_date)
    enforcement = fact.c.data["enforcement"]["decision"].as_string()
    number = case((enforcement.in_(ENFORCED), 1), else_=0) if outcome.spec.enforced else None
    query = told_of(outcome, INCIDENT, fact.c.on_date, fact.c.case_id, stood.area, stood.unit, stood.level, number)
    tables = stood.joined(fact, fact.c.case_id).join(Person, Person.id == of_case.c.person_id)
    within = fact.c.on_date.between(period.first, period.last)
    meant = and_(fact.c.kind == FactKind.INCIDENT, fact.c.data["kind"].as_string().in_(outcome.spec.incident))
    return query.select_from(tables).where(meant, within)


def of_returns(outcome: Outcome, period: Period) -> Select[Any]:
    """Return the returns to custody by breach of an order, at the level at which the case stood at the breach."""
    one = returns_by_order(period).c
    return told_of(outcome, RETURN, one.day, one.case_id, one.area, one.unit, one.level, person=one.person)
