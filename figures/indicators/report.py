"""The report of the indicators: what was counted, as tables by period, place, agency and level, with the targets.

Each breakdown stands three times: the shares in per cent, what counted (``…_counted``), and of how many (``…_of``). A
page shows the shares alone.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from figures.indicators.count import Counts, Share, Shares, count
from figures.measured import Measured
from figures.periods import Period, cut_off, months_of, quarters_of, years_of
from figures.places import NONE, unit_name
from figures.tables import DASH, Heading, Table, Value
from models.record import policies
from policy.indicators import Indicator, Reads
from policy.numbers import Policy
from policy.words import agency_name

COUNTED, OF = "_counted", "_of"
INDICATORS = [Heading(one.value, one.spec.title) for one in Indicator]
OF_ALL = [Heading("counted", "Counted"), Heading("of", "Of"), Heading("per_cent", "Share", "%"),
          Heading("target", "Target", "%")]  # fmt: skip
AT_MEETINGS = [one for one in Indicator if one.spec.reads is Reads.ATTENDANCE and not one.spec.of_agency]
LEVELS = {"1": "Level 1", "2": "Level 2", "3": "Level 3", "0": "No level"}
SHOWN = ("indicators", "quarters", "months", "levels", "attendance", "agencies", "units", "areas", "targets")
"""The tables of a page, in its order; the others are for programs."""
NOTES = (
    "A duty counts in the period of its due date, once that day has ended. Done by then, it is on time. Done later, "
    "never done or not done yet, it is not. What ended before it was due, or was not due after all, is left out.",
    "A pause holds back reminders and moves no due date: a paused duty that is past its due date counts as not done.",
    "Area, unit, lead agency and level are those on the day that puts a row into a period.",
    'Where nothing was due there is "no data", which is not 100%.',
)  # fmt: skip


def indicator_report(session: Session, period: Period, today: date, areas: Sequence[str]) -> Measured:
    """Count the indicators of some areas in a period; what is due ``today`` or later is not counted yet."""
    until = cut_off(period, today)
    found = count(session, until, today, areas)
    book = policies(session)
    in_force = {area: book.for_area(area, period.last) for area in areas}
    return Measured(
        "Indicators", list(areas), period, until.last, list(tables_of(found, period, in_force)), SHOWN, NOTES
    )


def tables_of(found: Counts, period: Period, in_force: dict[str, Policy]) -> Iterator[Table]:
    """Yield the tables of what was counted."""
    yield all_of(found, in_force)
    for name, title, shares, spans in (
        ("months", "By month", found.months, months_of(period)),
        ("quarters", "By quarter", found.quarters, quarters_of(period)),
        ("years", "By reporting year", found.years, years_of(period)),
    ):
        columns = [Heading(one.name, one.title, "%") for one in spans]
        yield from thrice(name, title, INDICATORS, columns, by_row(shares))
    levels = [Heading(NONE if level == "0" else level, title, "%") for level, title in LEVELS.items()]
    at_level: Shares = {(one, NONE if level == "0" else level): share for (one, level), share in found.levels.items()}
    yield from thrice("levels", "By level", INDICATORS, levels, by_row(at_level))
    yield attendance(found)
    agencies = [Heading(one, agency_name(one)) for one in names_in(found.agencies)]
    yield from thrice("agencies", "By agency", agencies, in_per_cent(INDICATORS), by_column(found.agencies))
    yield from by_place(found, list(in_force))
    yield targets(in_force)


def by_place(found: Counts, areas: Sequence[str]) -> Iterator[Table]:
    """Yield the tables by unit, and by area."""
    named: Shares = {(one, unit_name(area, unit, areas)): share for (one, area, unit), share in found.units.items()}
    units = [Heading(name, "No unit" if name == NONE else name) for name in names_in(named)]
    yield from thrice("units", "By unit", units, in_per_cent(INDICATORS), by_column(named))
    rows = [Heading(area, area) for area in areas]
    yield from thrice("areas", "By area", rows, in_per_cent(INDICATORS), by_column(found.areas))


def names_in(shares: Shares) -> list[str]:
    """Return the places or agencies that were counted, in order."""
    return sorted({key[-1] for key in shares})


def in_per_cent(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings of columns that hold shares."""
    return [Heading(one.name, one.label, "%") for one in headings]


