"""The review of a case at level 1, by the lead agency and another together."""

from typing import Literal

from pydantic import Field

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.forms import AgencyName, Form, Name, Reason
from policy.vocabulary import Level


class Level1Review(Form):
    """The lead agency, the police or both reviewed a case at level 1 (joint inspection 2015 4.9)."""

    agencies: list[AgencyName] = Field(min_length=1)
    outcome: Literal["retain", "refer"]
    reason: Reason
    by: Name


def apply_review(change: CaseChange, form: Level1Review) -> str:
    """Note a review at level 1."""
    if change.case.level != Level.LEAD_AGENCY:
        stands = "has no level yet" if change.case.level is None else f"is at level {change.case.level}"
        raise RefusedError([f"the case {stands}: a level 1 review is of a case at level 1"])
    agencies = ", ".join(form.agencies)
    if form.outcome == "refer":
        return f"level 1 review of {form.date} by {agencies}: to be referred to level 2 or 3; record the referral"
    return f"level 1 review of {form.date} by {agencies}: retained at level 1"
