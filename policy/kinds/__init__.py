"""Every kind of timescale, in the order of a case's life; each says all about itself in one spec."""

from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from policy.kinds.community import Community
from policy.kinds.endings import Endings
from policy.kinds.events import Events
from policy.kinds.identification import Identification
from policy.kinds.meetings import Meetings
from policy.kinds.orders import Orders
from policy.kinds.person import ThePerson
from policy.kinds.plan import Plan
from policy.kinds.questions import Questions
from policy.kinds.release import Release
from policy.kinds.reviews import Reviews
from policy.kinds.safeguarding import Safeguarding
from policy.kinds.screening import Screening
from policy.kinds.spec import About, AtClosure, Kind, KindSpec, Words
from policy.specs import SpecError

__all__ = [
    "BY_NAME",
    "GROUPS",
    "KINDS",
    "About",
    "AtClosure",
    "Community",
    "Endings",
    "Events",
    "Identification",
    "Kind",
    "KindName",
    "KindSpec",
    "Meetings",
    "Orders",
    "Plan",
    "Questions",
    "Release",
    "Reviews",
    "Safeguarding",
    "Screening",
    "ThePerson",
    "Words",
    "kind_named",
]

GROUPS: dict[type[Kind], str] = {
    Identification: "Identification",
    Release: "Before release",
    Screening: "Screening",
    Reviews: "Reviews",
    Meetings: "Meetings",
    ThePerson: "The person",
    Safeguarding: "Safeguarding",
    Plan: "Disclosure and plan",
    Events: "Custody and licence",
    Community: "In the community",
    Orders: "Orders and transfers",
    Endings: "Endings",
    Questions: "Questions and problems",
}
KINDS: tuple[Kind, ...] = tuple(kind for group in GROUPS for kind in group)
BY_NAME: dict[str, Kind] = {kind.value: kind for kind in KINDS}


def kind_named(name: object) -> Kind:
    """Return the kind of timescale with a name; ``ValueError`` names those there are."""
    if not isinstance(name, str) or name not in BY_NAME:
        raise ValueError(f"{name!r} is not a kind of timescale; the kinds are {', '.join(BY_NAME)}")
    return BY_NAME[name]


def refuse_doubles() -> None:
    """Raise ``SpecError`` for two kinds with one name, or with one place in a message."""
    places: dict[int, Kind] = {}
    for kind in KINDS:
        if BY_NAME[kind.value] is not kind:
            raise SpecError(f"KindSpec {kind.spec.name!r}: name: two kinds have it")
        other = places.setdefault(kind.spec.place, kind)
        if other is not kind:
            raise SpecError(f"KindSpec {kind.spec.name!r}: place: {kind.spec.place} is that of {other.spec.name!r}")


refuse_doubles()

KindName = Annotated[Kind, BeforeValidator(kind_named), WithJsonSchema({"type": "string", "enum": list(BY_NAME)})]
"""A kind of timescale in a model, read from its name."""
