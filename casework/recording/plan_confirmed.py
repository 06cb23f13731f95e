"""The Chair's word that the lead agency updated its own plan after a meeting (Joint inspection 2015, 5.18)."""

import datetime
from typing import Annotated, Literal

from sqlalchemy import select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import UNIT, FactType, Group, owes
from casework.recording.forms import Form, Name, label
from casework.recording.plan import newest_plan
from models.meetings import Meeting
from policy.kinds import Plan
from policy.roles import Role
from policy.vocabulary import FactKind, MeetingState


class PlanConfirmed(Form):
    """The Chair heard from the lead agency that its own plan was updated after a meeting (Joint inspection 2015, 5.18).

    The plan for MAPPA is a fact of its own; this is about the agency's own system, and ViSOR.
    """

    date: Annotated[datetime.date, label("Date", "The day on which the lead agency told the Chair.", "2026-10-26")]
    meeting: Annotated[
        int | None, label("Meeting number", "After which meeting. Leave it out for the last one held.", 1)
    ] = None
    on_visor: Annotated[Literal[True], label("On ViSOR", "That what matters of the meeting is on ViSOR too.", True)]
    by: Annotated[Name, label("Confirmed by", "The Chair.", "Clare Example")]


def apply_confirmed(change: CaseChange, form: PlanConfirmed) -> str:
    """Note the Chair's word; the record must have a version of the plan since that meeting."""
    held = select(Meeting).where(Meeting.case_id == change.case.id, Meeting.state == MeetingState.HELD)
    query = held if form.meeting is None else held.where(Meeting.number == form.meeting)
    meeting = change.session.scalars(query.order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(1)).first()
    if meeting is None:
        raise RefusedError(["meeting: no such meeting of this case was held"])
    plan = newest_plan(change)
    if plan is None or plan.written_on < meeting.on:
        raise RefusedError(
            [f"the plan has no version since meeting {meeting.number} of {meeting.on}: have the lead agency record it"]
        )
    return f"the lead agency's own plan was updated after meeting {meeting.number}, confirmed on {form.date}"


KINDS = (
    FactType(
        kind=FactKind.PLAN_CONFIRMED,
        title="Agency's own plan confirmed",
        hint="Record this when the lead agency has told the Chair that its own plan was updated after a meeting.",
        group=Group.RISK,
        who=(Role.CHAIR, *UNIT),
        offered_when=owes(Plan.PLAN_CONFIRMED),
        form=PlanConfirmed,
        apply=apply_confirmed,
    ),
)
