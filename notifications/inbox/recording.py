"""An e-mail that came back, held against the record: what it changes, once; what is unknown changes nothing."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.cases import Case
from models.meetings import Meeting, Participant
from models.obligations import Message, Prompt, Timescale
from models.replies import MeetingAnswer, ReceivedMail
from notifications.inbox.reading import Incoming, Reply
from notifications.outbox.returned import come_back
from notifications.prompts.notices import Notice, announce
from policy.addresses import normal
from policy.announcements import Announcement
from policy.kinds import Meetings
from policy.letters import MessageKind
from policy.replies import Answer, MailKind, MailOutcome
from policy.vocabulary import MeetingState

ACTOR = "flow replies"
NO_STATUS = "no reason given"


def record(session: Session, one: Incoming, as_at: datetime) -> ReceivedMail | None:
    """Bring an e-mail to the record, in the session's transaction; None where it was handled before."""
    if session.scalar(select(ReceivedMail.id).where(ReceivedMail.key == one.key)) is not None:
        return None
    handled = ReceivedMail(key=one.key, kind=one.kind.value, outcome=MailOutcome.LEFT_ALONE.value, read_at=as_at)
    session.add(handled)
    session.flush()
    handled.outcome = outcome_of(session, one, handled.id, as_at).value
    return handled


def outcome_of(session: Session, one: Incoming, number: int, as_at: datetime) -> MailOutcome:
    """Do what an e-mail asks for, where it may; return what came of it. ``number``: that of the e-mail."""
    if one.reply is not None:
        return answered(session, one.reply, one.sender, number, as_at)
    if one.returned is not None:
        return returned(session, one, as_at)
    if one.kind is MailKind.AUTOMATIC and one.about:
        return away(session, one, as_at)
    return MailOutcome.LEFT_ALONE


def answered(session: Session, reply: Reply, sender: str, number: int, as_at: datetime) -> MailOutcome:
    """Note what somebody who is invited answers; where an agency that must come declines, the coordinator is told."""
    meeting = locked(session, reply.uid)
    if meeting is None:
        return MailOutcome.UNKNOWN_SUBJECT
    people = [one for one in meeting.participants if one.email and normal(one.email) == reply.attendee]
    if not people or sender != reply.attendee:
        return MailOutcome.UNKNOWN_SENDER
    made_at = min(reply.made_at or as_at, as_at)
    before = answer_of(session, meeting, reply.attendee)
    newer = (before.sequence, before.answered_at) if before.answered_at is not None else None
    stale = reply.sequence < meeting.moved_at_sequence
    if stale or not is_ahead(meeting, as_at) or (newer is not None and newer > (reply.sequence, made_at)):
        return MailOutcome.TOO_LATE
    was = before.answer
    before.answer, before.sequence, before.answered_at = reply.answer.value, reply.sequence, made_at
    session.add(before)
    note(session, meeting, people, "invitation-answered", {"answer": was}, {"answer": before.answer}, as_at)
    if reply.answer is Answer.DECLINED and was != Answer.DECLINED and any(one.required for one in people):
        rung = f"{Announcement.DECLINED} {number}"
        coordinator = (Announcement.DECLINED.spec.to.value,)
        announce(session, [Notice(event, rung, MessageKind.DIGEST, coordinator)
                           for event in events_of(session, meeting)], as_at)  # fmt: skip
    return MailOutcome.RECORDED


def locked(session: Session, uid: str) -> Meeting | None:
    """Return the meeting of an event, locked behind its case, as whoever records a fact locks them."""
    case_id = session.scalar(select(Meeting.case_id).where(Meeting.uid == uid))
    if case_id is None:
        return None
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update())
    found = select(Meeting).where(Meeting.uid == uid).with_for_update()
    return session.scalars(found, execution_options={"populate_existing": True}).one()


def is_ahead(meeting: Meeting, as_at: datetime) -> bool:
    """Tell whether somebody can still say whether they come to a meeting."""
    return meeting.state == MeetingState.PLANNED and meeting.starts_at > as_at


