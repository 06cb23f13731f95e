"""A visit to the person, with what was found (Joint inspection 2015, 6.26 to 6.28)."""

import datetime
from typing import Annotated

from casework.change import CaseChange
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always
from casework.recording.forms import AgencyName, Form, Name, OwnWords, label
from policy.roles import Role
from policy.vocabulary import FactKind


class VisitForm(Form):
    """Somebody visited the person, or tried to."""

    date: Annotated[datetime.date, label("Date of the visit", "The day of the visit.", "2027-04-02")]
    agency: Annotated[AgencyName, label("Agency", "The agency that visited.", "police")]
    by: Annotated[Name, label("Visited by", "Who visited.", "Priya Example")]
    announced: Annotated[bool, label("Announced", "Whether the person knew of the visit beforehand.", False)]
    seen: Annotated[bool, label("Seen", "Whether the person was in and was seen.", True)]
    finding: Annotated[
        OwnWords,
        label(
            "Finding",
            "What you found, and what it means for the plan.",
            "He was alone and sober; a second telephone lay on the table, which he handed over.",
        ),
    ]


def apply_visit(_change: CaseChange, form: VisitForm) -> str:
    """Note a visit; one at which nobody was in is tried again."""
    how = "announced" if form.announced else "unannounced"
    seen = "" if form.seen else ": nobody was in, and the visit is still due"
    return f"{how} visit by {form.agency} on {form.date}{seen}"


KINDS = (
    FactType(
        kind=FactKind.VISIT,
        title="Visit",
        hint="Record each visit to the person, with what was found.",
        group=Group.RISK,
        who=(Role.REPRESENTATIVE, *CASE_MANAGERS, *UNIT),
        offered_when=always,
        form=VisitForm,
        apply=apply_visit,
    ),
)
