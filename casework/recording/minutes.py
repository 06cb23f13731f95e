"""The minutes of a meeting from draft to final, and their posting to ViSOR (Joint inspection 2015, 5.37)."""

import datetime
from typing import Annotated, Literal

from sqlalchemy import select

from casework.change import CaseChange
from casework.documents.minutes import write_minutes
from casework.errors import RefusedError
from casework.recording.fact_type import UNIT, FactType, Group, owes
from casework.recording.forms import Form, Name, label
from casework.recording.meeting_plan import find_meeting
from models.meetings import Meeting, MinutesVersion
from policy.kinds import Meetings
from policy.roles import Role
from policy.texts import plain
from policy.vocabulary import FactKind, MeetingState, MinutesState


class Minutes(Form):
    """A step of the minutes: drafted from the record, approved by the Chair, final."""

    date: Annotated[datetime.date, label("Date", "The day of this step.", "2026-10-23")]
    meeting: Annotated[
        int | None,
        label("Meeting number", "Which meeting. Leave it out if only one has minutes that are not final.", 1),
    ] = None
    step: Annotated[
        Literal["draft", "approve", "final"],
        label("Step", "Whether the minutes are drafted, approved by the Chair, or made final.", "draft"),
    ]
    by: Annotated[
        Name,
        label("By", "Who takes this step. The Chair approves, and never the writer.", "Adam Example"),
    ]
    version: Annotated[
        int | None,
        label(
            "Version",
            "Which version this step is about: the one to be written, approved or made final. Leave it out for the "
            "newest.",
            1,
            shown=False,
        ),
    ] = None


class VisorPosting(Form):
    """The minutes were posted to ViSOR."""

    date: Annotated[datetime.date, label("Date", "The day on which the minutes were posted.", "2026-10-28")]
    meeting: Annotated[
        int | None,
        label("Meeting number", "Which meeting. Leave it out if only one is not posted.", 1),
    ] = None
    by: Annotated[Name, label("Posted by", "Who posted them.", "Adam Example")]


def apply_minutes(change: CaseChange, form: Minutes) -> str:
    """Take the next step of the minutes of a meeting."""
    meeting = one_held(change, form.meeting, minutes_open=True)
    newest = newest_version(change, meeting)
    about = (newest.version if newest else 0) + (form.step == "draft")
    if form.version not in (None, about):
        raise RefusedError(
            [f"version: this step would be about version {about} now, not {form.version}: read it first"]
        )
    if form.step == "draft":
        return draft(change, meeting, newest, form)
    if newest is None:
        raise RefusedError([f"step: the minutes of meeting {meeting.number} have no draft yet"])
    if form.date < newest.written_on:
        raise RefusedError([f"date: {form.date} is before the draft was written, {newest.written_on}"])
    return approve(meeting, newest, form) if form.step == "approve" else finish(change, meeting, newest, form)


def newest_version(change: CaseChange, meeting: Meeting) -> MinutesVersion | None:
    """Return the newest version of the minutes."""
    return change.session.scalar(
        select(MinutesVersion)
        .where(MinutesVersion.meeting_id == meeting.id)
        .order_by(MinutesVersion.version.desc())
        .limit(1)
    )


def draft(change: CaseChange, meeting: Meeting, newest: MinutesVersion | None, form: Minutes) -> str:
    """Write a new version from the record as it stands; earlier ones are kept."""
    if newest is not None and newest.state == MinutesState.FINAL:
        raise RefusedError([f"step: the minutes of meeting {meeting.number} are final since {newest.final_on}"])
    version = (newest.version if newest else 0) + 1
    text, html = write_minutes(change.session, meeting, version)
    change.session.add(
        MinutesVersion(
            meeting_id=meeting.id,
            version=version,
            state=MinutesState.DRAFT,
            written_by=form.by,
            written_on=form.date,
            text=text,
            html=html,
        )
    )
    return f"minutes of meeting {meeting.number}: version {version} drafted on {form.date}"


