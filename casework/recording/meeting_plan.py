"""Arranging a meeting: plan it, move it, cancel it. The meetings flow then invites, updates and cancels."""

import datetime
from datetime import timedelta
from typing import Annotated
from uuid import uuid4

from pydantic import Field
from sqlalchemy import func, select

from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import UNIT, FactType, Group
from casework.recording.forms import Email, Form, Line, Name, Reason, Section, label
from models.meetings import Meeting
from policy.calendar import LONDON
from policy.dates import Ahead
from policy.kinds import Reviews
from policy.roles import Role
from policy.vocabulary import FactKind, Level, MeetingState

LEVELS_THAT_MEET = (Level.MULTI_AGENCY, Level.SENIOR_MULTI_AGENCY)


class Chair(Section):
    """Who chairs."""

    name: Annotated[Name, label("Name", "Who chairs the meeting.", "Clare Example")]
    email: Annotated[
        Email, label("E-mail address", "Where the Chair's invitation and reminders go.", "clare@probation.example")
    ] = None


class Slot(Section):
    """When and where."""

    starts_at: Annotated[
        datetime.datetime,
        label(
            "Start",
            "Date and time. Without an offset it is Europe/London.",
            "2026-10-14T10:00",
            ahead=Ahead.APPOINTMENT,
        ),
    ]
    minutes_long: Annotated[
        int, Field(ge=5, le=600), label("Length", "How long the meeting is to take.", 60, unit="minutes")
    ] = 60
    place: Annotated[
        str,
        Field(min_length=2, max_length=300),
        label("Place", "The building and room, or how to join.", "Civic Centre, room 3"),
    ]


class MeetingPlan(Form, Slot):
    """A meeting is arranged."""

    date: Annotated[datetime.date, label("Date", "The day on which you arrange the meeting.", "2026-09-21")]
    level: Annotated[
        Level | None,
        label("Level", "The level at which it is held. Leave it out to use the level of the case.", 2, shown=False),
    ] = None
    chair: Annotated[Chair | None, label("Chair", "Who chairs the meeting.")] = None
    papers: Annotated[
        list[Line],
        label(
            "Papers",
            "What those invited should read beforehand, beside the papers of the case.",
            ["OASys of 20 August"],
            shown=False,
        ),
    ] = Field(default_factory=list)


class MeetingMove(Form, Slot):
    """A planned meeting moves: the same event for everybody invited, at another time."""

    date: Annotated[datetime.date, label("Date", "The day on which you move the meeting.", "2026-10-01")]
    starts_at: Annotated[
        datetime.datetime,
        label(
            "New start",
            "The new date and time. Without an offset it is Europe/London.",
            "2026-10-15T14:00",
            ahead=Ahead.APPOINTMENT,
        ),
    ]
    meeting: Annotated[
        int | None,
        label("Meeting number", "Which meeting. Leave it out if only one is planned.", 1, shown=False),
    ] = None
    reason: Annotated[Reason, label("Reason", "Why it moves.", "The offender manager is at court on the 14th.")]


class MeetingCancel(Form):
    """A planned meeting does not take place; the step it was for is still owed."""

    date: Annotated[datetime.date, label("Date", "The day on which you cancel the meeting.", "2026-10-01")]
    meeting: Annotated[
        int | None,
        label("Meeting number", "Which meeting. Leave it out if only one is planned.", 1, shown=False),
    ] = None
    reason: Annotated[
        Reason,
        label(
            "Reason",
            "Why it does not take place, and what happens instead.",
            "The person was recalled to custody; a new date follows.",
        ),
    ]


def number_for_next(change: CaseChange) -> int:
    """Return the number of the next meeting of the case."""
    newest = change.session.scalar(select(func.max(Meeting.number)).where(Meeting.case_id == change.case.id))
    return (newest or 0) + 1


def level_of_meeting(change: CaseChange, given: Level | None) -> tuple[int, list[str]]:
    """Return the level at which a meeting is held, and why it cannot be."""
    level = given if given is not None else change.case.level
    if level in LEVELS_THAT_MEET:
        return int(level), []
    stands = "has no level yet" if change.case.level is None else "is at level 1"
    return 0, [f"level: the case {stands}: screen the referral first, or say at which level (2 or 3) it is held"]


def add_meeting(change: CaseChange, slot: Slot, level: int, chair: Chair | None, papers: list[str]) -> Meeting:
    """Add a planned meeting; the meetings flow prepares it."""
    meeting = Meeting(
        case_id=change.case.id,
        number=number_for_next(change),
        uid=uuid4().hex,
        sequence=0,
        state=MeetingState.PLANNED,
        level=level,
        starts_at=slot.starts_at,
        minutes_long=slot.minutes_long,
        place=slot.place,
        chair_name=chair.name if chair else None,
        chair_email=chair.email if chair else None,
        papers=papers,
        planned_on=change.today,
        prepare_at=change.as_at,
    )
    change.session.add(meeting)
    change.session.flush()
    return meeting


