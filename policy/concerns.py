"""Whom an event concerns: who hears of it at once, where that is so, and what it changes for them."""

from typing import Literal

from pydantic import Field

from policy.parts import Written
from policy.roles import Role, at_agency

ALWAYS = "always"
# What case and event show, beside the circumstances that a person records.
SHOWN_OF_AN_EVENT = (
    "no_level",
    "level_1",
    "level_2_or_3",
    "category_1",
    "category_4",
    "police_offender_manager",
    "consulted",
    "serious",
)


class Concern(Written):
    """One reader whom an event concerns.

    ``role`` "owner": whoever is to look at the event. ``agency``: whose holder of the role it is; without it, that of
    the agency that looks at the event. ``when``: any of these conditions holds, each a circumstance of the policy, one
    of ``SHOWN_OF_AN_EVENT``, or "always". ``changes``: what the event changes for this reader, in a sentence or two of
    the letter. ``source``: why it concerns them.
    """

    role: Literal["owner"] | Role
    agency: str = ""
    when: tuple[str, ...] = Field(default=(ALWAYS,), min_length=1)
    changes: str = Field(min_length=10)
    source: str = Field(min_length=5)

    @property
    def addressee(self) -> str:
        """Return the reader as a ladder names them."""
        return at_agency(self.role, self.agency)

    def holds(self, conditions: frozenset[str]) -> bool:
        """Tell whether the event concerns this reader under the conditions that hold."""
        return ALWAYS in self.when or not conditions.isdisjoint(self.when)
