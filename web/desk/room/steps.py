"""The steps of a meeting in the order of its agenda, and which fields of its record each of them fills."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from policy.vocabulary import Level

FIXED = ("date", "meeting", "level", "held")
"""What is known before the meeting begins: it is asked at no step."""
COMPOSED = ("carried_forward", "struck")
"""What follows from what is said of the words of the last time, at the step to which these belong."""
PILLARS = (
    "supervision", "monitoring_and_control", "interventions_and_treatment", "victim_safety", "contingency",
    "licence_conditions", "conclusion",
)  # fmt: skip
HEAD = re.compile(r"[a-z][a-z_0-9]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``fields`` of the record are asked as they are; ``parts`` beside their words of the last time.

    ``name`` stands in the address. ``level_3``: only asked there.
    """

    name: str
    title: str
    fields: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    level_3: bool = False

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the fields of the record that the step fills."""
        return (*self.fields, *dict.fromkeys(part.partition(".")[0] for part in self.parts))


STEPS = (
    Step("confidentiality", "Confidentiality", ("confidentiality",)),
    Step("attendance", "Who is here", ("attendance", "chair")),
    Step("earlier-actions", "Actions of last time", ("previous_actions",)),
    Step("risk", "Information and views of the risk", ("information", "risk_views", "at_risk", "visits")),
    Step("victims", "Victims", parts=("victims",)),
    Step("own-views", "The person's own views", parts=("offender_views",)),
    Step("disclosure", "Disclosure", ("previous_disclosures", "disclosure")),
    Step("plan", "Risk management plan", parts=tuple(f"plan.{name}" for name in PILLARS)),
    Step("level", "Level and reason", ("level_decision",)),
    Step("critical", "Critical public protection case", ("critical_public_protection_case",), level_3=True),
    Step("media", "Media, and links to other work", parts=("media_strategy", "links")),
    Step("actions", "Actions", ("actions",)),
    Step("next", "Next meeting", ("next_meeting",)),
    Step("declaration", "Chair's declaration", ("article_8",)),
)
"""The agenda (Joint inspection 2015, 5.23)."""


def steps_at(level: int) -> list[Step]:
    """Return the steps of a meeting at a level."""
    return [step for step in STEPS if level == Level.SENIOR_MULTI_AGENCY or not step.level_3]


def subject_of(reason: str) -> str:
    """Return what a reason for a refusal is about, as the record names it: ``plan.supervision``; "" where it says not.

    What is said of words that stand as last time is about these words.
    """
    head = reason.partition(": ")[0]
    for name in COMPOSED:
        head = head.removeprefix(f"{name}.")
    return head if HEAD.match(head) and head != reason else ""


def reasons_at(step: Step, reasons: Sequence[str]) -> list[str]:
    """Return those of some reasons that are mended at a step."""
    found = []
    for reason in reasons:
        match = HEAD.match(subject_of(reason))
        if match is not None and match[0] in step.heads:
            found.append(reason)
    return found


def reasons_nowhere(steps: Sequence[Step], reasons: Sequence[str]) -> list[str]:
    """Return those of some reasons that no step mends."""
    at_steps = {reason for step in steps for reason in reasons_at(step, reasons)}
    return [reason for reason in reasons if reason not in at_steps]
