"""The tables of the pack, made of what was counted; a number that is held back is words in its cell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from figures.board.asked import Asked
from figures.board.bands import band_of, bands
from figures.board.cases import Managed
from figures.board.duties import Escalated, Overdue, height, title_of
from figures.board.trend import Trend, drawn
from figures.board.work import HELD_BACK, Worked, below, targets
from figures.data_quality import Fault, Line
from figures.tables import DASH, Cells, Check, Heading, Table, Value, adds_up, sum_of
from policy.indicators import Indicator
from policy.small_numbers import TOTAL, Sum, held_back, sums_of_table
from policy.vocabulary import Level
from policy.words import agency_name, listed, opening, role_name

NUMBER, DRAWN = "number", "drawn"
BELOW, REACHED = "Below", "Reached"
ALL = Heading(TOTAL, "Total")
INDICATORS = [Heading(one.value, one.spec.title) for one in Indicator]
OF_SHARE = [Heading("counted", "Counted"), Heading("of", "Of"), Heading("per_cent", "Share", "%"),
            Heading("target", "Target", "%")]  # fmt: skip
FAULTS = {
    Fault.CATEGORY_3_LEVEL: "Category 3 at level 1 or without a level",
    Fault.TWO_OPEN: "2 registrations run at the same time",
    Fault.LEVELS_OVERLAP: "Registrations at different levels overlap",
    Fault.CATEGORY_DIFFERS: "Category differs from the registration",
    Fault.LEVEL_DIFFERS: "Level differs from the registration",
    Fault.REGISTRATION_ENDED: "Case open, registration ended",
    Fault.STILL_REGISTERED: "Case closed, registration still runs",
    Fault.NO_OFFENDER_MANAGER: "No e-mail address of an offender manager",
    Fault.NO_POLICE_OFFENDER_MANAGER: "Level 2 or 3 without a police offender manager",
}


def indicators(found: Sequence[Worked], asked: Asked) -> Table:
    """Return the indicators of the quarter, each beside its target."""
    goals, now = targets(asked), found[-1]
    against = Heading("against", "Against target", words=True)
    cells: dict[str, dict[str, Value]] = {}
    for one in Indicator:
        share = now.per_cent(one)
        cells[one.value] = {
            "counted": now.counted(one),
            "of": now.of(one),
            "per_cent": share,
            "target": goals.get(one, DASH),
            "against": against_target(share, goals.get(one)),
        }
    return Table("indicators", "How the work was done", INDICATORS, [*OF_SHARE, against], cells, stub="Indicator",
                 notes=(f"{DASH}: the policy sets no target.",))  # fmt: skip


def against_target(share: Value, target: float | None) -> Value:
    """Return in a word how a share stands against its target; None: no data."""
    if target is None:
        return DASH
    if share is None or isinstance(share, str):
        return share
    return BELOW if share < target else REACHED


def trend(found: Sequence[Worked], asked: Asked) -> Table:
    """Return the shares of five quarters, with a drawing of each indicator that has any."""
    goals = targets(asked)
    columns = [Heading(one.quarter.name, one.quarter.name, "%") for one in found]
    cells: dict[str, dict[str, Value]] = {
        one.value: {quarter.quarter.name: quarter.per_cent(one) for quarter in found} | {"target": goals.get(one, DASH)}
        for one in Indicator
    }
    pictures = [
        drawn(Trend(one.spec.title, [(column.name, cells[one.value][column.name]) for column in columns],
                    goals.get(one)))
        for one in Indicator
        if any(isinstance(cells[one.value][column.name], int | float) for column in columns)
    ]  # fmt: skip
    first, last = found[0].quarter, found[-1].quarter
    notes = (f"{first.name} is {first.title}, {last.name} is {last.title}. A broken line is the target.",)
    return Table("trend", "Trend over 5 quarters", INDICATORS, [*columns, Heading("target", "Target", "%")], cells,
                 notes=notes, stub="Indicator", pictures=pictures)  # fmt: skip


def agencies_below(found: Worked, asked: Asked) -> Table:
    """Return the agencies whose share is below a target."""
    goals = targets(asked)
    pairs = below(found, goals)
    rows = [Heading(f"{agency}:{one}", agency_name(agency)) for agency, one in pairs]
    cells: dict[str, dict[str, Value]] = {
        f"{agency}:{one}": {
            "indicator": one.spec.title,
            "counted": found.counted(one, agency),
            "of": found.of(one, agency),
            "per_cent": found.per_cent(one, agency),
            "target": goals[one],
        }
        for agency, one in pairs
    }
    columns = [Heading("indicator", "Indicator", words=True), *OF_SHARE]
    notes = [] if rows else ["No agency is below a target in what was counted."]
    if asked.fewer_than:
        notes.append("An agency whose share is held back is not listed.")
    return Table("agencies_below", "Agencies below target", rows, columns, cells, notes=notes, stub="Agency")


def attendance(found: Worked, asked: Asked) -> Table:
    """Return how often each agency attended the level 2 and 3 meetings at which it was required."""
    one, goal = Indicator.ATTENDANCE, targets(asked).get(Indicator.ATTENDANCE)
    names = found.agencies(one)
    rows = [*(Heading(name, agency_name(name)) for name in names), ALL]
    cells: dict[str, dict[str, Value]] = {
        name: {
            "counted": found.counted(one, name),
            "of": found.of(one, name),
            "per_cent": found.per_cent(one, name),
            "target": DASH if goal is None else goal,
        }
        for name in (*names, TOTAL)
    }
    columns = [Heading("counted", "Attended"), Heading("of", "Required"), *OF_SHARE[2:]]
    return Table("attendance", "Attendance at level 2 and 3 meetings", rows, columns, cells,
                 adds_up_down(cells, names, ("counted", "of")), stub="Agency")  # fmt: skip


def escalations(found: Sequence[Escalated], asked: Asked) -> Table:
    """Return how many escalations were open, by the highest role that was asked."""
    roles = sorted({one.role for one in found}, key=lambda role: (height(role), role))
    rows = [Heading(role, opening(role_name(role))) for role in roles]
    return listed_by("escalations", "Open escalations", "Highest person asked", rows,
                     Counter(one.role for one in found), asked)  # fmt: skip


def overdue(found: Sequence[Overdue], asked: Asked) -> Table:
    """Return what was overdue, by kind and age."""
    rows = [Heading(kind, title_of(kind)) for kind in sorted({one.kind for one in found}, key=title_of)]
    ends = asked.numbers.overdue_weeks
    counts = Counter((one.kind, band_of(one.days, ends)) for one in found)
    return by_band("overdue", "Overdue work by age", "Kind of work", rows, bands(ends), counts, asked)


def waiting(found: Sequence[Managed], asked: Asked) -> Table:
    """Return for how long cases have not been reviewed, by level."""
    rows = [Heading(f"level_{level}", f"Level {level}") for level in Level]
    ends = asked.numbers.review_weeks
    counts = Counter((f"level_{one.level}", band_of(one.days, ends)) for one in found)
    title = "Time since the last review, cases outside custody"
    return by_band("since_review", title, "Level", rows, bands(ends), counts, asked)


def sampled(drawn_cases: Sequence[Managed], level_1: Value, asked: Asked) -> Table:
    """Return how many level 1 cases were drawn for the board, of how many; ``level_1`` may be held back.

    Where every case of an area is drawn the one number is the other, so a small area holds both back.
    """
    drawn_of = Counter(one.area for one in drawn_cases)
    all_drawn = any(drawn_of[area] < policy.board.level_1_sample for area, policy in asked.by_area.items())
    small = any(0 < number < asked.fewer_than for number in drawn_of.values())
    hold = small or (all_drawn and level_1 == HELD_BACK)
    cells: dict[str, dict[str, Value]] = {
        DRAWN: {NUMBER: HELD_BACK if hold else len(drawn_cases)},
        "of": {NUMBER: level_1},
    }
    rows = [Heading(DRAWN, "Drawn for the board to check"), Heading("of", "Level 1 cases outside custody")]
    seeds = f"seed {asked.seed_of(asked.areas[0])}" if len(asked.areas) == 1 else "a seed for each area: " + listed(
        f"{area} {asked.seed_of(area)}" for area in asked.areas)  # fmt: skip
    notes = (f"Drawn at random by {seeds}. The same seed draws the same cases again.",)
    return Table("sample", "Level 1 sample", rows, [Heading(NUMBER, "Number")], cells, notes=notes, stub="Cases")


def quality(found: Sequence[Line], asked: Asked) -> Table:
    """Return what does not fit, by kind of flaw."""
    rows = [Heading(fault.value, FAULTS[fault]) for fault in Fault]
    made = listed_by("data_quality", "Data quality", "Flaw", rows, Counter(line.fault.value for line in found), asked)
    notes = ("As on record today: what has been corrected since the end of the quarter no longer counts.",)
    return replace(made, notes=notes)


def listed_by(
    name: str, title: str, stub: str, rows: Sequence[Heading], counts: Mapping[str, int], asked: Asked
) -> Table:
    """Return a table of one column with its total."""
    names = [row.name for row in rows]
    numbers = {(row, NUMBER): counts.get(row, 0) for row in names} | {(TOTAL, NUMBER): sum(counts.values())}
    in_all = Sum((TOTAL, NUMBER), [(row, NUMBER) for row in names])
    cells = cells_of(numbers, held_back(numbers, [in_all], asked.fewer_than))
    return Table(name, title, [*rows, ALL], [Heading(NUMBER, "Number")], cells, adds_up_down(cells, names, [NUMBER]),
                 stub=stub)  # fmt: skip


def adds_up_down(cells: Cells, rows: Sequence[str], columns: Sequence[str]) -> list[Check]:
    """Return the checks of a table with a row of totals alone; none where it has no other row."""
    found = [sum_of(f"column {column}", [cells[row][column] for row in rows], cells[TOTAL][column])
             for column in columns]  # fmt: skip
    return [check for check in found if rows and check is not None]


def by_band(
    name: str, title: str, stub: str, rows: Sequence[Heading], columns: Sequence[Heading],
    counts: Mapping[tuple[str, str], int], asked: Asked,
) -> Table:  # fmt: skip
    """Return a table of ages with totals of its rows and columns."""
    names, ages = [row.name for row in rows], [column.name for column in columns]
    numbers = {(row, age): counts.get((row, age), 0) for row in names for age in ages}
    numbers |= {(row, TOTAL): sum(numbers[row, age] for age in ages) for row in names}
    numbers |= {(TOTAL, age): sum(numbers[row, age] for row in names) for age in (*ages, TOTAL)}
    cells = cells_of(numbers, held_back(numbers, list(sums_of_table(names, ages)), asked.fewer_than))
    checks = adds_up(cells, names, ages) if names else []
    return Table(name, title, [*rows, ALL], [*columns, ALL], cells, checks, stub=stub)


def cells_of(numbers: Mapping[tuple[str, str], int], held: frozenset[tuple[str, str]]) -> dict[str, dict[str, Value]]:
    """Return numbers as cells, by row and column."""
    cells: dict[str, dict[str, Value]] = {}
    for (row, column), number in numbers.items():
        cells.setdefault(row, {})[column] = HELD_BACK if (row, column) in held else number
    return cells