def answer_of(session: Session, meeting: Meeting, address: str) -> MeetingAnswer:
    """Return what somebody has answered, or a row that is not in the record yet where they have not."""
    mine = (MeetingAnswer.meeting_id == meeting.id, MeetingAnswer.email == address)
    known = session.scalar(select(MeetingAnswer).where(*mine))
    return known or MeetingAnswer(meeting_id=meeting.id, email=address, sequence=0)


def note(
    session: Session,
    meeting: Meeting,
    people: list[Participant],
    action: str,
    before: dict[str, str | None] | None,
    after: dict[str, str | None],
    as_at: datetime,
) -> None:
    """Write down who told what about a meeting, by their agencies."""
    session.flush()
    agencies = {"agencies": sorted({one.agency for one in people})}
    entry = Change(f"case/{meeting.case_id}", action, f"meeting {meeting.number}", before, agencies | after)
    append(session, [entry], actor=ACTOR, at=as_at)


def events_of(session: Session, meeting: Meeting) -> Iterator[int]:
    """Yield the timescale on which the people of a meeting are prompted."""
    query = select(Timescale).where(Timescale.case_id == meeting.case_id, Timescale.kind == Meetings.MEETING.value)
    for timescale in session.scalars(query.order_by(Timescale.id)):
        if timescale.subject.row == meeting.id:
            yield timescale.id


def away(session: Session, one: Incoming, as_at: datetime) -> MailOutcome:
    """Note on the meetings to come that somebody who is invited has sent an automatic reply to a message about them."""
    query = select(Message.recipient, Message.id).where(Message.header_id.in_(one.about)).order_by(Message.id)
    asked = session.execute(query).all()
    if not asked:
        return MailOutcome.UNKNOWN_SUBJECT
    mine = [message_id for recipient, message_id in asked if normal(recipient) == one.sender]
    if not mine:
        return MailOutcome.UNKNOWN_SENDER
    subjects = session.scalars(
        select(Timescale.subject)
        .join(Prompt, Prompt.timescale_id == Timescale.id)
        .where(Prompt.message_id.in_(mine), Timescale.kind == Meetings.MEETING.value)
        .order_by(Timescale.id)
    )
    numbers = {subject.row for subject in subjects}
    uids = session.scalars(select(Meeting.uid).where(Meeting.id.in_(numbers)).order_by(Meeting.id)).all()
    told = [noted_away(session, uid, one.sender, as_at) for uid in uids]
    if not told:
        return MailOutcome.LEFT_ALONE
    return MailOutcome.RECORDED if any(told) else MailOutcome.TOO_LATE


def noted_away(session: Session, uid: str, address: str, as_at: datetime) -> bool:
    """Note an automatic reply on a meeting; tell whether it is one to come to which its sender is invited."""
    meeting = locked(session, uid)
    people = [] if meeting is None else [p for p in meeting.participants if p.email and normal(p.email) == address]
    if meeting is None or not people or not is_ahead(meeting, as_at):
        return False
    row = answer_of(session, meeting, address)
    row.away_at = as_at
    session.add(row)
    note(session, meeting, people, "automatic-reply", None, {}, as_at)
    return True


def returned(session: Session, one: Incoming, as_at: datetime) -> MailOutcome:
    """Mark the address of a message that did not get through; a report names one message of ours, and its reader."""
    query = select(Message).where(Message.header_id.in_(one.about)).order_by(Message.id).with_for_update()
    found = session.scalars(query, execution_options={"populate_existing": True}).all()
    if len(found) != 1:
        return MailOutcome.UNKNOWN_SUBJECT
    assert one.returned is not None
    if normal(found[0].recipient) not in one.returned.addresses:
        return MailOutcome.UNKNOWN_SENDER
    why = one.returned.status or NO_STATUS
    return MailOutcome.RECORDED if come_back(session, found[0], why, as_at, ACTOR) else MailOutcome.TOO_LATE
