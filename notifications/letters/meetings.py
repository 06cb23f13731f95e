"""Letters about a meeting: the invitation and its changes, the cancellation, and the final minutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import or_, select

from models.meetings import Meeting, MinutesVersion, Participant
from models.obligations import Message, Prompt
from notifications.letters.calendars import Event
from notifications.letters.letter import Attachment, Letter
from notifications.letters.source import Source, one_line
from policy.agencies import Agency
from policy.announcements import Announcement, announcement_of
from policy.attendance import ASKED_FOR
from policy.calendar import LONDON
from policy.numbers import Policy
from policy.roles import Role
from policy.vocabulary import MessageState, MinutesState
from policy.words import long_date, role_name

Part = Literal["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT"]
INVITE_FILE = "To put the meeting in your calendar, open the attached file."
CANCEL_FILE = "To take the meeting out of your calendar, open the attached file."
MINUTES_FILE = "We attach the minutes, as a page and as plain text."


@dataclass(frozen=True, slots=True)
class Capacity:
    """For which agency and in which role somebody is invited, and why; ``stands_in_for``: a role that has nobody."""

    agency: str
    role: str
    why: str
    stands_in_for: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation. ``papers`` are their titles; None: how many there are is all that is told here."""

    reference: str
    number: int
    level: int
    when: str
    lasts: str
    place: str
    chair: str
    capacities: tuple[Capacity, ...]
    changed: bool
    chairs: bool
    general_practice: bool
    paper_count: int
    papers: tuple[str, ...] | None
    answer_to: str


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A meeting that does not take place. ``reason`` None: it is not told here."""

    reference: str
    number: int
    level: int
    when: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class NoLongerInvited:
    """A meeting that takes place without somebody who had been invited."""

    reference: str
    number: int
    level: int
    when: str
    answer_to: str


@dataclass(frozen=True, slots=True)
class FinalMinutes:
    """Minutes that are final; ``attached``: they travel with the message."""

    reference: str
    number: int
    held_on: date
    level: int
    final_on: date
    attached: bool


def spoken(starts_at: datetime, minutes_long: int) -> str:
    """Return when a meeting takes place, in Europe/London, with the day of the week."""
    begins, ends = (m.astimezone(LONDON) for m in (starts_at, starts_at + timedelta(minutes=minutes_long)))
    return f"{long_date(begins.date())}, {begins:%H:%M} to {ends:%H:%M}"


def duration(minutes: int) -> str:
    """Return a length of time in words: ``1 hour 30 minutes``."""
    hours, rest = divmod(minutes, 60)
    parts = [
        f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((hours, "hour"), (rest, "minute")) if count
    ]
    return " ".join(parts)


def capacity(row: Participant, policy: Policy, details: bool) -> Capacity:
    """Return in which capacity a participant is invited.

    Why the policy asks for an agency is in the policy's words; why the referral does is in the referrer's.
    """
    why = "" if row.role == Role.CHAIR else row.reason or ""
    if why.startswith(ASKED_FOR) and not details:
        why = ASKED_FOR
    stands_in = role_name(row.stands_in_for) if row.stands_in_for else ""
    # A referral names people by whatever their agency calls them.
    held = row.role or Role.INVITEE
    role = role_name(held) if held in set(Role) else one_line(held)
    return Capacity(policy.agency_name(row.agency), role, one_line(why), stands_in)


def part_of(rows: Iterable[Participant]) -> Part:
    """Return the part of somebody in the event of a calendar."""
    rows = list(rows)
    if any(row.role == Role.CHAIR for row in rows):
        return "CHAIR"
    return "REQ-PARTICIPANT" if any(row.required for row in rows) else "OPT-PARTICIPANT"


def own_rows(source: Source, meeting: Meeting) -> list[Participant]:
    """Return the recipient's entries on the list of a meeting: one for each agency they are invited for."""
    # The prompt was raised for the address on the list, which is read once for all who are invited.
    return [one for one in meeting.participants if one.email == source.line.recipient]


def event_of(source: Source, meeting: Meeting, method: Literal["REQUEST", "CANCEL"], rows: list[Participant]) -> Event:
    """Return the meeting as it stands as an event of the recipient's calendar."""
    raised_at = source.line.raised_at
    assert raised_at is not None
    return Event(
        method=method,
        uid=meeting.uid,
        sequence=meeting.sequence,
        stamped_at=raised_at,
        starts_at=meeting.starts_at,
        minutes_long=meeting.minutes_long,
        place=meeting.place,
        reference=meeting.case.reference,
        level=meeting.level,
        part=part_of(rows),
    )


