"""Addresses to which e-mail does not get through: nobody is asked by one until a person has confirmed it.

A mail server refuses an address at once, or says later that it could not deliver: to a reader both are the same. What
it was to carry is told further up (``notifications.prompts.notices``), what comes next goes to whoever is asked where a
role has nobody, and what can go to nobody else waits. Sending such a message again is to confirm its address.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.cases import Case
from models.meetings import Meeting, Participant
from models.obligations import Message, Prompt, Timescale
from models.record import policies
from models.replies import ReturnedAddress
from notifications.claim import Claim
from notifications.moments import leaves_at
from notifications.outbox.outcomes import reason_of
from notifications.prompts.notices import Notice, announce
from policy.addresses import normal
from policy.announcements import Announcement
from policy.calendar import london_date
from policy.letters import MessageKind
from policy.roles import Role
from policy.vocabulary import MeetingState, MessageState, State

CAME_BACK = (MessageState.SENT, MessageState.UNCERTAIN)
"""States of a message that may still turn out not to have arrived."""
NOT_ARRIVED = (MessageState.DEAD, MessageState.WITHHELD)
HELD = "e-mail to this address has come back; a person confirms it, or gives another"
CONFIRMED = "a person has confirmed its address"
WHY_LENGTH = 300


def come_back(session: Session, message: Message, why: str, as_at: datetime, actor: str) -> bool:
    """Write down that a message did not arrive, and mark its address; False where it is not known as gone any more."""
    if message.state not in CAME_BACK:
        return False
    was = message.state
    message.state, message.reason = MessageState.DEAD.value, reason_of(f"it came back: {why}")
    # It certainly did not arrive: no later try is a repeat of it.
    message.began_at = message.claimed_by = message.lease_until = None
    carried = session.scalars(select(Prompt.id).where(Prompt.message_id == message.id).order_by(Prompt.id)).all()
    after = {"state": message.state, "reason": message.reason, "prompts": list(carried)}
    changes = [Change(f"outbox/{message.area}", "message-came-back", message.id, {"state": was}, after)]
    session.flush()
    append(session, [*changes, *mark(session, message, why, as_at)], actor=actor, at=as_at)
    return True


def mark(session: Session, message: Message | Claim, why: str, as_at: datetime) -> list[Change]:
    """Mark the address of a message, or note that those further up are to hear once more.

    Returns what is to be written down.
    """
    known, address = marked(session, message.recipient), normal(message.recipient)
    if known is not None:
        known.tell_at, known.message_id, known.area = known.tell_at or as_at, message.id, message.area
        session.flush()
        return []
    session.add(ReturnedAddress(email=address, why=why[:WHY_LENGTH], since=as_at, message_id=message.id,
                                area=message.area, tell_at=as_at))  # fmt: skip
    session.flush()
    # The message says whose address it is: no address stands in the trail of the outbox.
    return [Change(f"outbox/{message.area}", "address-marked", message.id, None, {"why": why})]


def marked(session: Session, address: str) -> ReturnedAddress | None:
    """Return the mark of an address, None where it has none."""
    return session.scalar(select(ReturnedAddress).where(ReturnedAddress.email == normal(address)))


def confirm(session: Session, address: str, actor: str, as_at: datetime) -> bool:
    """Take the mark of an address away, in the session's transaction: a person says that it works.

    What was withheld for it leaves. False where it has none.
    """
    known = marked(session, address)
    if known is None:
        return False
    changes = [Change(f"outbox/{known.area}", "address-confirmed", known.message_id, {"why": known.why})]
    waits = (Message.recipient == known.email, Message.state == MessageState.WITHHELD, Message.reason == HELD)
    for message in session.scalars(select(Message).where(*waits).order_by(Message.id).with_for_update()):
        message.state, message.reason, message.tries = MessageState.RETRY.value, CONFIRMED, 0
        message.not_before = leaves_at(session, message.area, as_at)
        changes.append(Change(f"outbox/{message.area}", "message-resent", message.id, {"state": MessageState.WITHHELD},
                              {"state": message.state, "reason": CONFIRMED}))  # fmt: skip
    session.delete(known)
    session.flush()
    append(session, changes, actor=actor, at=as_at)
    return True


def tell(session: Session, mark_id: int, as_at: datetime) -> int:
    """Tell those further up what did not reach an address, each thing once; return how many prompts were raised.

    Meetings to which it is invited get another look: somebody else is found for the agency.
    """
    known = session.scalars(select(ReturnedAddress).where(ReturnedAddress.id == mark_id).with_for_update()).one()
    raised = announce(session, list(notices(session, known, as_at)), as_at)
    invited = select(Participant.meeting_id).where(Participant.email == known.email)
    again = update(Meeting).where(
        Meeting.id.in_(invited), Meeting.state == MeetingState.PLANNED, Meeting.prepare_at.is_(None)
    )
    session.execute(again.values(prepare_at=as_at), execution_options={"synchronize_session": False})
    known.tell_at = None
    return raised


def notices(session: Session, known: ReturnedAddress, as_at: datetime) -> Iterator[Notice]:
    """Yield what is to be told of what did not reach an address: each open duty, to the next above who was asked."""
    query = (
        select(Prompt.timescale_id, Prompt.recipient_role, Case.area)
        .join(Message, Message.id == Prompt.message_id)
        .join(Timescale, Timescale.id == Prompt.timescale_id)
        .join(Case, Case.id == Timescale.case_id)
        .where(
            Prompt.recipient == known.email,
            Prompt.withdrawn.is_(None),
            Prompt.revision == Timescale.revision,
            Message.state.in_(NOT_ARRIVED),
            Timescale.state.in_((State.OPEN, State.PAUSED)),
        )
        .order_by(Prompt.id)
    )
    for timescale_id, role, area in session.execute(query):
        above = policies(session).for_area(area, london_date(as_at)).fallback.get(Role(role), ())
        yield Notice(
            timescale_id,
            f"{Announcement.RETURNED} {known.id}",
            MessageKind.DIGEST,
            tuple(one.value for one in above[:1]) or (Role.COORDINATOR.value,),
        )
