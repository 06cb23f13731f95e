"""The words of a kind of timescale for one reader."""

from dataclasses import dataclass
from functools import lru_cache

from policy.kinds import BY_NAME
from policy.kinds.states import DutyState
from policy.roles import Role
from policy.words import opening


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a message says of a kind of timescale.

    ``counted`` is what a subject that counts says of one and of several. ``to_do`` speaks to its owner, ``chase`` to
    those it has gone up to. ``raised`` is what the subject of an
    escalation says of a kind that escalates before it is overdue.
    """

    heading: str
    title: str
    short: str
    counted: tuple[str, str]
    to_do: str
    chase: str
    raised: str


@lru_cache(maxsize=256)
def kind_words(kind: str, role: str = "", state: str = "") -> KindWords:
    """Return the words of a kind for a role and a state; of a kind that only a later version knows, plain ones."""
    if kind not in BY_NAME:
        return plain_words_of(kind)
    spec = BY_NAME[kind].spec
    stated = spec.by_state[DutyState(state)] if state else None
    if speaks_apart_to(kind, role):
        own = spec.for_role[Role(role)]
        counted = own.counted or with_plural(own.short)
        asked = stated.for_role.get(Role(role), own.to_do) if stated else own.to_do
        return KindWords(own.heading, spec.title, own.short, counted, asked, asked, spec.raised)
    counted = spec.counted or with_plural(spec.short)
    if stated:
        return KindWords(spec.heading, spec.title, spec.short, counted, stated.to_do, stated.chase, spec.raised)
    chase = f"{opening(spec.undone)}. {spec.chase}"
    return KindWords(spec.heading, spec.title, spec.short, counted, spec.to_do, chase, spec.raised)


def plain_words_of(kind: str) -> KindWords:
    """Return words made of the name of a kind: while a fleet is upgraded, an old process may meet a new kind."""
    name = kind.replace("_", " ")
    do = "Do what is due, then record it."
    return KindWords(opening(name), opening(name), name, with_plural(name), do, f"It has not been recorded. {do}", "")


def with_plural(words: str) -> tuple[str, str]:
    """Return words for one thing and for several."""
    return words, f"{words}s"


def speaks_apart_to(kind: str, role: str) -> bool:
    """Tell whether a kind has words of its own for a role."""
    return kind in BY_NAME and role in BY_NAME[kind].spec.for_role


def place_of(kind: str) -> int:
    """Return the place of a kind in a message: what brooks no delay first, a kind of a later version last."""
    return BY_NAME[kind].spec.place if kind in BY_NAME else 1000
