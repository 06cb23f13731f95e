"""After a meeting: its minutes from draft to final, their posting to ViSOR, and agencies that stayed away."""

from enum import StrEnum
from typing import Literal

from sqlalchemy import select

from casework.absences import ACCEPTED
from casework.documents.minutes import write_minutes
from casework.errors import RefusedError
from casework.matter import Matter
from casework.recording.forms import AgencyName, Form, Name, Reason, plain
from casework.recording.kinds import FactType
from casework.recording.meeting_plan import find_meeting
from models.meetings import Absence, Meeting, MinutesVersion
from policy.vocabulary import FactKind, MeetingState, MinutesState, Role


class Minutes(Form):
    """A step of the minutes: drafted from the record, approved by the Chair, final. ``by``: who takes it."""

    meeting: int | None = None
    step: Literal["draft", "approve", "final"]
    by: Name


class VisorPosting(Form):
    """The minutes were posted to ViSOR."""

    meeting: int | None = None
    by: Name


class ContactAnswer(StrEnum):
    """What an agency answered when it was asked about its absence."""

    NO_ANSWER = "no_answer"
    WILL_REPORT = "will_report"
    WILL_ATTEND = "will_attend"
    NO_CAPACITY = "no_capacity"
    NOT_CONCERNED = "not_concerned"
    OTHER = "other"


class AttendanceContact(Form):
    """Somebody asked an agency about its absence: whom, and what was answered."""

    meeting: int | None = None
    agency: AgencyName
    by: Literal["chair", "coordinator", "administrator", "smb_member", "smb_chair"]
    to: Literal["representative", "senior_manager", "smb_member"]
    answer: ContactAnswer
    note: str = ""


class AttendanceReport(Form):
    """An absent agency reported after all, or gave a reason that the Chair accepts."""

    meeting: int | None = None
    agency: AgencyName
    how: Literal["report", "reason_accepted"]
    text: Reason
    accepted_by: Name | None = None


def apply_minutes(matter: Matter, form: Minutes) -> str:
    """Take the next step of the minutes of a meeting."""
    meeting = one_held(matter, form.meeting, minutes_open=True)
    newest = newest_version(matter, meeting)
    if form.step == "draft":
        return draft(matter, meeting, newest, form)
    if newest is None:
        raise RefusedError([f"step: the minutes of meeting {meeting.number} have no draft yet"])
    if form.date < newest.written_on:
        raise RefusedError([f"date: {form.date} is before the draft was written, {newest.written_on}"])
    return approve(meeting, newest, form) if form.step == "approve" else finish(matter, meeting, newest, form)


def newest_version(matter: Matter, meeting: Meeting) -> MinutesVersion | None:
    """Return the newest version of the minutes."""
    return matter.session.scalar(
        select(MinutesVersion)
        .where(MinutesVersion.meeting_id == meeting.id)
        .order_by(MinutesVersion.version.desc())
        .limit(1)
    )