def approve(meeting: Meeting, newest: MinutesVersion, form: Minutes) -> str:
    """Approve the newest version: the Chair does, and never who wrote it."""
    reasons = []
    if newest.state != MinutesState.DRAFT:
        reasons.append(f"step: version {newest.version} is {newest.state}, not a draft")
    if plain(form.by) == plain(newest.written_by):
        reasons.append("by: minutes are not approved by their writer; the Chair approves them")
    elif meeting.chair_name and plain(form.by) != plain(meeting.chair_name):
        reasons.append(f"by: the Chair of the meeting approves its minutes, and that is {meeting.chair_name}")
    if reasons:
        raise RefusedError(reasons)
    newest.state, newest.approved_by, newest.approved_on = MinutesState.APPROVED, form.by, form.date
    return f"minutes of meeting {meeting.number}: version {newest.version} approved on {form.date}"


def finish(change: CaseChange, meeting: Meeting, newest: MinutesVersion, form: Minutes) -> str:
    """Make the approved version final: it goes out to those who were invited, and the clock of the minutes is met."""
    if newest.state != MinutesState.APPROVED:
        raise RefusedError([f"step: version {newest.version} is {newest.state}; the Chair approves it first"])
    newest.state, newest.final_on = MinutesState.FINAL, form.date
    meeting.minutes_on, meeting.prepare_at = form.date, change.as_at
    return f"minutes of meeting {meeting.number}: version {newest.version} final on {form.date}"


def one_held(change: CaseChange, number: int | None, *, minutes_open: bool = False, unposted: bool = False) -> Meeting:
    """Return the held meeting meant: by number, else the only one whose minutes are still open (or unposted)."""
    if number is not None:
        return find_meeting(change, number, MeetingState.HELD)
    query = select(Meeting).where(Meeting.case_id == change.case.id, Meeting.state == MeetingState.HELD)
    if minutes_open:
        query = query.where(Meeting.minutes_on.is_(None))
    if unposted:
        query = query.where(Meeting.posted_on.is_(None))
    found = change.session.scalars(query.order_by(Meeting.number)).all()
    if len(found) != 1:
        which = ", ".join(str(m.number) for m in found) or "none"
        raise RefusedError([f"meeting: say which; the meetings this could be about: {which}"])
    return found[0]


def apply_visor_posting(change: CaseChange, form: VisorPosting) -> str:
    """Note the posting of final minutes."""
    meeting = one_held(change, form.meeting, unposted=True)
    if meeting.minutes_on is None:
        raise RefusedError([f"meeting: the minutes of meeting {meeting.number} are not final yet"])
    if meeting.posted_on is not None:
        raise RefusedError([f"meeting: the minutes of meeting {meeting.number} were posted on {meeting.posted_on}"])
    if form.date < meeting.minutes_on:
        raise RefusedError([f"date: {form.date} is before the minutes were final, {meeting.minutes_on}"])
    meeting.posted_on = form.date
    return f"minutes of meeting {meeting.number} posted to ViSOR on {form.date}"


KINDS = (
    FactType(
        kind=FactKind.MINUTES,
        title="Minutes",
        hint="Record each step of the minutes of a meeting: drafted, approved by the Chair, final.",
        group=Group.MEETINGS,
        who=(Role.CHAIR, *UNIT),
        offered_when=owes(Meetings.MINUTES),
        form=Minutes,
        apply=apply_minutes,
        after_closing=True,
    ),
    FactType(
        kind=FactKind.VISOR_POSTING,
        title="Minutes posted to ViSOR",
        hint="Record this when the final minutes of a meeting have been posted to ViSOR.",
        group=Group.MEETINGS,
        who=(Role.POLICE_OFFENDER_MANAGER, *UNIT),
        offered_when=owes(Meetings.VISOR_POSTING),
        form=VisorPosting,
        apply=apply_visor_posting,
        after_closing=True,
    ),
)
