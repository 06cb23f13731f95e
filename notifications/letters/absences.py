"""Letters about agencies that stay away: to the SMB Chair with all that was tried, and to a general practice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.meetings import Absence, Meeting, Participant
from models.obligations import Message, Prompt, Timescale
from notifications.letters.letter import Letter
from notifications.letters.meetings import capacity
from notifications.letters.source import Source, one_line
from policy.calendar import london_date
from policy.kinds import Meetings
from policy.letters import MessageKind
from policy.roles import Role
from policy.subjects import Subject
from policy.vocabulary import Attendance, MessageState
from policy.words import listed, long_date, role_name

ANSWERS: dict[str, str] = {
    "no_answer": "no answer",
    "will_report": "promised a report",
    "will_attend": "promised to attend next time",
    "no_capacity": "has nobody to send",
    "not_concerned": "says that the case does not concern it",
    "other": "answered otherwise",
}
STATUSES: dict[str, str] = {
    Attendance.ABSENT: "absent without apologies",
    Attendance.APOLOGIES: "apologies, and no report",
}
SETTLED: dict[str, str] = {"report": "its report came on", "reason_accepted": "its reason was accepted on",
                          "another_route": "its facts came another way on"}  # fmt: skip
WENT: dict[str, str] = {
    MessageState.SENT: "sent",
    MessageState.UNCERTAIN: "not known whether it arrived",
    MessageState.DEAD: "could not be delivered",
    MessageState.WITHHELD: "was not sent",
    MessageState.CANCELLED: "was not sent",
}
ON_ITS_WAY = "on its way"


@dataclass(frozen=True, slots=True)
class Missed:
    """One meeting an agency stayed away from; ``settled`` says what came of it, "" where nothing did."""

    number: int
    on: date
    level: int
    status: str
    settled: str


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt to get the agency to answer: when, what, about which meeting, and what came of it."""

    on: date
    what: str
    meeting: int
    answer: str


@dataclass(frozen=True, slots=True)
class Away:
    """What the SMB Chair needs to know of an agency that stays away from the meetings of a case.

    ``for_smb_chair``: the recipient is, or stands in for, the SMB Chair. ``untold``: answers are on record in words
    that are not told here.
    """

    reference: str
    agency: str
    required_for: str
    number: int
    how_often: str
    missed: tuple[Missed, ...]
    tried: tuple[Tried, ...]
    due_on: date
    overdue: bool
    for_smb_chair: bool
    also_to: str
    untold: bool
    answer_to: str


@dataclass(frozen=True, slots=True)
class HealthAsked:
    """A general practice is asked for what it knows; ``asked_before``: the day of the first request."""

    reference: str
    meeting_on: date
    due_on: date
    asked_before: date | None
    answer_to: str


def absence_of(source: Source) -> Absence:
    """Return the absence a timescale follows up: of an agency, at a meeting."""
    about = source.line.subject
    query = select(Absence).where(Absence.meeting_id == about.row_id, Absence.agency == about.agency)
    return source.session.scalars(query).one()


def attendance_letter(source: Source) -> Letter:
    """Return the letter that tells how often an agency stayed away, and everything that was tried."""
    absence = absence_of(source)
    meeting, details = absence.meeting, source.details
    absences = source.session.scalars(
        select(Absence)
        .join(Meeting)
        .where(Absence.case_id == absence.case_id, Absence.agency == absence.agency)
        .where(Absence.withdrawn_on.is_(None))
        .where(Meeting.starts_at <= meeting.starts_at)
        .order_by(Meeting.starts_at, Absence.id)
    ).all()
    tried = [*by_people(absences, details), *by_prompts(source, absences)]
    content = Away(
        reference=meeting.case.reference,
        agency=source.policy.agency_name(absence.agency),
        required_for=required_for(source, absence, details),
        number=meeting.number,
        how_often=how_often(absence.nth),
        missed=tuple(map(missed, absences)),
        tried=tuple(sorted(tried, key=lambda one: (one.on, one.meeting))),
        due_on=source.line.due_on,
        overdue=source.line.due_on < source.on,
        for_smb_chair=source.line.audience == Role.SMB_CHAIR,
        also_to=also_to(source),
        untold=not details and any(entry.get("note") for one in absences for entry in one.history),
        answer_to=source.answer_to(meeting.case),
    )
    return Letter(content)


