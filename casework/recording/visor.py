"""The record on ViSOR: that it is there, with the lead agency and the level of the case.

Source: Joint inspection 2015, 2.12, 4.15, 5.29.
"""

import datetime
from collections.abc import Iterator
from typing import Annotated

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import UNIT, FactType, Group, owes
from casework.recording.forms import AgencyName, Form, Line, Name, label
from policy.kinds import Identification
from policy.roles import Role
from policy.vocabulary import FactKind, Level


class VisorRecord(Form):
    """Somebody looked at the record on ViSOR: what it has of the case."""

    date: Annotated[
        datetime.date, label("Date", "The day on which the record was made, or was put right.", "2026-09-24")
    ]
    reference: Annotated[Line, label("ViSOR reference", "Its number on ViSOR.", "An example number")]
    lead_agency: Annotated[
        AgencyName, label("Lead agency on ViSOR", "The lead agency as ViSOR has it now.", "probation")
    ]
    level: Annotated[
        Level | None,
        label("Level on ViSOR", "The level as ViSOR has it now. Leave it out while the case has none.", 2),
    ] = None
    by: Annotated[Name, label("Recorded on ViSOR by", "Who made the record or put it right.", "Priya Example")]


def differences(change: CaseChange, form: VisorRecord) -> Iterator[str]:
    """Yield what ViSOR has otherwise than the record."""
    case = change.case
    if form.lead_agency != case.lead_agency:
        yield f"lead_agency: {case.lead_agency} leads, and ViSOR has {form.lead_agency}: put ViSOR right first"
    if form.level != case.level:
        ours = "the case has no level yet" if case.level is None else f"the case is at level {case.level}"
        theirs = "none" if form.level is None else f"level {int(form.level)}"
        yield f"level: {ours}, and ViSOR has {theirs}: put ViSOR right first"


def apply_record(change: CaseChange, form: VisorRecord) -> str:
    """Note that ViSOR has the case as it is."""
    if reasons := list(differences(change, form)):
        raise RefusedError(reasons)
    return f"on ViSOR since {form.date} as {form.reference}"


KINDS = (
    FactType(
        kind=FactKind.VISOR_RECORD,
        title="Record on ViSOR",
        hint="Record this when the case is on ViSOR, with its lead agency and its level as they are now.",
        group=Group.CASE,
        who=(Role.POLICE_OFFENDER_MANAGER, Role.OFFENDER_MANAGER, *UNIT),
        offered_when=owes(Identification.VISOR_RECORD),
        form=VisorRecord,
        apply=apply_record,
    ),
)
