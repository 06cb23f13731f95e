"""An agency that neither came to a meeting nor reported: what it answered, and what settles it.

Source: Joint inspection 2015, 5.4.
"""

import datetime
from enum import StrEnum
from typing import Annotated, Literal

from sqlalchemy import select

from casework.absences import ACCEPTED, ANOTHER_ROUTE
from casework.change import CaseChange
from casework.errors import RefusedError
from casework.recording.fact_type import UNIT, FactType, Group, owes
from casework.recording.forms import AgencyName, Form, Name, Reason, label, no_reason
from models.meetings import Absence, Meeting
from policy.agencies import Agency
from policy.kinds import Meetings
from policy.roles import Role
from policy.texts import plain
from policy.vocabulary import FactKind


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

    date: Annotated[datetime.date, label("Date", "The day on which the agency was asked.", "2026-10-16")]
    meeting: Annotated[
        int | None,
        label("Meeting number", "Which meeting. Leave it out if the agency missed only one.", 1),
    ] = None
    agency: Annotated[AgencyName, label("Agency", "The agency that was absent.", "prison")]
    by: Annotated[
        Literal["chair", "coordinator", "administrator", "smb_member", "smb_chair"],
        label("Asked by", "Who asked.", "chair"),
    ]
    to: Annotated[
        Literal["representative", "senior_manager", "smb_member"],
        label("Asked of", "Whom they asked.", "representative"),
    ]
    answer: Annotated[ContactAnswer, label("Answer", "What the agency answered.", "will_report")]
    note: Annotated[
        str,
        label(
            "Note",
            "What was said. If the answer is 'other', write the answer here.",
            "A report follows by Friday.",
        ),
    ] = ""


class AttendanceReport(Form):
    """An absent agency reported after all, or gave a reason that the Chair accepts."""

    date: Annotated[datetime.date, label("Date", "The day of the report, or of the Chair's decision.", "2026-10-20")]
    meeting: Annotated[
        int | None,
        label("Meeting number", "Which meeting. Leave it out if the agency missed only one.", 1),
    ] = None
    agency: Annotated[AgencyName, label("Agency", "The agency that was absent.", "prison")]
    how: Annotated[
        Literal["report", "reason_accepted", "another_route"],
        label(
            "How it is settled",
            "By a report, by a reason that the Chair accepts or, of a general practice alone, by another way to the "
            "facts on health.",
            "report",
        ),
    ]
    text: Annotated[
        Reason,
        label(
            "Report or reason",
            "What the agency reported, the reason it gave, or what was found another way and from whom.",
            "MAPPA F of 20 October: conduct, visits and release arrangements.",
        ),
    ]
    accepted_by: Annotated[
        Name | None,
        label("Accepted by", "If a reason is accepted: the Chair of the meeting.", "Clare Example", shown=False),
    ] = None


def find_absence(change: CaseChange, number: int | None, agency: str) -> Absence:
    """Return the open absence of an agency, or refuse."""
    query = select(Absence).join(Meeting).where(Absence.case_id == change.case.id, Absence.agency == agency)
    if number is not None:
        query = query.where(Meeting.number == number)
    still_open = query.where(Absence.settled_on.is_(None), Absence.withdrawn_on.is_(None))
    found = change.session.scalars(still_open.order_by(Meeting.number, Absence.id)).all()
    if len(found) != 1:
        which = ", ".join(f"meeting {absence.meeting.number}" for absence in found) or "none"
        raise RefusedError([f"agency: open absences of {agency} on this case: {which}; 'meeting' says which is meant"])
    return found[0]


def apply_contact(change: CaseChange, form: AttendanceContact) -> str:
    """Add to the history of an absence what was tried and answered."""
    absence = find_absence(change, form.meeting, form.agency)
    if form.answer is ContactAnswer.OTHER and no_reason(form.note):
        raise RefusedError(["note: the answer is 'other': write what was answered"])
    entry = {
        "on": form.date.isoformat(),
        "by": form.by,
        "to": form.to,
        "answer": form.answer.value,
        "note": form.note,
    }
    absence.history = [*absence.history, entry]
    change.note("attendance-contact", f"absence {absence.id}", None, entry)
    return f"{form.agency} was asked about meeting {absence.meeting.number}: {form.answer.value.replace('_', ' ')}"


def apply_report(change: CaseChange, form: AttendanceReport) -> str:
    """Settle an absence: nobody is followed up any more."""
    absence = find_absence(change, form.meeting, form.agency)
    chair = absence.meeting.chair_name
    reasons = []
    if form.date < absence.meeting.on:
        reasons.append(f"date: {form.date} is before the meeting of {absence.meeting.on}")
    if form.how == ANOTHER_ROUTE and form.agency != Agency.GENERAL_PRACTICE:
        reasons.append("how: only for a general practice may the facts come another way: ask the agency for its report")
    if form.how == ACCEPTED and form.accepted_by is None:
        reasons.append("accepted_by: the Chair has to accept a reason: who did?")
    elif form.how == ACCEPTED and chair and plain(form.accepted_by or "") != plain(chair):
        reasons.append(f"accepted_by: the Chair of the meeting accepts a reason, and that is {chair}")
    if reasons:
        raise RefusedError(reasons)
    absence.settled_on, absence.settled_by = form.date, form.how
    change.note("absence-settled", f"absence {absence.id}", None, {"how": form.how, "text": form.text})
    what = {"report": "reported", ANOTHER_ROUTE: "was silent, and the facts came another way"}
    told = what.get(form.how, "gave a reason that is accepted")
    return f"{form.agency} {told} on {form.date} about meeting {absence.meeting.number}"


KINDS = (
    FactType(
        kind=FactKind.ATTENDANCE_CONTACT,
        title="Contact about an absence",
        hint="Record each time somebody asks an agency why it neither came to a meeting nor reported.",
        group=Group.MEETINGS,
        who=(Role.CHAIR, Role.SMB_MEMBER, Role.SMB_CHAIR, *UNIT),
        offered_when=owes(Meetings.ATTENDANCE),
        form=AttendanceContact,
        apply=apply_contact,
        after_closing=True,
    ),
    FactType(
        kind=FactKind.ATTENDANCE_REPORT,
        title="Late report of an absent agency",
        hint="Record the report that an absent agency sends after all, or the reason that the Chair accepts.",
        group=Group.MEETINGS,
        who=(Role.REPRESENTATIVE, Role.SENIOR_MANAGER, Role.INVITEE, Role.CHAIR, *UNIT),
        offered_when=owes(Meetings.ATTENDANCE),
        form=AttendanceReport,
        apply=apply_report,
        after_closing=True,
    ),
)
