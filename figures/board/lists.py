"""The lists of cases in the board's own pack, and how each reads as a table."""

from collections.abc import Mapping, Sequence

from figures.board.asked import Asked
from figures.board.cases import Managed
from figures.board.duties import Escalated, words_of
from figures.tables import Heading, Table, Value
from policy.words import agency_name, counted, opening, role_name, short_date


def escalated_cases(found: Sequence[Escalated], asked: Asked) -> Table:
    """Return the escalations that went highest, as many as the policy shows."""
    rows: list[tuple[str, dict[str, Value]]] = [
        (
            one.case,
            {
                "what": f"{words_of(one.kind, one.label)}, due {short_date(one.due_on)}",
                "agency": agency_name(one.agency),
                "with": f"{opening(role_name(one.role))} (step {one.step})",
                "since": short_date(one.since),
            },
        )
        for one in found[: asked.numbers.longest_lists]
    ]
    columns = [("what", "Work"), ("agency", "Whose work"), ("with", "Highest person asked"), ("since", "Asked on")]
    return listing("escalated_cases", "The cases escalated highest", columns, rows, len(found), "escalation")


def longest_cases(found: Sequence[Managed], asked: Asked) -> Table:
    """Return the cases that have waited longest for a review, as many as the policy shows."""
    rows: list[tuple[str, dict[str, Value]]] = [
        (one.case, standing(one) | {"weeks": one.weeks}) for one in found[: asked.numbers.longest_lists]
    ]
    columns = [("level", "Level"), ("agency", "Lead agency"), ("unit", "Unit"), ("last", "Last review"),
               ("weeks", "Weeks since")]  # fmt: skip
    return listing("longest_cases", "The cases longest without a review", columns, rows, len(found), "case")


def sampled_cases(drawn: Sequence[Managed], findings: Mapping[str, str]) -> Table:
    """Return the level 1 cases that the board is to check, with what it found, or room to write it down."""
    rows: list[tuple[str, dict[str, Value]]] = [
        (one.case, standing(one) | {"finding": findings.get(one.case, "")}) for one in drawn
    ]
    columns = [("agency", "Lead agency"), ("unit", "Unit"), ("last", "Last review"), ("finding", "Is level 1 right?")]
    return listing("sampled_cases", "Level 1 cases for the board to check", columns, rows, len(rows), "case")


def standing(one: Managed) -> dict[str, Value]:
    """Return how a case stands, in words."""
    return {
        "level": str(one.level),
        "agency": agency_name(one.agency),
        "unit": one.unit or "None",
        "last": short_date(one.reviewed_on) if one.reviewed_on else f"None since {short_date(one.since)}",
    }


def listing(
    name: str, title: str, columns: Sequence[tuple[str, str]], rows: Sequence[tuple[str, dict[str, Value]]],
    there: int, what: str,
) -> Table:  # fmt: skip
    """Return a list of cases as a table; a note says how many more there are."""
    headings = [Heading(column, label, words=column != "weeks") for column, label in columns]
    notes = [f"{len(rows):,} of {counted(there, what)}."] if len(rows) < there else []
    return Table(
        name,
        title,
        [Heading(f"{place}", reference, whole=True) for place, (reference, _) in enumerate(rows, 1)],
        headings,
        {f"{place}": {column: cells[column] for column, _ in columns} for place, (_, cells) in enumerate(rows, 1)},
        notes=notes,
        stub="Case",
    )
