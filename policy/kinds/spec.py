"""What a kind of timescale says of itself: one object from which everything about it is made.

From it come the lines of e-mails, the order in a message, the page of the case, the reference pages, what is asked at
closure and who owns the duty. How many days it has, and its ladder of prompts, are numbers of the policy.
"""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from policy.kinds.states import DutyState, StateWords
from policy.roles import Role
from policy.specs import Spec, SpecError, Specified, Text
from policy.vocabulary import FactKind


class About(StrEnum):
    """What tells one timescale of a kind from another on the same case."""

    CASE = "the case"
    SENTENCE = "a sentence"
    CUSTODY = "a time in custody"
    REFERRAL = "a referral"
    LEVEL = "a time at one level"
    AGENCY_REVIEW = "an agency's last review"
    INCIDENT = "an incident"
    MEETING = "a meeting"
    AGENCY_AT_MEETING = "an agency required at a meeting"
    ACTION = "an action"
    DISCLOSURE = "a disclosure"
    PLAN = "a meeting, or news that changes the plan"
    EVENT = "an event"
    CHARGE = "a charge"
    ORDER = "a court order"
    NOTIFICATION = "a review of notification"
    TRANSFER = "a transfer to another area"
    HOME = "where the person lives"
    VISIT = "a visit that the plan promises"
    JOURNEY = "a journey abroad"
    DETAILS = "a change of details"
    ENDING = "what ends"
    PROBLEM = "a question or a problem of the record"


class AtClosure(StrEnum):
    """What becomes of an open duty when the case is closed."""

    GOES_ON = "goes on"
    """It outlives the case: what a meeting or an event left to do stays to be done."""
    NAMED = "must be named"
    """It ends with the case, and whoever closes the case says that they know it is open."""
    ENDS = "ends"
    """It ends with the case, and closing is its answer."""


class Words(Spec):
    """Words for one reader.

    ``heading``: of a group in a message. ``short``: in a subject. ``to_do``: what is asked. ``name``: whose words.
    ``counted``: in a subject that counts, one and several, where that is not ``short`` and its plural with an s.
    """

    heading: Text
    short: Text
    to_do: Text
    counted: tuple[Text, Text] | None = None


class KindSpec(Spec):
    """A kind of timescale.

    ``title``: the thing that is due. ``heading``: of its group in a message. ``short``: in a subject, without a
    capital. ``counted``: in a subject that counts, one and several ("set of minutes", "sets of minutes"), where that
    is not ``short`` and its plural with an s. ``to_do``: what its owner is asked. ``undone``: a clause that says it is
    not done yet. ``chase``: what those above are asked. ``raised``: what the subject of an escalation says of a kind
    that escalates before it is overdue. ``done``: the sentence for one that is met. ``for_role``: other words for one
    role, of whom something else is asked. ``by_state``: what is asked instead where the duty stands so; of several
    states the first that holds.

    ``place``: its place in a message, what brooks no delay first. ``owner`` and ``owner_agency``: who owes it
    ("named": the facts name the agency), unless the policy of the area says otherwise. ``named``: the roles for which
    the facts name people. ``at_closure``: what becomes of it when the case is closed. ``consults``: the agencies
    whose views it asks for. ``ends_episode``: it asks what becomes of the case. ``about``: what tells it from others
    of its kind; ``example``: that, in words, for the reference pages. ``derived_from``: the facts that open it;
    ``answered_by``: those that meet it; ``chased_by``: those by which who asks for it says what came of that, and which
    do not meet it. ``source``: where its rule stands.
    """

    title: Text
    heading: Text
    short: Text
    counted: tuple[Text, Text] | None = None
    to_do: Text
    undone: Text
    chase: Text
    done: Text
    raised: str = ""
    for_role: dict[Role, Words] = Field(default_factory=dict)
    by_state: dict[DutyState, StateWords] = Field(default_factory=dict)
    place: int = Field(ge=1)
    owner: Role
    owner_agency: Text
    named: tuple[Role, ...] = ()
    at_closure: AtClosure
    consults: tuple[str, ...] = ()
    ends_episode: bool = False
    about: About
    example: str = ""
    derived_from: tuple[FactKind | Literal["sentences"], ...] = Field(min_length=1)
    answered_by: tuple[FactKind | Literal["sentences"], ...] = Field(min_length=1)
    chased_by: tuple[FactKind, ...] = ()
    source: Text

    @model_validator(mode="after")
    def words_fit_their_places(self) -> Self:
        """Refuse words that would not read well where they are put, and a closure that is never answered."""
        for part in ("to_do", "chase", "done"):
            if not getattr(self, part).endswith("."):
                raise SpecError(f"KindSpec {self.name!r}: {part}: a sentence, with its full stop, is needed")
        if self.undone.endswith(".") or self.undone[0].isupper():
            raise SpecError(f"KindSpec {self.name!r}: undone: a clause without capital and full stop is needed")
        if self.ends_episode and self.at_closure is not AtClosure.ENDS:
            raise SpecError(f"KindSpec {self.name!r}: at_closure: what asks what becomes of the case ends with it")
        return self


class Kind(Specified):
    """A kind of timescale. Its members stand in the groups of this package, in the order of a case's life."""

    spec: KindSpec