def find_meeting(change: CaseChange, number: int | None, state: MeetingState) -> Meeting:
    """Return one meeting of the case by its number, or the only one in a state; refuse where there is none."""
    query = select(Meeting).where(Meeting.case_id == change.case.id)
    if number is not None:
        meeting = change.session.scalar(query.where(Meeting.number == number))
        if meeting is None:
            raise RefusedError([f"meeting: the case has no meeting {number}"])
        if meeting.state != state:
            raise RefusedError([f"meeting: meeting {number} is {meeting.state}, not {state}"])
        return meeting
    found = change.session.scalars(query.where(Meeting.state == state).order_by(Meeting.starts_at, Meeting.id)).all()
    if not found:
        raise RefusedError([f"the case has no {state} meeting"])
    if len(found) > 1:
        numbers = ", ".join(str(meeting.number) for meeting in found)
        raise RefusedError([f"meeting: say which; the {state} meetings of the case are {numbers}"])
    return found[0]


def refuse_past(slot: Slot, on: datetime.date) -> list[str]:
    """Return why a meeting cannot be arranged for a time."""
    if slot.starts_at.astimezone(LONDON).date() < on:
        return [f"starts_at: {slot.starts_at.astimezone(LONDON):%Y-%m-%d} lies before the day it is arranged, {on}"]
    return []


def apply_plan(change: CaseChange, form: MeetingPlan) -> str:
    """Arrange a meeting."""
    level, reasons = level_of_meeting(change, form.level)
    reasons += refuse_past(form, form.date)
    if reasons:
        raise RefusedError(reasons)
    meeting = add_meeting(change, form, level, form.chair, list(form.papers))
    change.note("meeting-planned", f"meeting {meeting.number}", None, particulars(meeting))
    return f"meeting {meeting.number} at level {level} planned for {spoken(meeting)}"


def apply_move(change: CaseChange, form: MeetingMove) -> str:
    """Move a planned meeting."""
    meeting = find_meeting(change, form.meeting, MeetingState.PLANNED)
    if reasons := refuse_past(form, form.date):
        raise RefusedError(reasons)
    before = particulars(meeting)
    meeting.starts_at, meeting.minutes_long, meeting.place = form.starts_at, form.minutes_long, form.place
    meeting.sequence += 1
    meeting.moved_at_sequence = meeting.sequence
    meeting.prepare_at = change.as_at
    change.note("meeting-moved", f"meeting {meeting.number}", before, particulars(meeting))
    return f"meeting {meeting.number} moved to {spoken(meeting)}"


def apply_cancel(change: CaseChange, form: MeetingCancel) -> str:
    """Cancel a planned meeting."""
    meeting = find_meeting(change, form.meeting, MeetingState.PLANNED)
    before = particulars(meeting)
    meeting.state, meeting.cancelled_reason = MeetingState.CANCELLED, form.reason[:500]
    meeting.sequence += 1
    meeting.prepare_at = change.as_at
    change.note("meeting-cancelled", f"meeting {meeting.number}", before, particulars(meeting))
    return f"meeting {meeting.number} of {meeting.on} cancelled"


def particulars(meeting: Meeting) -> dict[str, object]:
    """Return what of a meeting the trail keeps."""
    return {
        "state": meeting.state,
        "starts_at": meeting.starts_at,
        "minutes_long": meeting.minutes_long,
        "place": meeting.place,
        "sequence": meeting.sequence,
    }


def spoken(meeting: Meeting) -> str:
    """Return the time of a meeting as people read it."""
    begins = meeting.starts_at.astimezone(LONDON)
    ends = begins + timedelta(minutes=meeting.minutes_long)
    return f"{begins:%Y-%m-%d %H:%M} to {ends:%H:%M}"


KINDS = (
    FactType(
        kind=FactKind.MEETING_PLAN,
        title="Meeting arranged",
        hint="Record this when a level 2 or 3 meeting has a time and a place; the invitations then go out.",
        group=Group.MEETINGS,
        who=(Role.CHAIR, *UNIT),
        offered_when=lambda now: now.level in LEVELS_THAT_MEET or Reviews.URGENT_MEETING in now.owed,
        form=MeetingPlan,
        apply=apply_plan,
    ),
    FactType(
        kind=FactKind.MEETING_MOVE,
        title="Meeting moved",
        hint="Record a new time or place of a planned meeting; everybody invited is told.",
        group=Group.MEETINGS,
        who=(Role.CHAIR, *UNIT),
        offered_when=lambda now: now.meeting_planned,
        form=MeetingMove,
        apply=apply_move,
    ),
    FactType(
        kind=FactKind.MEETING_CANCEL,
        title="Meeting cancelled",
        hint="Record that a planned meeting does not take place; everybody invited is told.",
        group=Group.MEETINGS,
        who=(Role.CHAIR, *UNIT),
        offered_when=lambda now: now.meeting_planned,
        final="Everybody who was invited is told that the meeting does not take place.",
        form=MeetingCancel,
        apply=apply_cancel,
    ),
)
