"""How a policy writes a timescale: from which date, how long, by whom, and the rungs of its ladder."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from policy.events import EventKind
from policy.letters import MessageKind
from policy.offsets import Offset
from policy.parts import Status, Written
from policy.roles import Role
from policy.vocabulary import Weight


class Rung(Written):
    """One step of a ladder: when, to whom, how it travels, and by which letter where it has one of its own.

    ``to`` "concerned": those whom the event concerns, by the policy's ``concerns``. A rung is known by its ``name``;
    without one, by its moment. ``again``: from then on it is raised again and again, after so many working days each
    time, until the timescale is met, moved or paused.
    """

    at: Offset
    name: str = Field(default="", max_length=20)
    to: tuple[Literal["owner", "concerned"] | Role, ...] = Field(min_length=1)
    weight: Weight
    message: MessageKind | None = None
    again: Offset | None = None

    @property
    def known_as(self) -> str:
        """Return what the rung is called in prompts."""
        return self.name or self.at

    @property
    def letter(self) -> MessageKind:
        """Return the kind of message that carries it: its own, else the digest or the day's escalation."""
        if self.message is not None:
            return self.message
        return MessageKind.DIGEST if self.weight is Weight.REMINDER else MessageKind.ESCALATION


def known_apart(rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
    """Return ``rungs``, or raise ``ValueError``: two that are called alike could not be told apart."""
    names = [rung.known_as for rung in rungs]
    if len(set(names)) != len(names):
        raise ValueError(f"each rung needs a name of its own, but {names} has one twice")
    for rung in rungs:
        if rung.weight is Weight.NOTICE and rung.message is None:
            raise ValueError(f"the rung {rung.known_as!r} is a notice, and names no message to be sent by")
    if any(rung.again for rung in rungs[:-1]):
        raise ValueError("only the last rung of a ladder may be raised again")
    if any(rung.again is not None and not rung.again.startswith("+") for rung in rungs):
        raise ValueError("'again' is how long after a rung it is raised anew: '+1W' is")
    return rungs


Ladder = Annotated[tuple[Rung, ...], AfterValidator(known_apart)]
Anchor = Literal[
    "sentence_date",
    "release_date",
    "referral_received",
    "referral_returned",
    "acceptance",
    "meeting_date",
    "last_meeting",
    "last_review",
    "incident_date",
    "own_date",
    "end_date",
    "proposal_date",
    "event_date",
    "notification_date",
    "asked_on",
    "level_since",
]


VariantName = (
    Literal[
        "level_3",
        "outside_custody",
        "responsible_authority",
        "not_invited",
        "general_practice",
        "juvenile",
        "set_date",
        "after_review",
        "incident",
        "carried",
        "unannounced",
    ]
    | EventKind
)


class Variant(Written):
    """What differs from a rule for some: the offset, the ladder, or both."""

    offset: Offset | None = None
    rungs: Ladder | None = None


class TimescaleRule(Written):
    """What is owed, from which date, by whom, and the ladder of prompts.

    ``owner_agency`` "named": the facts name the agency. ``counted_from`` is the date the rungs count from: the
    due date, or the anchor itself. ``repeats_start_higher``: the second time the ladder starts at its second
    rung, the third time at its third (non-attendance).
    """

    from_: Anchor = Field(alias="from")
    offset: Offset
    owner: Role
    owner_agency: str
    counted_from: Literal["due", "anchor"] = "due"
    repeats_start_higher: bool = False
    source: str = Field(min_length=5)
    status: Status
    rungs: Ladder
    variants: dict[VariantName, Variant] = Field(default_factory=dict)

    def for_variants(self, names: tuple[VariantName, ...]) -> "TimescaleRule":
        """Return the rule as it holds for the first of ``names`` that it has a variant for."""
        for name in names:
            variant = self.variants.get(name)
            if variant is not None:
                offset, rungs = variant.offset or self.offset, variant.rungs or self.rungs
                return self.model_copy(update={"offset": offset, "rungs": rungs})
        return self
