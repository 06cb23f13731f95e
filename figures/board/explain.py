"""Which cases a number of the pack counts, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from figures.board.asked import Asked
from figures.board.bands import band_of
from figures.board.building import DRAWN
from figures.board.cases import Managed
from figures.board.duties import Escalated, Overdue
from figures.board.report import Found, gathered, pack_of
from figures.board.work import HELD_BACK, quarters_to
from figures.data_quality import Line
from figures.indicators.explain import Cell
from figures.indicators.explain import explain as explained
from figures.periods import Period
from figures.tables import NoSuchCellError, cell_of
from policy.errors import NotAllowedError, WrongUsageError
from policy.indicators import Indicator, Reads
from policy.small_numbers import TOTAL
from policy.vocabulary import Level
from policy.words import agency_name, short_date

Aged = TypeVar("Aged", Overdue, Managed)
AT_MEETINGS = (Reads.ATTENDANCE, Reads.BOARD)
WORDS = ("target", "against", "indicator")
"""Columns of the tables in which nothing is counted."""


class NoCasesForLayAdvisersError(WrongUsageError):
    """The lay adviser's version names no case, whatever is asked of it."""

    def __init__(self) -> None:
        """Say which of the two options to leave out."""
        super().__init__("the lay adviser's version names no case: leave out --explain, or --lay-adviser")


class HeldBackError(NotAllowedError):
    """A number is held back, so nobody is told whom it counts."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A case behind a number, or an agency at a meeting of the board, which is of none.

    ``counts``: False where it is only among those that a number is a share of.
    """

    case: str | None
    crn: str | None
    counts: bool
    why: str


def explain(session: Session, asked: Asked, cell: str) -> list[Behind]:
    """Return what a number counts; ``cell``: table, row and column with dots between (``overdue.total.total``).

    ``NoSuchCellError`` where the pack has no such number, ``HeldBackError`` where it is held back.
    """
    if asked.lay_adviser:
        raise NoCasesForLayAdvisersError
    return behind(session, gathered(session, asked), cell)


def behind(session: Session, found: Found, cell: str) -> list[Behind]:
    """Return what a number counts, of a pack made of what was read."""
    asked, pack = found.asked, pack_of(found)
    table, row, column = cell_of([*pack.tables, *pack.lists], cell)
    if column in WORDS or table in {one.id for one in pack.lists}:
        raise NoSuchCellError(f"{cell} counts nothing: ask about a number", where="--explain")
    if pack.table(table).value(row, column) == HELD_BACK:
        rule = f"it is a number below {asked.fewer_than}, or one could be worked out from it"
        raise HeldBackError(f"{cell} is held back: {rule}", where="--explain")
    if table in ("indicators", "trend", "agencies_below", "attendance"):
        return list(of_indicator(session, asked, table, row, column))
    return [Behind(one.case, one.crn, True, words_of(one)) for one in chosen(found, table, row, column)]


def of_indicator(session: Session, asked: Asked, table: str, row: str, column: str) -> Iterator[Behind]:
    """Yield the rows behind a number of an indicator: of a share, those that count and those that do not."""
    period, agency, name = asked.until, None, row
    if table == "trend":
        period = quarter_of(asked, column)
    elif table == "attendance":
        agency, name = None if row == TOTAL else row, Indicator.ATTENDANCE.value
    elif table == "agencies_below":
        agency, _, name = row.rpartition(":")
    cell = Cell(Indicator(name), period, agency=agency)
    for one in explained(session, cell, asked.after, asked.areas):
        if one.counts or (one.counts is False and column != "counted"):
            whose = f"{agency_name(one.agency)}: " if cell.indicator.spec.reads in AT_MEETINGS else ""
            when = "" if one.case else f" on {short_date(one.day)}"
            yield Behind(one.case, one.crn, one.counts, f"{whose}{one.why}{when}")


def quarter_of(asked: Asked, name: str) -> Period:
    """Return a quarter of the trend by its name, as far as it was counted."""
    return asked.until if name == asked.quarter.name else {one.name: one for one in quarters_to(asked.quarter)}[name]


def chosen(found: Found, table: str, row: str, column: str) -> Iterable[Escalated | Overdue | Managed | Line]:
    """Return what a number of another table counts."""
    numbers, in_all = found.asked.numbers, row == TOTAL
    if table == "escalations":
        return [one for one in found.escalated if in_all or one.role == row]
    if table == "overdue":
        there = [one for one in found.overdue if in_all or one.kind == row]
        return in_band(there, column, numbers.overdue_weeks)
    if table == "since_review":
        cases = [one for one in found.managed if in_all or f"level_{one.level}" == row]
        return in_band(cases, column, numbers.review_weeks)
    if table == "sample":
        return found.sample if row == DRAWN else [one for one in found.managed if one.level == Level.LEAD_AGENCY]
    return [line for line in found.flaws if in_all or line.fault == row]


def in_band(found: Iterable[Aged], column: str, ends: Sequence[int]) -> list[Aged]:
    """Return what is of the ages of a column."""
    return [one for one in found if column in (TOTAL, band_of(one.days, ends))]


def words_of(one: Escalated | Overdue | Managed | Line) -> str:
    """Return why something counts."""
    return one.what if isinstance(one, Line) else one.why
