"""The review of a case at level 1, by the lead agency and the police (Joint inspection 2015, 4.9)."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group
from casework.recording.forms import AgencyName, Form, Name, Reason, label
from policy.vocabulary import FactKind, Level


class Level1Review(Form):
    """The lead agency, the police or both reviewed a case at level 1 (Joint inspection 2015, 4.9)."""

    date: Annotated[datetime.date, label("Date of the review", "The day of the review.", "2026-11-02")]
    agencies: Annotated[
        list[AgencyName],
        Field(min_length=1),
        label("Agencies", "The agencies that reviewed the case.", ["probation", "police"]),
    ]
    outcome: Annotated[
        Literal["retain", "refer"],
        label("Outcome", "Whether the case stays at level 1 or is referred to level 2 or 3.", "retain"),
    ]
    reason: Annotated[
        Reason,
        label("Reason", "Why.", "The lead agency's plan is robust, and no agency meets a barrier."),
    ]
    by: Annotated[Name, label("Reviewed by", "Who led the review.", "Olive Example")]


def apply_review(change: CaseChange, form: Level1Review) -> str:
    """Note a review at level 1."""
    if change.case.level != Level.LEAD_AGENCY:
        stands = "has no level yet" if change.case.level is None else f"is at level {change.case.level}"
        raise RefusedError([f"the case {stands}: a level 1 review is of a case at level 1"])
    agencies = ", ".join(form.agencies)
    if form.outcome == "refer":
        return f"level 1 review of {form.date} by {agencies}: to be referred to level 2 or 3; record the referral"
    return f"level 1 review of {form.date} by {agencies}: retained at level 1"


KINDS = (
    FactType(
        kind=FactKind.LEVEL_1_REVIEW,
        title="Level 1 review",
        hint="Record each review of a case at level 1, and whether it stays there or is referred.",
        group=Group.RISK,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=lambda now: now.level is Level.LEAD_AGENCY,
        form=Level1Review,
        apply=apply_review,
    ),
)