def how_often(times: int) -> str:
    """Return how often an agency has been absent, as a sentence."""
    if times == 1:
        return "This is its first absence on this case."
    return f"It has now been absent {'twice' if times == 2 else f'{times} times'} on this case."


def required_for(source: Source, absence: Absence, details: bool) -> str:
    """Return why the agency was required at the meeting."""
    query = select(Participant).where(
        Participant.meeting_id == absence.meeting_id,
        Participant.agency == absence.agency,
        Participant.required,
    )
    row = source.session.scalars(query.order_by(Participant.id)).first()
    return capacity(row, source.policy, details).why if row else ""


def missed(absence: Absence) -> Missed:
    """Return one absence as the letter lists it."""
    meeting = absence.meeting
    settled = ""
    if absence.settled_on is not None:
        settled = f"{SETTLED.get(absence.settled_by or '', 'settled on')} {long_date(absence.settled_on)}"
    status = STATUSES.get(absence.status) or absence.status.replace("_", " ")
    return Missed(meeting.number, meeting.on, meeting.level, status, settled)


def by_people(absences: Sequence[Absence], details: bool) -> list[Tried]:
    """Return what people tried: who asked whom, and the answer; its words only where details may be told."""
    found = []
    for absence in absences:
        for entry in absence.history:
            answer = ANSWERS.get(entry["answer"]) or entry["answer"].replace("_", " ")
            note = one_line(entry.get("note") or "") if details else ""
            what = f"the {role_name(entry['by'])} asked the {role_name(entry['to'])}"
            told = f'{answer}: "{note}"' if note else answer
            found.append(Tried(date.fromisoformat(entry["on"]), what, absence.meeting.number, told))
    return found


def by_prompts(source: Source, absences: Sequence[Absence]) -> list[Tried]:
    """Return the e-mails raised so far on these absences, but for this letter and those of its own rung."""
    meetings = {Subject(row=one.meeting_id, agency=one.agency): one.meeting.number for one in absences}
    rows = source.session.execute(
        select(Timescale.id, Timescale.subject, Prompt.rung, Prompt.raised_at, Prompt.recipient_role, Message.state)
        .join(Prompt, Prompt.timescale_id == Timescale.id)
        .join(Message, Message.id == Prompt.message_id)
        .where(Timescale.case_id == absences[0].case_id, Timescale.kind == Meetings.ATTENDANCE)
        .where(Timescale.subject.in_(meetings), Prompt.withdrawn.is_(None))
        # A list of what is stuck asks nobody at the agency.
        .where(Message.kind != MessageKind.STUCK_LIST)
        .order_by(Prompt.raised_at, Prompt.id)
    )
    return [
        Tried(
            london_date(row.raised_at),
            f"e-mail to the {role_name(row.recipient_role)}",
            meetings[row.subject],
            WENT.get(row.state, ON_ITS_WAY),
        )
        for row in rows
        if (row.id, row.rung) != (source.line.timescale_id, source.line.rung)
    ]


def also_to(source: Source) -> str:
    """Return to whom else this letter goes, in words; "" where to nobody."""
    query = select(Prompt.recipient_role).where(
        Prompt.timescale_id == source.line.timescale_id,
        Prompt.revision == source.line.revision,
        Prompt.rung == source.line.rung,
        Prompt.message_id != source.claim.id,
        Prompt.recipient != "",
    )
    roles = dict.fromkeys(role_name(role) for role in source.session.scalars(query.order_by(Prompt.id)))
    return listed([f"the {role}" for role in roles]) if roles else ""


def gp_letter(source: Source) -> Letter:
    """Return the letter that asks a general practice for facts on health."""
    absence = absence_of(source)
    first = source.session.scalars(
        select(Prompt.raised_at)
        .join(Message, Message.id == Prompt.message_id)
        .where(
            Prompt.timescale_id == source.line.timescale_id,
            Prompt.message_id != source.claim.id,
            Message.kind == source.claim.kind,
            Message.state == MessageState.SENT,
        )
        .order_by(Prompt.raised_at)
        .limit(1)
    ).first()
    case = absence.meeting.case
    asked_before = london_date(first) if first is not None else None
    return Letter(
        HealthAsked(case.reference, absence.meeting.on, source.line.due_on, asked_before, source.answer_to(case))
    )
