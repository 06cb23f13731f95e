"""Where a person lives, and what Jobcentre Plus is told (Joint inspection 2015, 6.57 to 6.63 and 6.68)."""

import datetime
from typing import Annotated

from pydantic import model_validator

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.facts.outside import circumstances_of
from casework.recording.fact_type import CASE_MANAGERS, UNIT, FactType, Group, always, owes
from casework.recording.forms import Form, Line, Name, Reason, WrittenOut, label
from casework.recording.particulars import take_circumstances
from policy.dates import Ahead
from policy.kinds import Community
from policy.obligations.community import RESTRICTED_WORK
from policy.roles import Role
from policy.vocabulary import Dwelling, FactKind

# Of these the end is planned from the first day.
FOR_A_TIME = (Dwelling.APPROVED_PREMISES, Dwelling.BAIL_ACCOMMODATION, Dwelling.TEMPORARY)


class Accommodation(Form):
    """Where the person lives, or will live: after release, or next (Joint inspection 2015, 6.57 to 6.63)."""

    date: Annotated[datetime.date, label("Date", "The day on which this was settled.", "2027-02-01")]
    dwelling: Annotated[
        Dwelling,
        label(
            "Kind of home",
            "Where the person lives, or will live. If none was found, say what was tried: housing stays due.",
            "approved_premises",
        ),
    ]
    place: Annotated[Line, label("Place", "Which house, or which part of town.", "Elm House, Camden")]
    since: Annotated[
        datetime.date, label("From", "The first day there, or the day planned.", "2027-03-12", ahead=Ahead.END)
    ]
    until: Annotated[
        datetime.date | None,
        label(
            "Planned end",
            "The last day there. Approved premises, bail and temporary accommodation need one.",
            "2027-06-03",
            ahead=Ahead.END,
        ),
    ] = None
    housing_officer: Annotated[
        Name | None,
        label("Housing officer", "Who deals with it at the housing authority.", "Hana Example"),
    ] = None
    social_landlords: Annotated[
        Reason,
        label(
            "Social landlords",
            "Which registered social landlords were asked and what they said, or why none was.",
            "Northside Homes and Elm Housing were asked; Northside offers a flat from June.",
        ),
    ]
    by: Annotated[Name, label("Recorded by", "Who arranged it.", "Olive Example")]

    @model_validator(mode="after")
    def it_tells_what_its_kind_needs(self) -> "Accommodation":
        """Refuse a stay without its end, and an end before the beginning."""
        if self.dwelling in FOR_A_TIME and self.until is None:
            raise ValueError(f"until: {self.dwelling.replace('_', ' ')} is for a time: give the planned end")
        if self.until is not None and self.until < self.since:
            raise ValueError(f"until: {self.until} is before it begins (since), {self.since}")
        if self.dwelling is not Dwelling.NONE_FOUND and self.housing_officer is None and self.dwelling in FOR_A_TIME:
            raise ValueError("housing_officer: name who at the housing authority finds what comes after it")
        return self


class JobcentreNotice(Form):
    """Jobcentre Plus was told of restrictions on employment (MAPPA J; Joint inspection 2015, 6.68)."""

    date: Annotated[datetime.date, label("Date", "The day on which Jobcentre Plus was told.", "2027-03-15")]
    restriction: Annotated[
        WrittenOut,
        label(
            "Restriction",
            "What work the person may not do, word for word.",
            "No work, paid or not, that brings contact with children under sixteen.",
        ),
    ]
    told: Annotated[Name, label("Who was told", "Who at Jobcentre Plus was told.", "Jo Example")]
    by: Annotated[Name, label("Told by", "Who told them.", "Olive Example")]


def apply_accommodation(change: CaseChange, form: Accommodation) -> str:
    """Note where the person lives; the circumstances that follow from it are known with it."""
    changed = take_circumstances(change, circumstances_of(form.dwelling), form.date)
    if form.dwelling is Dwelling.NONE_FOUND:
        return f"no place to live has been found by {form.date}"
    until = f" until {form.until}" if form.until else ""
    meetings = f"; changed: {', '.join(changed)}" if changed else ""
    return f"{form.dwelling.replace('_', ' ')} from {form.since}{until}{meetings}"


def apply_jobcentre_notice(change: CaseChange, form: JobcentreNotice) -> str:
    """Note that Jobcentre Plus knows of the restrictions."""
    if not (change.case.circumstances or {}).get(RESTRICTED_WORK):
        raise RefusedError(
            [f"restriction: no restriction on employment is on record: record '{RESTRICTED_WORK}' with 'circumstances'"]
        )
    return f"Jobcentre Plus was told on {form.date} of the restrictions on employment (MAPPA J)"


KINDS = (
    FactType(
        kind=FactKind.ACCOMMODATION,
        title="Where the person lives",
        hint="Record where the person will live after release, each later move, and a stay in approved premises.",
        group=Group.CASE,
        who=(Role.REPRESENTATIVE, Role.PRISON_OFFENDER_MANAGEMENT, *CASE_MANAGERS, *UNIT),
        offered_when=always,
        form=Accommodation,
        apply=apply_accommodation,
        reads_facts=True,
    ),
    FactType(
        kind=FactKind.JOBCENTRE_NOTICE,
        title="Jobcentre Plus told (MAPPA J)",
        hint="Record this when Jobcentre Plus has been told of restrictions on employment.",
        group=Group.CUSTODY,
        who=(*CASE_MANAGERS, *UNIT),
        offered_when=owes(Community.JOBCENTRE_NOTICE),
        form=JobcentreNotice,
        apply=apply_jobcentre_notice,
    ),
)
