"""Counting: the rows of the indicators, grouped inside the database and added up by what the tables show."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from figures.indicators.rows import queries
from figures.periods import Period, months_of, place_in, quarter_name, reporting_year
from policy.indicators import Indicator

BATCH = 2_000
"""Groups that are read from the database at a time: a nation has some hundred thousand."""


@dataclass(slots=True)
class Share:
    """So many of so many."""

    counted: int = 0
    of: int = 0

    @property
    def per_cent(self) -> float | None:
        """Return the share in per cent, to one place; None where there is nothing that it would be a share of."""
        return round(100 * self.counted / self.of, 1) if self.of else None

    def add(self, counted: int, of: int) -> None:
        """Add more to it."""
        self.counted += counted
        self.of += of


Shares = dict[tuple[str, ...], Share]


def shares() -> Shares:
    """Return shares by their names, each nothing at first."""
    return defaultdict(Share)


@dataclass(slots=True)
class Counts:
    """What was counted: of each indicator in all, and by month, quarter, reporting year, area, unit, agency, level.

    The first part of each name is the indicator. A unit is known by its area and its own name.
    """

    in_all: Shares = field(default_factory=shares)
    months: Shares = field(default_factory=shares)
    quarters: Shares = field(default_factory=shares)
    years: Shares = field(default_factory=shares)
    areas: Shares = field(default_factory=shares)
    units: Shares = field(default_factory=shares)
    agencies: Shares = field(default_factory=shares)
    levels: Shares = field(default_factory=shares)

    def add(self, group: "Group") -> None:
        """Add a group wherever it belongs."""
        name, first = group.indicator, group.month.first
        for found, key in (
            (self.in_all, (name,)),
            (self.months, (name, group.month.name)),
            (self.quarters, (name, quarter_name(first))),
            (self.years, (name, str(reporting_year(first)))),
            (self.areas, (name, group.area)),
            (self.units, (name, group.area, group.unit)),
            (self.agencies, (name, group.agency)),
            (self.levels, (name, str(group.level))),
        ):
            found[key].add(group.counted, group.of)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one indicator that are alike in all that a table tells apart."""

    indicator: str
    month: Period
    area: str
    unit: str
    agency: str
    level: int
    counted: int
    of: int


def count(
    session: Session, period: Period, today: date, areas: Sequence[str] = (), chosen: Sequence[Indicator] = ()
) -> Counts:
    """Count indicators in a period, in some areas; none named: in all. What is due ``today`` or later is left out."""
    found = Counts()
    for group in groups(session, period, today, areas, chosen or list(Indicator)):
        found.add(group)
    return found


def groups(
    session: Session, period: Period, today: date, areas: Sequence[str], chosen: Sequence[Indicator]
) -> Iterator[Group]:
    """Yield the groups of the rows of some indicators."""
    months = months_of(period)
    for query in queries(chosen, period, today):
        found = query.subquery()
        names = ("indicator", "area", "unit", "agency", "level", "number")
        # PostgreSQL takes two expressions with parameters for different ones, so the month is a column first.
        with_month = select(place_in(months, found.c.day).label("month"), *(found.c[name] for name in names))
        rows = with_month.where(found.c.area.in_(areas) if areas else true()).subquery()
        counted, of = func.sum(rows.c.number), func.count(rows.c.number)
        keys = [rows.c[name] for name in ("indicator", "month", "area", "unit", "agency", "level")]
        grouped = select(*keys, counted, of).group_by(*keys).having(of > 0)
        for indicator, place, *rest in session.execute(grouped.execution_options(yield_per=BATCH)):
            yield Group(indicator, months[place], *rest)