def all_of(found: Counts, in_force: dict[str, Policy]) -> Table:
    """Return the table of the whole period, with the target where the areas have one in common."""
    cells: dict[str, dict[str, Value]] = {}
    for one in Indicator:
        share = found.in_all.get((one.value,), Share())
        common = {target_of(policy, one) for policy in in_force.values()}
        cells[one.value] = {
            "counted": share.counted if share.of else None,
            "of": share.of,
            "per_cent": share.per_cent,
            "target": (common.pop() or DASH) if len(common) == 1 else DASH,
        }
    drawn = ([one.name for one in INDICATORS], ["per_cent"])
    return Table("indicators", "Indicators", INDICATORS, OF_ALL, cells, drawn=drawn, stub="Indicator")


def target_of(policy: Policy, indicator: Indicator) -> float | None:
    """Return the target of an indicator in per cent; None where the policy sets none."""
    target = policy.indicators.targets.get(indicator)
    return target.per_cent if target else None


def targets(in_force: dict[str, Policy]) -> Table:
    """Return the target of each indicator in each area."""
    cells = {
        one.value: {area: target_of(policy, one) or DASH for area, policy in in_force.items()} for one in Indicator
    }  # fmt: skip
    columns = [Heading(area, area, "%") for area in in_force]
    notes = (f"{DASH}: the policy sets no target.",)
    return Table("targets", "Targets", INDICATORS, columns, cells, notes=notes, stub="Indicator")


def attendance(found: Counts) -> Table:
    """Return the three shares of attendance of each agency, side by side; the one with a target is of required."""
    rows = [Heading(one, agency_name(one)) for one in sorted(agencies_at_meetings(found))]
    columns = [Heading(one.value, one.spec.title, "%") for one in AT_MEETINGS]
    cells = {row.name: {one.value: found.agencies.get((one.value, row.name), Share()).per_cent for one in AT_MEETINGS}
             for row in rows}  # fmt: skip
    return Table("attendance", "Attendance at level 2 and 3 meetings", rows, columns, cells, stub="Agency")


def agencies_at_meetings(found: Counts) -> set[str]:
    """Return the agencies that were required at a meeting, or invited to one."""
    of = {one.value for one in AT_MEETINGS}
    return {agency for name, agency in found.agencies if name in of}


Find = Callable[[str, str], Share]


def by_row(shares: Shares) -> Find:
    """Return how to find the share of a row that is an indicator."""
    return lambda row, column: shares.get((row, column), Share())


def by_column(shares: Shares) -> Find:
    """Return how to find the share of a column that is an indicator."""
    return lambda row, column: shares.get((column, row), Share())


def thrice(name: str, title: str, rows: Sequence[Heading], columns: Sequence[Heading], find: Find) -> Iterator[Table]:
    """Yield a breakdown as shares, as what counted, and as of how many; nothing of nothing is no data."""
    numbers = [Heading(one.name, one.label) for one in columns]
    kinds: tuple[tuple[str, str, Sequence[Heading], Callable[[Share], Value]], ...] = (
        ("", "", columns, lambda share: share.per_cent),
        (COUNTED, ": counted", numbers, lambda share: share.counted if share.of else None),
        (OF, ": of how many", numbers, lambda share: share.of),
    )
    for suffix, more, headings, value in kinds:
        cells = {row.name: {one.name: value(find(row.name, one.name)) for one in columns} for row in rows}
        yield Table(f"{name}{suffix}", f"{title}{more}", rows, headings, cells)
