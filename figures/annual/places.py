"""Where in the report somebody or something counts: table, row and column, or the table of what is left out.

Pure rules over plain values, so that a count and the list of its cases cannot differ.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from figures.annual.happenings import (
    CHARGE,
    NOTIFICATION_BREACH,
    ORDER_BREACH,
    ORDER_KINDS,
    RECALL,
    REVOKED,
    SRO_BREACH,
    Happening,
)
from figures.annual.layouts import Layout
from policy.vocabulary import Category, Level

ACTIVELY = (Level.MULTI_AGENCY, Level.SENIOR_MULTI_AGENCY)
RETURNS = {RECALL: "returned_licence", ORDER_BREACH: "returned_order"}
PEOPLE_OF = {RECALL: "returned_licence_people", ORDER_BREACH: "returned_order_people"}
BY_LEVEL = RETURNS | {CHARGE: "serious_further_offences"}
BY_LEVEL_AND_CATEGORY = ("eligible", "yearly", *BY_LEVEL.values(), *PEOPLE_OF.values())
"""The tables that have totals of rows and of columns."""
NOTIFICATION = {NOTIFICATION_BREACH: "breaches", REVOKED: "revoked", SRO_BREACH: "sro_breach"}
TOTAL = "total"
RSO = "registered_sexual_offenders"
LEFT_OUT = {
    "no_level": "People in the community on 31 March without a level",
    "no_category": "People in the community on 31 March without a category that has a column",
    "managed_no_category": "People managed at level 2 or 3 without a category that has a column",
    "events_no_level": "Returns to custody and serious charges without a level on record",
    "events_no_category": "Returns to custody and serious charges at level 2 or 3 without a category that has a column",
    "orders_no_row": "Orders of a kind that has no row in this layout",
    "notification_no_row": "Changes of notification of a kind that has no row in this layout",
}
"""What no cell counts, and the row of ``data`` that counts it instead."""


class Place(NamedTuple):
    """A cell, none of whose names is a total: what counts in it counts in the totals of its row and column too."""

    table: str
    row: str
    column: str

    def counts_in(self, asked: "Place") -> bool:
        """Tell whether what has this place counts in a cell, which may be a total."""
        if self.table not in BY_LEVEL_AND_CATEGORY:
            return self == asked
        return self.table == asked.table and asked.row in (self.row, TOTAL) and asked.column in (self.column, TOTAL)


def left_out(row: str) -> Place:
    """Return the place of what no cell counts."""
    return Place("data", row, "number")


def of_eligible(layout: Layout, category: int | None, level: int | None, unit: str) -> Iterator[Place]:
    """Yield where somebody counts who was in the community on 31 March."""
    if level is None:
        yield left_out("no_level")
    elif category not in layout.categories:
        yield left_out("no_category")
    else:
        yield Place("eligible", f"level_{level}", f"category_{category}")
        if category == Category.REGISTERED_SEXUAL_OFFENDER:
            yield Place("units", unit, RSO)


def of_managed(layout: Layout, category: int | None, level: int) -> Place:
    """Return where somebody counts who was managed at level 2 or 3 in the year."""
    if category not in layout.categories:
        return left_out("managed_no_category")
    return Place("yearly", f"level_{level}", f"category_{category}")


def of_happening(layout: Layout, event: Happening) -> Place | None:
    """Return where an event counts; None for one at level 1, which the report does not ask about."""
    if event.kind in ORDER_KINDS:
        return Place("orders", event.kind.value, TOTAL) if event.kind in layout.orders else left_out("orders_no_row")
    if event.kind in NOTIFICATION:
        row = NOTIFICATION[event.kind]
        return Place("notification", row, TOTAL) if row in layout.notification else left_out("notification_no_row")
    if event.level is None:
        return left_out("events_no_level")
    if event.level not in ACTIVELY:
        return None
    if event.category not in layout.categories:
        return left_out("events_no_category")
    return Place(BY_LEVEL[event.kind], f"level_{event.level}", f"category_{event.category}")


def of_people(layout: Layout, events: Iterable[Happening]) -> Iterator[tuple[Place, Happening]]:
    """Yield each person who was returned to custody once, with the return that counts for them in each area.

    That is the one at the highest level, and of several the first: so the people of the levels add up.
    """
    first_at_the_highest: dict[tuple[str, int, str], tuple[Place, Happening]] = {}
    for event in sorted(events, key=lambda one: (-(one.level or 0), one.on)):
        place = of_happening(layout, event)
        if event.kind in PEOPLE_OF and place is not None and place.table in RETURNS.values():
            people = place._replace(table=PEOPLE_OF[event.kind])
            first_at_the_highest.setdefault((event.kind, event.person, event.area), (people, event))
    yield from first_at_the_highest.values()
