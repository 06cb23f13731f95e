"""Annual reports as they were printed, what in them does not add up, and the numbers that a caseload is made to."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from figures.tables import Check, sum_of

Grid = tuple[tuple[int, ...], ...]
"""Numbers by level (rows) and category (columns), with a row and a column of totals, or without."""
BY_LEVEL = ("eligible", "yearly", "returned_licence", "returned_order")


@dataclass(frozen=True, slots=True)
class Published:
    """One report. Tables by level and category have their printed totals; empty ones were not printed."""

    area: str
    year: int
    source: str
    eligible: Grid
    yearly: Grid
    returned_licence: Grid
    returned_order: Grid
    notification_breaches: int
    orders: Mapping[str, int]
    units: Mapping[str, int]
    population: int
    rate: int | None
    as_made: Sequence[tuple[str, int, int, int, str]]

    def made(self) -> "Published":
        """Return the report with the cells that a caseload is made to, where the printed ones cannot be."""
        changed: dict[str, Any] = {}
        for table, row, column, value, _ in self.as_made:
            grid = [list(line) for line in getattr(self, table)]
            grid[row][column] = value
            changed[table] = tuple(tuple(line) for line in grid)
        return replace(self, **changed)

    def numbers(self, table: str) -> Grid:
        """Return the numbers of a table without its totals."""
        return tuple(tuple(line[:-1]) for line in getattr(self, table)[:-1])


@cache
def published() -> dict[str, Published]:
    """Return every report by its name."""
    found = tomllib.loads(files("sample.published").joinpath("reports.toml").read_text("utf-8"))
    return {name: read(**one) for name, one in found.items()}


def read(**told: Any) -> Published:
    """Return a report as the file tells it."""
    grids: dict[str, Any] = {table: tuple(tuple(line) for line in told[table]) for table in BY_LEVEL}
    return Published(**{"rate": None} | told | grids)


def contradictions(report: Published) -> Iterator[str]:
    """Yield each sum of a printed report that does not come out, with its numbers."""
    for table in BY_LEVEL:
        for check in sums(getattr(report, table)):
            if not check.holds:
                yield f"{table}, {check.what}"
    if report.units:
        of_units = sum_of("units", list(report.units.values()), report.eligible[-1][0])
        if of_units is not None and not of_units.holds:
            yield of_units.what


def sums(grid: Grid) -> Iterator[Check]:
    """Yield the check of each row and column of a table with totals; rows and columns counted from 1."""
    lines = [(f"row {number}", line) for number, line in enumerate(grid, 1)]
    lines += [(f"column {number}", line) for number, line in enumerate(zip(*grid, strict=True), 1)]
    for where, line in lines:
        check = sum_of(where, line[:-1], line[-1])
        if check is not None:
            yield check


def parts_of(report: Published, areas: Sequence[str], scale: int = 1) -> list[Published]:
    """Return a report as the sum of as many areas; each cell is shared out. ``scale``: only one in so many people.

    The totals of a part are empty: nobody printed them.
    """
    shares: list[list[list[int]]] = []
    for row in report.numbers("eligible"):
        shared = [[(number // scale + offset) // len(areas) for offset in range(len(areas))] for number in row]
        shares.append(shared)
    return [
        replace(report, area=area, eligible=with_totals([[cell[place] for cell in row] for row in shares]))
        for place, area in enumerate(areas)
    ]


def with_totals(rows: Sequence[Sequence[int]]) -> Grid:
    """Return numbers with a column and a row of their totals."""
    across = [(*row, sum(row)) for row in rows]
    return (*across, tuple(sum(column) for column in zip(*across, strict=True)))
