"""What a kind of fact is: its form, what it does to a case, and what a person needs to know who wants to record it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from casework.change import CaseChange
from casework.recording.case_now import CaseNow
from casework.recording.form_fields import example_of, unlabelled
from casework.recording.forms import Form
from policy.kinds import Kind
from policy.roles import Role
from policy.vocabulary import FactKind

Apply = Callable[[CaseChange, Any], str]
"""Checks a form against the record, then changes it; returns a sentence. It raises ``RefusedError`` with every
reason before it has changed anything, so that a refusal leaves nothing behind."""

# Who records most things: the people who run MAPPA in an area, and those who manage a case.
UNIT = (Role.COORDINATOR, Role.ADMINISTRATOR)
CASE_MANAGERS = (Role.OFFENDER_MANAGER, Role.POLICE_OFFENDER_MANAGER, Role.LINE_MANAGER)
NOT_SAID: Any = None


class Group(StrEnum):
    """The headings under which kinds of fact are offered, in the order of a case's life."""

    BEFORE_RELEASE = "Before release"
    REFERRAL = "Referral and screening"
    MEETINGS = "Meetings"
    RISK = "Risk and plan"
    CUSTODY = "Custody and licence"
    ORDERS = "Orders"
    TRANSFERS = "Transfers"
    ENDINGS = "Endings"
    CASE = "The case itself"


def always(_now: CaseNow) -> bool:
    """Offer a fact on every open case."""
    return True


def owes(*kinds: Kind) -> Callable[[CaseNow], bool]:
    """Offer a fact while a timescale of one of these kinds is open on the case."""
    return lambda now: not now.owed.isdisjoint(kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactType:
    """A kind of fact; one that leaves something out is refused here, by its name, when its module is imported.

    ``title`` names it as a person reads it, ``hint`` says in one sentence when one records it. ``who`` are the roles
    that may record it (the command line asks for none). ``offered_when`` tells for which cases it is offered, beyond
    being open. ``opens_a_case`` tells whether a form may take on a person who has no open case. ``after_closing``:
    it settles what a closed case left to do. ``reads_facts``: it looks at the facts of the case as it is applied, so
    that those recorded with it must have been written by then. ``final``: what of it cannot be undone, in a sentence
    for whoever records it; "" where another fact sets it right. A page shows the answers once more before it is taken.
    """

    kind: FactKind
    title: str = NOT_SAID
    hint: str = NOT_SAID
    group: Group = NOT_SAID
    who: tuple[Role, ...] = NOT_SAID
    offered_when: Callable[[CaseNow], bool] = NOT_SAID
    form: type[Form] = NOT_SAID
    apply: Apply = NOT_SAID
    opens_a_case: Callable[[Any], bool] = lambda _form: False
    after_closing: bool = False
    reads_facts: bool = False
    final: str = ""

    def __post_init__(self) -> None:
        """Refuse a kind that does not say everything, or whose form has a field that does not."""
        said = ("title", "hint", "group", "who", "offered_when", "form", "apply")
        lacking = [name for name in said if not getattr(self, name)]
        if self.form is not NOT_SAID:
            lacking += unlabelled(self.form)
        if lacking:
            raise TypeError(f"the kind of fact {self.kind.value!r} lacks: {'; '.join(lacking)}")

    @property
    def example(self) -> dict[str, Any]:
        """Return a filled-in form, as a file would hold it: made from the examples of its fields."""
        return example_of(self.form)

    def offered(self, now: CaseNow) -> bool:
        """Tell whether the fact is offered for a case: on a closed one only what settles something it left to do."""
        return (now.open or self.after_closing) and self.offered_when(now)
