"""What comes back of the invitations to one meeting of the demo: it is accepted, declined, and cannot be delivered.

Each is an e-mail as calendars and mail servers write them, and goes the way of every e-mail in the mailbox.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.meetings import Meeting, Participant
from models.obligations import Message, Prompt, Timescale
from models.record import Record
from notifications.inbox.reading import incoming
from notifications.inbox.recording import record as bring_to_the_record
from notifications.letters.calendars import UID_DOMAIN
from policy.kinds import Meetings
from policy.letters import MessageKind
from policy.replies import Answer, MailOutcome
from policy.vocabulary import MeetingState, MessageState

NO_SUCH_ADDRESS = "5.1.1"
WANTED = 3
Invited = tuple[Participant, Message]


def answer_today(record: Record, as_at: datetime) -> list[str]:
    """Have the next meeting with enough people answered, and say what came of it; nothing where there is none."""
    told = []
    with record.writing() as session:
        meeting, invited = next_invited(session, as_at)
        if meeting is None:
            return []
        (first, _), (second, _), (last, undelivered) = invited[0], invited[1], invited[-1]
        mails = (
            ("accepts", first, calendar_answer(meeting, first, Answer.ACCEPTED, as_at)),
            ("declines", second, calendar_answer(meeting, second, Answer.DECLINED, as_at)),
            ("does not get the e-mail", last, delivery_report(undelivered, as_at)),
        )
        case = session.get_one(Case, meeting.case_id)
        for what, one, mail in mails:
            handled = bring_to_the_record(session, incoming(mail.as_bytes()), as_at)
            if handled is not None and handled.outcome == MailOutcome.RECORDED:
                told.append(f"{case.reference}: of meeting {meeting.number}, {one.agency.replace('_', ' ')} {what}")
    return told


def next_invited(session: Session, as_at: datetime) -> tuple[Meeting | None, Sequence[Invited]]:
    """Return the next meeting to which enough agencies that must come were sent an invitation, with those invited."""
    planned = (
        select(Meeting)
        .join(Case, Case.id == Meeting.case_id)
        .where(Meeting.state == MeetingState.PLANNED, Meeting.starts_at > as_at)
        .where(Case.closed_on.is_(None), Case.restricted.is_(False))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    for meeting in session.scalars(planned):
        invited = list(invited_to(session, meeting))
        if len(invited) >= WANTED:
            return meeting, invited
    return None, ()


def invited_to(session: Session, meeting: Meeting) -> Iterator[Invited]:
    """Yield one of each agency that must come and was sent the invitation by e-mail, with that e-mail."""
    query = (
        select(Message)
        .join(Prompt, Prompt.message_id == Message.id)
        .join(Timescale, Timescale.id == Prompt.timescale_id)
        .where(Timescale.case_id == meeting.case_id, Timescale.kind == Meetings.MEETING.value)
        .where(Message.kind == MessageKind.INVITATION, Message.state == MessageState.SENT)
        .order_by(Message.created_at, Message.id)
    )
    sent = {message.recipient: message for message in session.scalars(query)}
    found: dict[str, Invited] = {}
    for one in sorted(meeting.participants, key=lambda one: one.id):
        if one.required and one.invited_at is not None and one.email in sent:
            found.setdefault(one.agency, (one, sent[one.email]))
    yield from found.values()


def calendar_answer(meeting: Meeting, one: Participant, answer: Answer, as_at: datetime) -> EmailMessage:
    """Return the answer of somebody's calendar (RFC 5546, 3.2.3)."""
    mail = headed(one.email or "", f"{answer.value.capitalize()}: MAPPA meeting", as_at)
    mail.set_content("")
    event = "\r\n".join(
        (
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Invented//Calendar//EN", "METHOD:REPLY", "BEGIN:VEVENT",
            f"UID:{meeting.uid}@{UID_DOMAIN}", f"SEQUENCE:{meeting.sequence}", f"DTSTAMP:{as_at:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{meeting.starts_at:%Y%m%dT%H%M%SZ}",
            f"ATTENDEE;PARTSTAT={answer.value.upper()}:mailto:{one.email}", "END:VEVENT", "END:VCALENDAR", "",
        )
    )  # fmt: skip
    mail.add_alternative(event, subtype="calendar", params={"method": "REPLY"})
    return mail


def delivery_report(message: Message, as_at: datetime) -> EmailMessage:
    """Return the report of a mail server that an e-mail cannot be delivered (RFC 3464)."""
    report = headed("mailer-daemon@mx.example", "Undelivered Mail Returned to Sender", as_at)
    report["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="report"'
    report.set_payload(
        "--report\r\nContent-Type: text/plain\r\n\r\nAn e-mail could not be delivered.\r\n"
        "--report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {message.recipient}\r\nAction: failed\r\nStatus: {NO_SUCH_ADDRESS}\r\n\r\n"
        f"--report\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message.header_id}\r\n--report--\r\n"
    )
    return report


def headed(sender: str, subject: str, as_at: datetime) -> EmailMessage:
    """Return an e-mail to the unit with its headers."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "mappa@westmarch.example", subject
    mail["Date"] = format_datetime(as_at)
    return mail