def draft(matter: Matter, meeting: Meeting, newest: MinutesVersion | None, form: Minutes) -> str:
    """Write a new version from the record as it stands; earlier ones are kept."""
    if newest is not None and newest.state == MinutesState.FINAL:
        raise RefusedError([f"step: the minutes of meeting {meeting.number} are final since {newest.final_on}"])
    version = (newest.version if newest else 0) + 1
    text, html = write_minutes(matter.session, meeting, version)
    matter.session.add(
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


def finish(matter: Matter, meeting: Meeting, newest: MinutesVersion, form: Minutes) -> str:
    """Make the approved version final: it goes out to those who were invited, and the clock of the minutes is met."""
    if newest.state != MinutesState.APPROVED:
        raise RefusedError([f"step: version {newest.version} is {newest.state}; the Chair approves it first"])
    newest.state, newest.final_on = MinutesState.FINAL, form.date
    meeting.minutes_on, meeting.prepare_at = form.date, matter.as_at
    return f"minutes of meeting {meeting.number}: version {newest.version} final on {form.date}"


def one_held(matter: Matter, number: int | None, *, minutes_open: bool = False, unposted: bool = False) -> Meeting:
    """Return the held meeting meant: by number, else the only one whose minutes are still open (or unposted)."""
    if number is not None:
        return find_meeting(matter, number, MeetingState.HELD)
    query = select(Meeting).where(Meeting.case_id == matter.case.id, Meeting.state == MeetingState.HELD)
    if minutes_open:
        query = query.where(Meeting.minutes_on.is_(None))
    if unposted:
        query = query.where(Meeting.posted_on.is_(None))
    found = matter.session.scalars(query.order_by(Meeting.number)).all()
    if len(found) != 1:
        which = ", ".join(str(m.number) for m in found) or "none"
        raise RefusedError([f"meeting: say which; the meetings this could be about: {which}"])
    return found[0]


def apply_visor_posting(matter: Matter, form: VisorPosting) -> str:
    """Note the posting of final minutes."""
    meeting = one_held(matter, form.meeting, unposted=True)
    if meeting.minutes_on is None:
        raise RefusedError([f"meeting: the minutes of meeting {meeting.number} are not final yet"])
    if meeting.posted_on is not None:
        raise RefusedError([f"meeting: the minutes of meeting {meeting.number} were posted on {meeting.posted_on}"])
    if form.date < meeting.minutes_on:
        raise RefusedError([f"date: {form.date} is before the minutes were final, {meeting.minutes_on}"])
    meeting.posted_on = form.date
    return f"minutes of meeting {meeting.number} posted to ViSOR on {form.date}"


def find_absence(matter: Matter, number: int | None, agency: str) -> Absence:
    """Return the open absence of an agency, or refuse."""
    query = select(Absence).join(Meeting).where(Absence.case_id == matter.case.id, Absence.agency == agency)
    if number is not None:
        query = query.where(Meeting.number == number)
    found = matter.session.scalars(query.where(Absence.settled_on.is_(None)).order_by(Meeting.number)).all()
    if len(found) != 1:
        which = ", ".join(f"meeting {absence.meeting.number}" for absence in found) or "none"
        raise RefusedError([f"agency: open absences of {agency} on this case: {which}; 'meeting' says which is meant"])
    return found[0]


def apply_contact(matter: Matter, form: AttendanceContact) -> str:
    """Add to the history of an absence what was tried and answered."""
    absence = find_absence(matter, form.meeting, form.agency)
    if form.answer is ContactAnswer.OTHER and len(form.note) < 10:
        raise RefusedError(["note: the answer is 'other': write what was answered"])
    entry = {
        "on": form.date.isoformat(),
        "by": form.by,
        "to": form.to,
        "answer": form.answer.value,
        "note": form.note,
    }
    absence.history = [*absence.history, entry]
    matter.note("attendance-contact", f"absence {absence.id}", None, entry)
    return f"{form.agency} was asked about meeting {absence.meeting.number}: {form.answer.value.replace('_', ' ')}"


def apply_report(matter: Matter, form: AttendanceReport) -> str:
    """Settle an absence: nobody is followed up any more."""
    absence = find_absence(matter, form.meeting, form.agency)
    chair = absence.meeting.chair_name
    reasons = []
    if form.date < absence.meeting.on:
        reasons.append(f"date: {form.date} is before the meeting of {absence.meeting.on}")
    if form.how == ACCEPTED and form.accepted_by is None:
        reasons.append(f"accepted_by: a reason stands once the {Role.CHAIR.value.capitalize()} accepts it: who did?")
    elif form.how == ACCEPTED and chair and plain(form.accepted_by or "") != plain(chair):
        reasons.append(f"accepted_by: the Chair of the meeting accepts a reason, and that is {chair}")
    if reasons:
        raise RefusedError(reasons)
    absence.settled_on, absence.settled_by = form.date, form.how
    matter.note("absence-settled", f"absence {absence.id}", None, {"how": form.how, "text": form.text})
    what = "reported" if form.how == "report" else "gave a reason that is accepted"
    return f"{form.agency} {what} on {form.date} about meeting {absence.meeting.number}"


KINDS = {
    FactKind.MINUTES: FactType(
        Minutes,
        apply_minutes,
        {"date": "2026-10-23", "meeting": 1, "step": "draft", "by": "Adam Example"},
        after_closing=True,
    ),
    FactKind.VISOR_POSTING: FactType(
        VisorPosting,
        apply_visor_posting,
        {"date": "2026-10-28", "meeting": 1, "by": "Adam Example"},
        after_closing=True,
    ),
    FactKind.ATTENDANCE_CONTACT: FactType(
        AttendanceContact,
        apply_contact,
        {
            "date": "2026-10-16",
            "meeting": 1,
            "agency": "prison",
            "by": "chair",
            "to": "representative",
            "answer": "will_report",
            "note": "A report follows by Friday.",
        },
        after_closing=True,
    ),
    FactKind.ATTENDANCE_REPORT: FactType(
        AttendanceReport,
        apply_report,
        {
            "date": "2026-10-20",
            "meeting": 1,
            "agency": "prison",
            "how": "report",
            "text": "MAPPA F of 20 October: conduct, visits and release arrangements.",
        },
        after_closing=True,
    ),
}
