"""What the board is to know first: a sentence for each section, made of what its table shows and nothing else."""

from collections.abc import Sequence

from figures.board.asked import Asked
from figures.board.bands import weeks
from figures.board.building import BELOW, DRAWN, NUMBER, REACHED
from figures.board.duties import HIGHEST_FIRST
from figures.board.governance import of_caseloads, of_governance
from figures.board.work import HELD_BACK
from figures.tables import Table, Value, words_of
from policy.indicators import Indicator
from policy.small_numbers import TOTAL
from policy.words import agency_inside, counted, inside, listed, opening, role_name

NAMED = 4
"""How many agencies a sentence names; of more it names the lowest."""
UNKNOWN = "The number of {} is held back."


def points_of(tables: Sequence[Table], asked: Asked) -> list[str]:
    """Return the sentences of a pack, in the order of its tables."""
    there = {table.id: table for table in tables}
    found = [
        of_indicators(there["indicators"]),
        of_agencies(there["agencies_below"], asked),
        of_escalations(there["escalations"]),
        of_overdue(there["overdue"], asked),
        of_reviews(there["since_review"], asked),
        of_sample(there["sample"]),
        of_governance(there["governance"]),
        of_flaws(there["data_quality"]),
        of_caseloads(there["caseload"]),
    ]
    return [opening(one) for one in found]


def of_indicators(table: Table) -> str:
    """Return which indicators are below their target, of those that have one and data."""
    labels = {row.name: row.label for row in table.rows}
    against = {name: cells["against"] for name, cells in table.cells.items()}
    below = [name for name, word in against.items() if word == BELOW]
    compared = len(below) + sum(word == REACHED for word in against.values())
    if not compared:
        return "No indicator with a target has a share to compare with it."
    if not below:
        return f"No indicator is below its target; {counted(compared, 'indicator')} reached it."
    named = (f"{inside(labels[name])} ({words_of(table.value(name, 'per_cent'), '%')})" for name in below)
    told = f"{len(below)} of the {counted(compared, 'indicator')} with a target and data"
    return f"{told} {'is' if len(below) == 1 else 'are'} below target: {listed(named)}."


def of_agencies(table: Table, asked: Asked) -> str:
    """Return which agencies attend less than the target, as far as that is shown."""
    attended = [row for row in table.rows if row.name.endswith(f":{Indicator.ATTENDANCE}")]
    if not attended:
        if asked.fewer_than:
            return "No agency is shown below the target of attendance; one with small numbers is never shown."
        return "No agency attended less often than the target asks."
    named = [f"{agency_inside(row.name.partition(':')[0])} ({words_of(table.value(row.name, 'per_cent'), '%')})"
             for row in attended]  # fmt: skip
    if len(named) > NAMED:
        named = [*named[: NAMED - 1], f"{len(named) - NAMED + 1} others"]
    agencies = "1 agency" if len(attended) == 1 else f"{len(attended)} agencies"
    return f"{agencies} attended less often than the target asks: {listed(named)}."


def of_escalations(table: Table) -> str:
    """Return how many escalations are open, and how many have reached the top."""
    total = table.value(TOTAL, NUMBER)
    if total == HELD_BACK:
        return UNKNOWN.format("open escalations")
    if not total:
        return "No escalation is open."
    told = f"{there_are(total, 'escalation')} open"
    top = next((role for role in HIGHEST_FIRST if role in table.cells), None)
    if top is None:
        return f"{told}."
    reached = table.value(top, NUMBER)
    many = "some have" if reached == HELD_BACK else f"{reached:,} {'has' if reached == 1 else 'have'}"
    return f"{told}. {opening(many)} reached the {role_name(top)}."


def of_overdue(table: Table, asked: Asked) -> str:
    """Return how much work is overdue, and how much for longest."""
    total, ends = table.value(TOTAL, TOTAL), asked.numbers.overdue_weeks
    if total == HELD_BACK:
        return UNKNOWN.format("pieces of overdue work")
    if not total:
        return "Nothing is overdue."
    pieces = f"{counted(number_of(total), 'piece')} of work {'is' if total == 1 else 'are'} overdue"
    return f"{pieces}, {over(table, ends)} by more than {weeks(ends[-1])}."


def of_reviews(table: Table, asked: Asked) -> str:
    """Return how many cases have not been reviewed for longest."""
    total, ends = table.value(TOTAL, TOTAL), asked.numbers.review_weeks
    if total == HELD_BACK:
        return UNKNOWN.format("cases at a level outside custody")
    if not total:
        return "No case is at a level outside custody."
    waited = f"{opening(over(table, ends))} of them waited more than {weeks(ends[-1])} for a review"
    return f"{there_are(total, 'case')} at a level outside custody. {waited}."


def over(table: Table, ends: Sequence[int]) -> str:
    """Return how many are in the last band, in words."""
    last = table.value(TOTAL, f"over_{ends[-1]}")
    return "some" if last == HELD_BACK else words_of(last) if last else "none"


def there_are(number: Value, what: str) -> str:
    """Return how many there are, as the beginning of a sentence."""
    return f"{counted(number_of(number), what)} {'is' if number == 1 else 'are'}"


def of_sample(table: Table) -> str:
    """Return how many cases are to be checked."""
    drawn = table.value(DRAWN, NUMBER)
    if drawn == HELD_BACK:
        return "The number of level 1 cases to check is held back."
    if not drawn:
        return "There is no level 1 case for the board to check."
    return f"{there_are(drawn, 'level 1 case')} drawn for the board to check."


def of_flaws(table: Table) -> str:
    """Return how much does not fit in the data."""
    total = table.value(TOTAL, NUMBER)
    if total == HELD_BACK:
        return UNKNOWN.format("flaws in the data")
    return f"{counted(number_of(total), 'flaw')} {'was' if total in (0, 1) else 'were'} found in the data."


def number_of(value: Value) -> int:
    """Return what stands in a cell that is counted."""
    return value if isinstance(value, int) else 0
