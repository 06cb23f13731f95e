"""Why a cell of the indicators says what it says: each row behind it, in or out, with its dates and the reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from figures.indicators.reasons import Why, days_late, words_of
from figures.indicators.report import AT_MEETINGS, COUNTED, INDICATORS, LEVELS, OF, OF_ALL
from figures.indicators.rows import queries
from figures.periods import Period, months_of, quarters_of, years_of
from figures.places import NONE, unit_name
from figures.tables import known, parts_of
from models.cases import Case
from models.people import Person
from policy.indicators import Indicator, Reads

BATCH = 500
BOARD_MEETING = "board meeting"
SPANS = {"months": months_of, "quarters": quarters_of, "years": years_of}
BY_PLACE = ("areas", "units", "agencies", "attendance")
TABLES = ("indicators", *SPANS, "levels", *BY_PLACE)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell is counted from: an indicator in a period, and what else its rows have in common; None: anything."""

    indicator: Indicator
    period: Period
    unit: str | None = None
    area: str | None = None
    agency: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """A row behind a cell: of a case, or an agency at a meeting of the board, which is of none.

    ``counts``: it is in the numerator; False: in the denominator alone; None: in neither.

    ``days``: how many days after its due date it was done, overtaken, or is still open; None where it has no due date.
    """

    case: str | None
    crn: str | None
    day: date
    label: str | None
    area: str
    unit: str
    agency: str
    level: int | None
    due_on: date | None
    done_on: date | None
    counts: bool | None
    days: int | None
    why: str


def cell_named(name: str, period: Period, areas: Sequence[str]) -> Cell:
    """Return the cell with a name, ``TABLE.ROW.COLUMN``; ``NoSuchCellError`` says what there is."""
    table, row, column = parts_of(name)
    table = known("table to explain", table.removesuffix(COUNTED).removesuffix(OF), TABLES, name)
    there = [one.value for one in AT_MEETINGS] if table == "attendance" else [one.name for one in INDICATORS]
    indicator = known("indicator", column if table in BY_PLACE else row, there, name)
    cell = Cell(Indicator(indicator), period)
    if table == "indicators":
        known("column", column, [one.name for one in OF_ALL], name)
        return cell
    if table in SPANS:
        spans = {one.name: one for one in SPANS[table](period)}
        return replace(cell, period=spans[known("column", column, spans, name)])
    if table == "levels":
        levels = {NONE if level == "0" else level: int(level) for level in LEVELS}
        return replace(cell, level=levels[known("column", column, levels, name)])
    if table == "areas":
        return replace(cell, area=known("area", row, areas, name))
    if table == "units":
        return replace(cell, unit=row)
    return replace(cell, agency=row)


def explain(session: Session, cell: Cell, today: date, areas: Sequence[str]) -> Iterator[Explained]:
    """Yield the rows behind a cell by case reference, day and row; those that are left out too, with the reason.

    Of attendance at the board the rows are agencies at its meetings, by day.
    """
    (query,) = queries([cell.indicator], cell.period, today)
    for found in session.execute(narrowed(query, cell, areas).execution_options(yield_per=BATCH)):
        if cell.unit is None or unit_name(found.area, found.unit, areas) == cell.unit:
            why = Why(found.why)
            yield Explained(
                case=found.reference,
                crn=found.crn,
                day=found.day,
                label=BOARD_MEETING if cell.indicator.spec.reads is Reads.BOARD else found.label,
                area=found.area,
                unit=found.unit,
                agency=found.agency,
                level=found.level or None,
                due_on=found.due_on,
                done_on=found.done_on,
                counts=None if found.number is None else bool(found.number),
                days=days_late(why, found.due_on, found.done_on, today),
                why=words_of(why, found.due_on, found.done_on, today),
            )


def narrowed(query: Select[tuple[object, ...]], cell: Cell, areas: Sequence[str]) -> Select[tuple[object, ...]]:
    """Return the query of the rows of a cell, with the references of their cases."""
    rows = query.subquery()
    # A meeting of the board is of no case.
    with_case = select(Case.reference, Person.crn, rows).outerjoin(Case, Case.id == rows.c.case_id)
    found = with_case.outerjoin(Person, Person.id == Case.person_id).where(rows.c.area.in_(areas))
    for name in ("area", "agency", "level"):
        if (wanted := getattr(cell, name)) is not None:
            found = found.where(rows.c[name] == wanted)
    return found.order_by(Case.reference.nulls_last(), rows.c.day.nulls_last(), rows.c.row_id, rows.c.agency)
