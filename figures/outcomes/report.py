"""The report of the outcomes: what happened to people at level 2 or 3, how they stand, and why cases were closed.

Beside it stand the inspection's own figures, where the policy of every area asked about says so.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, select
from sqlalchemy.orm import Session

from figures.measured import Measured
from figures.outcomes.closures import closures
from figures.outcomes.events import EVENTS, events
from figures.outcomes.people import MULTI_AGENCY, how, managed
from figures.periods import Period, cut_off, months_of, place_in, quarter_name, quarters_of, reporting_year, years_of
from figures.places import NONE, unit_name
from figures.tables import DASH, Heading, Table, Value, adds_up
from models.record import policies
from policy.numbers import Policy
from policy.outcomes import LEVEL, RISK, Closing, Happened, Outcome
from policy.words import opening

COMPARED = [one for one in Outcome if one.spec.how is Happened.COMPARED]
OUTCOMES = [Heading(one.value, one.spec.title) for one in Outcome]
OF_EVENTS = [Heading(one.value, one.spec.title) for one in EVENTS]
LEVELS = {1: "1", 2: "2", 3: "3", 0: NONE}
LEVEL_TITLES = [Heading("1", "Level 1"), Heading("2", "Level 2"), Heading("3", "Level 3"), Heading(NONE, "No level")]
COLUMNS = [Heading("events", "Events"), Heading("people", "People"), Heading("of", "Of"),
           Heading("per_cent", "Share", "%")]  # fmt: skip
INSPECTION = Heading("inspection_2015", "Joint inspection 2015", "%")
SHOWN = ("outcomes", "quarters", "months", "levels", "closures", "units", "areas")
TOTAL = "total"
NOTES = (
    "Events are counted on the day on which they happened, at the level at which the person was managed then. Every "
    "table counts level 2 and 3 alone, but those by level and of closed cases. What a file and the record of a case "
    "tell of one person and day is one event.",
    "People are counted once for each area that managed them at level 2 or 3 in the period, so the people of months do "
    "not add up to those of a quarter. They are compared between the first day of the period on which they were "
    "managed at level 2 or 3 and its last day.",
    "The inspection looked at 48 cases at level 2 or 3 in six areas, from the day on which each came into MAPPA.",
)


def outcome_report(session: Session, period: Period, today: date, areas: Sequence[str]) -> Measured:
    """Count the outcomes of some areas in a period, up to the end of the day before ``today``."""
    until = cut_off(period, today)
    in_force = [policies(session).for_area(area, period.last) for area in areas]
    found = events_counted(session, until, areas)
    tables = [
        outcomes(session, until, areas, in_force),
        *by_period(found, period, until),
        by_level(found),
        *by_place(found, areas),
        closed(session, until, areas),
    ]
    return Measured("Outcomes", list(areas), period, until.last, tables, SHOWN, NOTES)


def outcomes(session: Session, period: Period, areas: Sequence[str], in_force: Sequence[Policy]) -> Table:
    """Return the table of the whole period: events, people, and of how many managed at level 2 or 3."""
    rows = events(period, areas)
    each = (rows.c.outcome, rows.c.person, rows.c.area)
    at_the_level = select(*each, func.sum(rows.c.events).label("events")).where(rows.c.level.in_(MULTI_AGENCY))
    people = at_the_level.group_by(*each).subquery()
    had_one = func.sum(case((people.c.events > 0, 1), else_=0))
    grouped = select(people.c.outcome, whole(people.c.events), had_one, func.count()).group_by(people.c.outcome)
    found = {outcome: numbers for outcome, *numbers in session.execute(grouped)}
    stands, everybody = compared(session, period, areas)
    compare = all(policy.outcomes.compare for policy in in_force)
    cells: dict[str, dict[str, Value]] = {}
    for one in Outcome:
        number, with_one, among = found.get(one.value, (0, 0, 0))
        of = among if one.spec.enforced else everybody
        if one in COMPARED:
            with_one = stands.get((one.spec.compared, one.spec.to), 0)
        share = round(100 * with_one / of, 1) if of else None
        cells[one.value] = {
            "events": DASH if one in COMPARED else number,
            "people": with_one,
            "of": of,
            "per_cent": share,
        }
        if compare:
            inspected = in_force[0].outcomes.inspected.get(one)
            cells[one.value][INSPECTION.name] = inspected.per_cent if inspected else DASH
    columns = [*COLUMNS, INSPECTION] if compare else COLUMNS
    return Table("outcomes", "People managed at level 2 or 3", OUTCOMES, columns, cells, stub="Outcome")


def compared(session: Session, period: Period, areas: Sequence[str]) -> tuple[dict[tuple[str, str], int], int]:
    """Return how many people stand lower, higher or the same, by risk and by level, and how many there are."""
    people = managed(period, areas)
    risk = how(people.c.risk_then, people.c.risk_now).label(RISK)
    level = how(people.c.level_then, people.c.level_now).label(LEVEL)
    rows = select(risk, level).subquery()
    stands: dict[tuple[str, str], int] = {}
    everybody = 0
    grouped = select(rows.c.risk, rows.c.level, func.count()).group_by(rows.c.risk, rows.c.level)
    for by_risk, at_level, number in session.execute(grouped):
        everybody += number
        for key in ((RISK, by_risk), (LEVEL, at_level)):
            stands[key] = stands.get(key, 0) + number
    return stands, everybody


def whole(numbers: ColumnElement[Any]) -> ColumnElement[int]:
    """Return a sum of numbers that may be sums themselves: PostgreSQL makes decimals of those."""
    return cast(func.sum(numbers), Integer)


@dataclass(frozen=True, slots=True)
class Counted:
    """Events of one outcome that are alike in month, level, area and unit."""

    outcome: str
    month: Period
    level: int
    area: str
    unit: str
    number: int


def events_counted(session: Session, until: Period, areas: Sequence[str]) -> list[Counted]:
    """Return the events of a period, grouped inside the database."""
    months = months_of(until)
    rows = events(until, areas)
    columns = (rows.c.outcome, place_in(months, rows.c.day).label("month"), rows.c.level, rows.c.area, rows.c.unit)
    placed = select(*columns, rows.c.events).subquery()
    keys = [placed.c[name] for name in ("outcome", "month", "level", "area", "unit")]
    grouped = select(*keys, whole(placed.c.events)).group_by(*keys)
    return [Counted(outcome, months[place], *rest) for outcome, place, *rest in session.execute(grouped)]


def by_period(found: Sequence[Counted], period: Period, until: Period) -> Iterator[Table]:
    """Yield the events at level 2 or 3 by month, quarter and reporting year."""
    names: Sequence[tuple[str, str, Sequence[Period], Callable[[Period], str]]] = (
        ("months", "By month", months_of(period), lambda one: one.name),
        ("quarters", "By quarter", quarters_of(period), lambda one: quarter_name(one.first)),
        ("years", "By reporting year", years_of(period), lambda one: str(reporting_year(one.first))),
    )
    for name, title, spans, name_of in names:
        told: Counter[tuple[str, str]] = Counter()
        for one in found:
            told[one.outcome, name_of(one.month)] += one.number if one.level in MULTI_AGENCY else 0
        columns = [Heading(one.name, one.title) for one in spans]
        begun = {one.name for one in spans if one.first <= until.last}
        cells = {row.name: {c.name: told[row.name, c.name] if c.name in begun else None for c in columns}
                 for row in OF_EVENTS}  # fmt: skip
        yield Table(name, title, OF_EVENTS, columns, cells, stub="Outcome")


def by_level(found: Sequence[Counted]) -> Table:
    """Return the events at every level, and without one."""
    told: Counter[tuple[str, str]] = Counter()
    for one in found:
        told[one.outcome, LEVELS.get(one.level, NONE)] += one.number
    cells = {row.name: {c.name: told[row.name, c.name] for c in LEVEL_TITLES} for row in OF_EVENTS}
    return Table("levels", "Events by level", OF_EVENTS, LEVEL_TITLES, cells, stub="Outcome")


def by_place(found: Sequence[Counted], areas: Sequence[str]) -> Iterator[Table]:
    """Yield the events at level 2 or 3 by unit and by area."""
    units: Counter[tuple[str, str]] = Counter()
    whole: Counter[tuple[str, str]] = Counter()
    for one in found:
        if one.level in MULTI_AGENCY:
            units[unit_name(one.area, one.unit, areas), one.outcome] += one.number
            whole[one.area, one.outcome] += one.number
    names = sorted({unit for unit, _ in units})
    for name, title, places, told in (("units", "By unit", names, units), ("areas", "By area", areas, whole)):
        headings = [Heading(place, "No unit" if place == NONE else place) for place in places]
        cells = {row.name: {c.name: told[row.name, c.name] for c in OF_EVENTS} for row in headings}
        yield Table(name, title, headings, OF_EVENTS, cells)


def closed(session: Session, period: Period, areas: Sequence[str]) -> Table:
    """Return the cases closed by reason and level, with totals that are checked."""
    rows = closures(period, areas)
    grouped = select(rows.c.reason, rows.c.level, func.count()).group_by(rows.c.reason, rows.c.level)
    told: Counter[tuple[str, str]] = Counter()
    for reason, level, number in session.execute(grouped):
        for row, column in product((reason, TOTAL), (LEVELS.get(level, NONE), TOTAL)):
            told[row, column] += number
    reasons = [Heading(one.name.lower(), opening(one.value)) for one in Closing]
    headings, columns = [*reasons, Heading(TOTAL, "Total")], [*LEVEL_TITLES, Heading(TOTAL, "Total")]
    cells = {row.name: {c.name: told[row.name, c.name] for c in columns} for row in headings}
    checks = adds_up(cells, [one.name for one in reasons], [one.name for one in LEVEL_TITLES])
    return Table("closures", "Cases closed", headings, columns, cells, checks, stub="Reason")
