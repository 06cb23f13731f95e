"""Meetings: who must come is worked out and invited; changes, cancellations and final minutes reach the same people."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.attendance import Prepared, Resolve, prepare
from casework.timescales import refresh
from models.cases import Case
from models.checkpoints import checkpoint
from models.meetings import Meeting
from models.obligations import Timescale
from models.record import policies
from notifications.outbox.invitations import may_have_arrived, take_back_earlier
from notifications.prompts.notices import Notice, announce
from notifications.recipients import Directory, Recipient
from policy.announcements import Announcement
from policy.calendar import london_date
from policy.kinds import Meetings
from policy.letters import MessageKind
from policy.roles import Role
from policy.vocabulary import MeetingState
from tasks.stage import Id, Outcome, Stage

NAME = "meetings"


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of meetings planned, moved, cancelled, held or minuted since they were last looked at."""
    del as_at
    query = select(Meeting.id).where(Meeting.prepare_at.is_not(None))
    if area is not None:
        query = query.join(Case).where(Case.area == area)
    return list(session.scalars(query.order_by(Meeting.prepare_at, Meeting.id).limit(limit)))


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """List who must come, and tell them what they are to be told: in one transaction, safe to repeat."""
    prepared = prepare(session, [int(i) for i in ids], resolver(session, ids, as_at), as_at, NAME)
    checkpoint("meetings.listed")
    # The reminders of a meeting go to whom it names: the list has just been written.
    refresh(session, list({p.case.id: p.case for p in prepared}.values()), as_at, NAME, [Meetings.MEETING])
    running = timescales_of(session, [p.meeting.id for p in prepared])
    take_back_earlier(session, {running[p.meeting.id, Meetings.MEETING.value]: p.meeting.sequence for p in prepared
                                if (p.meeting.id, Meetings.MEETING.value) in running})  # fmt: skip
    notices = [notice for p in prepared for notice in to_be_told(session, p, running)]
    announce(session, notices, as_at)
    checkpoint("meetings.invited")
    for p in prepared:
        if p.meeting.state == MeetingState.PLANNED:
            for participant in p.meeting.participants:
                participant.invited_at = participant.invited_at or (as_at if participant.email else None)
    return [Outcome(p.case.reference, "done", outcome_text(p)) for p in prepared]


def resolver(session: Session, ids: Sequence[Id], as_at: datetime) -> Resolve:
    """Return the look-up of people for these meetings: the directory of the day, read once."""
    areas = set(session.scalars(select(Case.area).join(Meeting).where(Meeting.id.in_(ids)).distinct()))
    today = london_date(as_at)
    directory, book = Directory(session, areas, today), policies(session)
    fallbacks = {area: book.for_area(area, today).fallback for area in areas}

    def resolve(case: Case, role: str, agency: str, place: str | None) -> Recipient | None:
        return directory.resolve(case, role, agency, fallbacks[case.area], place)

    return resolve


def timescales_of(session: Session, meeting_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return the ids of the timescales of meetings and of their minutes, by meeting and kind."""
    query = (
        select(Timescale.id, Timescale.kind, Meeting.id)
        .join(Meeting, Meeting.case_id == Timescale.case_id)
        .where(Meeting.id.in_(meeting_ids), Timescale.kind.in_((Meetings.MEETING, Meetings.MINUTES)))
    )
    subjects = query.add_columns(Timescale.subject)
    return {
        (meeting_id, kind): timescale_id
        for timescale_id, kind, meeting_id, subject in session.execute(subjects)
        if subject.row == meeting_id
    }


def to_be_told(session: Session, prepared: Prepared, running: dict[tuple[int, str], int]) -> Iterator[Notice]:
    """Yield what the people of a meeting are to be told now."""
    meeting = prepared.meeting
    everybody = tuple((p.email, p.name or "") for p in meeting.participants if p.email)
    role = (Role.INVITEE.value,)
    event = running.get((meeting.id, Meetings.MEETING.value))
    minutes = running.get((meeting.id, Meetings.MINUTES.value))
    if not everybody:
        return
    if meeting.state == MeetingState.PLANNED and event is not None:
        yield Notice(event, f"{Announcement.INVITATION} {meeting.sequence}", MessageKind.INVITATION, role, everybody)
    elif meeting.state == MeetingState.CANCELLED and event is not None:
        arrived = may_have_arrived(session, event)
        told = tuple(one for one in everybody if one[0] in arrived)
        if told:
            yield Notice(event, f"{Announcement.CANCELLATION} {meeting.sequence}", MessageKind.CANCELLATION, role, told)
    elif meeting.minutes_on is not None and minutes is not None:
        # A letter of its own brings the minutes themselves; where e-mail may not, a line in the digest tells of them.
        carried = policies(session).for_area(prepared.case.area, meeting.minutes_on).messages.details_in_bodies
        yield Notice(
            minutes, Announcement.FINAL, MessageKind.MINUTES if carried else MessageKind.DIGEST, role, everybody
        )


def outcome_text(prepared: Prepared) -> str:
    """Return what was done for a meeting, for an operator: counts and agencies, no names."""
    meeting = prepared.meeting
    invited = sum(1 for p in meeting.participants if p.email)
    if meeting.state == MeetingState.PLANNED:
        vacant = f"; nobody to invite for {', '.join(prepared.vacant)}" if prepared.vacant else ""
        return f"meeting {meeting.number}, change {meeting.sequence}: {invited} invited{vacant}"
    if meeting.state == MeetingState.HELD and meeting.minutes_on is not None:
        return f"meeting {meeting.number}: final minutes told to {invited}"
    return f"meeting {meeting.number}: {meeting.state}"


STAGE = Stage(NAME, "meetings", waiting, handle, chunk=50)