def was_invited(source: Source) -> bool:
    """Tell whether the recipient knows of the meeting: an earlier invitation went out, or may have, and stands."""
    query = (
        select(Prompt.rung)
        .join(Message)
        .where(
            Prompt.timescale_id == source.line.timescale_id,
            Prompt.recipient == source.line.recipient,
            or_(Prompt.rung.startswith(Announcement.INVITATION), Prompt.rung.startswith(Announcement.TAKEN_BACK)),
            Prompt.message_id != source.claim.id,
            or_(Message.state == MessageState.SENT, Message.began_at.is_not(None)),
        )
        .order_by(Prompt.id.desc())
        .limit(1)
    )
    last = source.session.scalar(query)
    return last is not None and announcement_of(last) is Announcement.INVITATION


def invitation(source: Source) -> Letter:
    """Return the invitation to a meeting as it stands now, with its event."""
    meeting, details = source.meeting(), source.details
    rows = own_rows(source, meeting)
    practice = any(row.agency == Agency.GENERAL_PRACTICE for row in rows)
    # A practice is asked for what it knows; what the others know is not for it to read.
    papers = [] if practice else meeting.papers
    content = Invitation(
        reference=meeting.case.reference,
        number=meeting.number,
        level=meeting.level,
        when=spoken(meeting.starts_at, meeting.minutes_long),
        lasts=duration(meeting.minutes_long),
        place=one_line(meeting.place),
        chair=(meeting.chair_name or "") if details else "",
        capacities=tuple(capacity(row, source.policy, details) for row in rows),
        changed=meeting.sequence > 0 and was_invited(source),
        chairs=any(row.role == Role.CHAIR for row in rows),
        general_practice=practice,
        paper_count=len(papers),
        papers=tuple(map(one_line, papers)) if details else None,
        answer_to=source.answer_to(meeting.case),
    )
    return Letter(content, enclosed=INVITE_FILE, event=event_of(source, meeting, "REQUEST", rows))


def cancellation(source: Source) -> Letter:
    """Return the letter that a meeting does not take place, with the event's cancellation."""
    meeting = source.meeting()
    content = Cancellation(
        reference=meeting.case.reference,
        number=meeting.number,
        level=meeting.level,
        when=spoken(meeting.starts_at, meeting.minutes_long),
        reason=one_line(meeting.cancelled_reason or "") if source.details else None,
    )
    event = event_of(source, meeting, "CANCEL", own_rows(source, meeting))
    return Letter(content, enclosed=CANCEL_FILE, event=event)


def no_longer_invited(source: Source) -> Letter:
    """Return the letter that somebody need not come any more, with the event taken back for them alone."""
    meeting = source.meeting()
    content = NoLongerInvited(
        reference=meeting.case.reference,
        number=meeting.number,
        level=meeting.level,
        when=spoken(meeting.starts_at, meeting.minutes_long),
        answer_to=source.answer_to(meeting.case),
    )
    return Letter(content, enclosed=CANCEL_FILE, event=event_of(source, meeting, "CANCEL", own_rows(source, meeting)))


def minutes(source: Source) -> Letter:
    """Return the letter that the minutes of a meeting are final; with them, where the area allows it."""
    meeting = source.meeting()
    version = source.session.scalar(
        select(MinutesVersion)
        .where(MinutesVersion.meeting_id == meeting.id, MinutesVersion.state == MinutesState.FINAL)
        .order_by(MinutesVersion.version.desc())
        .limit(1)
    )
    if version is None or version.final_on is None:
        raise LookupError(f"the minutes of meeting {meeting.id} have no final version")
    reference = meeting.case.reference
    content = FinalMinutes(reference, meeting.number, meeting.on, meeting.level, version.final_on, source.details)
    if not source.details:
        return Letter(content)
    name = f"minutes-{reference}-{meeting.number}"
    files = (
        Attachment(f"{name}.html", "text/html", version.html.encode()),
        Attachment(f"{name}.txt", "text/plain", version.text.encode()),
    )
    return Letter(content, files, MINUTES_FILE)
