"""One obligation: what the rules say is owed on a case."""

from dataclasses import dataclass, field
from datetime import date

from policy.events import EventKind
from policy.facts import Named
from policy.kinds import Kind
from policy.roles import Role
from policy.subjects import Subject
from policy.timescale_rules import VariantName

NEXT_MEETING = "the next meeting was held"


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation: its kind, what it is about, the date it runs from, and when it was met.

    ``floor`` is the day before which no mark lies: the sentence, or the day it came up. ``agency`` and
    ``owner_role`` stand where the facts, not the policy, say who owes it. ``named`` are the people the facts
    name, by role, each [e-mail, name]. ``no_later_than``: it is due before that day at the latest. ``label`` tells it
    from others of its kind, in words that name nobody.

    ``missed_on``: the day on which something overtook it, so that it can be met no more, and ``overtaken_by`` what
    that was, as a clause ("the next meeting was held"). They count only where ``met_on`` is None. What was never
    owed, because a fact was wrong, a rule does not yield at all, or yields with ``never_owed``: why, as is known now.

    ``event``: it is to look at one, and ``holds`` are the conditions by which the policy says whom that concerns.
    """

    kind: Kind
    subject: Subject
    anchor: date
    floor: date
    met_on: date | None
    variants: tuple[VariantName, ...] = ()
    agency: str | None = None
    owner_role: str | None = None
    nth: int = 1
    no_later_than: date | None = None
    named: dict[str, list[list[str]]] = field(default_factory=dict)
    label: str | None = None
    missed_on: date | None = None
    overtaken_by: str = ""
    never_owed: str | None = None
    event: EventKind | None = None
    holds: frozenset[str] = frozenset()


def people(**by_role: tuple[Named, ...]) -> dict[str, list[list[str]]]:
    """Return the people the facts name, by role, without those who have no address."""
    found = {role: [list(one) for one in named if one[0]] for role, named in by_role.items()}
    return {Role(role).value: named for role, named in found.items() if named}
