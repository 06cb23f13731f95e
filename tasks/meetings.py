"""Meetings: who must come is worked out, invited and let off again; changes and final minutes reach the same people."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.attendance import Prepared, Resolve, is_own, prepare
from casework.timescales import refresh
from models.cases import Case
from models.checkpoints import checkpoint
from models.meetings import Meeting, Participant
from models.obligations import Timescale
from models.record import policies
from notifications.outbox.invitations import Standing, Told, last_told, take_back_earlier
from notifications.prompts.notices import Notice, announce
from notifications.recipients import CaseElsewhere, Directory, Recipient, directory_of
from policy.announcements import Announcement
from policy.calendar import london_date
from policy.kinds import Meetings
from policy.letters import MessageKind
from policy.roles import Role
from policy.vocabulary import MeetingState
from tasks.queue import Queue
from tasks.stage import Id, Outcome, Stage

NAME = "meetings"

QUEUE = Queue(Meeting.id, Meeting.prepare_at)


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of meetings planned, moved, cancelled, held or minuted since they were last looked at."""
    return QUEUE.first(session, as_at, area, limit)


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """List who must come, and tell them what they are to be told: in one transaction, safe to repeat."""
    prepared = prepare(session, [int(i) for i in ids], resolver(session, ids, as_at), as_at, NAME)
    checkpoint("meetings.listed")
    # The reminders of a meeting go to whom it names: the list has just been written.
    refresh(session, list({p.case.id: p.case for p in prepared}.values()), as_at, NAME, [Meetings.MEETING])
    running = timescales_of(session, [p.meeting.id for p in prepared])
    events = {p.meeting.id: running.get((p.meeting.id, Meetings.MEETING.value)) for p in prepared}
    take_back_earlier(session, {event: standing(p) for p in prepared if (event := events[p.meeting.id]) is not None})
    told = last_told(session, [event for event in events.values() if event is not None])
    notices = [notice for p in prepared for notice in to_be_told(session, p, running, told)]
    announce(session, notices, as_at)
    checkpoint("meetings.invited")
    for p in prepared:
        if p.meeting.state == MeetingState.PLANNED:
            for participant in p.meeting.participants:
                participant.invited_at = participant.invited_at or (as_at if is_own(participant) else None)
    return [Outcome(p.case.reference, "done", outcome_text(p)) for p in prepared]


def resolver(session: Session, ids: Sequence[Id], as_at: datetime) -> Resolve:
    """Return the look-up of people for these meetings: the directory of the day, read once."""
    areas = set(session.scalars(select(Case.area).join(Meeting).where(Meeting.id.in_(ids)).distinct()))
    today = london_date(as_at)
    directory, book = Directory(session, areas, today), policies(session)
    fallbacks = {area: book.for_area(area, today).fallback for area in areas}

    def resolve(case: Case, role: str, agency: str, place: str | None, area: str | None = None) -> Recipient | None:
        if area is None or area == case.area:
            return directory.resolve(case, role, agency, fallbacks[case.area], place)
        return resolve_elsewhere(session, area, case, role, agency, today)

    return resolve


def resolve_elsewhere(session: Session, area: str, case: Case, role: str, agency: str, on: date) -> Recipient | None:
    """Return who holds a role of an agency in another area than the case's: nobody whom the case names is meant."""
    there = CaseElsewhere(area, case.lead_agency)
    fallback = policies(session).for_area(area, on).fallback
    return directory_of(session, area, on).resolve(there, role, agency, fallback)


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


def standing(prepared: Prepared) -> Standing:
    """Return how the event of a meeting stands: nobody is on the list of one that does not take place."""
    meeting = prepared.meeting
    if meeting.state == MeetingState.CANCELLED:
        return Standing(meeting.sequence, frozenset())
    return Standing(meeting.moved_at_sequence, frozenset(p.email for p in meeting.participants if p.email))


def to_be_told(
    session: Session,
    prepared: Prepared,
    running: dict[tuple[int, str], int],
    told: dict[int, dict[str, Told]],
) -> Iterator[Notice]:
    """Yield what the people of a meeting are to be told now."""
    meeting = prepared.meeting
    event = running.get((meeting.id, Meetings.MEETING.value))
    minutes = running.get((meeting.id, Meetings.MINUTES.value))
    if meeting.state in (MeetingState.PLANNED, MeetingState.CANCELLED):
        if event is not None:
            yield from about_the_event(prepared, event, told[event])
    elif meeting.minutes_on is not None and minutes is not None:
        # A letter of its own brings the minutes themselves; where e-mail may not, a line in the digest tells of them.
        carried = policies(session).for_area(prepared.case.area, meeting.minutes_on).messages.details_in_bodies
        kind = MessageKind.MINUTES if carried else MessageKind.DIGEST
        if readers := addresses(p for p in meeting.participants if reads_minutes(p)):
            yield Notice(minutes, Announcement.FINAL, kind, (Role.INVITEE.value,), readers)


def about_the_event(prepared: Prepared, event: int, told: dict[str, Told]) -> Iterator[Notice]:
    """Yield the invitations that are due, and who need not come any more, or at all."""
    meeting, now, role = prepared.meeting, standing(prepared), (Role.INVITEE.value,)
    off = Announcement.CANCELLATION if meeting.state == MeetingState.CANCELLED else Announcement.TAKEN_BACK
    gone = tuple(
        (email, last.name)
        for email, last in told.items()
        if email not in now.listed and last.what is Announcement.INVITATION and last.arrived
    )
    if gone:
        yield Notice(event, f"{off} {meeting.sequence}", off.spec.letter, role, gone)
    invited = {
        email
        for email in now.listed
        if email in prepared.newly_listed
        or (last := told.get(email)) is None
        or last.what is not Announcement.INVITATION
        or last.change < now.moved_at
    }
    if people := addresses(p for p in meeting.participants if p.email in invited):
        rung = f"{Announcement.INVITATION} {meeting.sequence}"
        yield Notice(event, rung, Announcement.INVITATION.spec.letter, role, people)


def reads_minutes(one: Participant) -> bool:
    """Tell whether somebody is to read the minutes: not who was let off before the meeting, and stayed away."""
    return one.required or one.status is not None or one.role == Role.CHAIR


def addresses(people: Iterable[Participant]) -> tuple[tuple[str, str], ...]:
    """Return (address, name) of those who have an address."""
    return tuple((one.email, one.name or "") for one in people if one.email)


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
