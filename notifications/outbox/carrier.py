"""What became of the messages that a carrier has taken: it is asked later, less and less often, until it says.

A mail server sends a report where it cannot deliver; GOV.UK Notify has a state that is asked for. Delivered: nothing
is to be done. Failed for good: as an e-mail that came back. Failed for now: the message is tried again, for as many
days as one that a mail server refuses for now.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.obligations import Message
from models.replies import CarriedMessage
from notifications.claim import Claim
from notifications.moments import leaves_at
from notifications.outbox.notify import UNKNOWN
from notifications.outbox.outcomes import reason_of
from notifications.outbox.returned import come_back
from notifications.settings import MailSettings
from policy.vocabulary import MessageState

ACTOR = "flow replies"
TAKEN = "created"
DELIVERED, NEVER, NOT_NOW, BY_A_FAULT = "delivered", "permanent-failure", "temporary-failure", "technical-failure"
ENDS = (DELIVERED, NEVER, NOT_NOW, BY_A_FAULT, UNKNOWN)
ASKED_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
KEPT = timedelta(days=7)
"""For so long a carrier knows what it has taken (GOV.UK Notify keeps messages for 7 days)."""
AGAIN = timedelta(hours=1)
WORDS = {
    DELIVERED: "GOV.UK Notify has delivered it",
    NEVER: "GOV.UK Notify cannot deliver it: permanent-failure",
    NOT_NOW: "GOV.UK Notify could not deliver it: temporary-failure",
    BY_A_FAULT: "GOV.UK Notify could not deliver it: technical-failure",
}


class Asked(NamedTuple):
    """A message whose carrier is to be asked, by its row, and by what the carrier calls it."""

    row: int
    carrier_id: str


def note_taken(session: Session, claim: Claim, carrier_id: str, as_at: datetime) -> None:
    """Write down by what a carrier can be asked about a message that it has taken."""
    row = session.scalar(select(CarriedMessage).where(CarriedMessage.message_id == claim.id))
    if row is None:
        row = CarriedMessage(message_id=claim.id)
        session.add(row)
    row.carrier_id, row.state, row.taken_at, row.asks = carrier_id, TAKEN, as_at, 0
    row.ask_at = as_at + ASKED_AFTER[0]


def to_ask(session: Session, as_at: datetime, limit: int) -> Sequence[Asked]:
    """Return the messages whose carrier is to be asked now, who waits longest first."""
    query = select(CarriedMessage.id, CarriedMessage.carrier_id).where(CarriedMessage.ask_at <= as_at)
    rows = session.execute(query.order_by(CarriedMessage.ask_at, CarriedMessage.id).limit(limit))
    return [Asked(row.id, row.carrier_id) for row in rows]


def ask_later(session: Session, waits: Sequence[Asked], as_at: datetime) -> None:
    """Let a carrier rest that does not answer."""
    later = update(CarriedMessage).where(CarriedMessage.id.in_([one.row for one in waits]))
    session.execute(later.values(ask_at=as_at + ASKED_AFTER[1]), execution_options={"synchronize_session": False})


def heard(session: Session, one: Asked, state: str, as_at: datetime, settings: MailSettings) -> None:
    """Bring what a carrier says of a message to the record, in the session's transaction.

    What has been handed over once more meanwhile is another message to it, and stays.
    """
    row = session.scalars(select(CarriedMessage).where(CarriedMessage.id == one.row).with_for_update()).one()
    if row.carrier_id != one.carrier_id or row.ask_at is None:
        return
    row.state, row.asks = state, row.asks + 1
    over = as_at - row.taken_at >= KEPT
    row.ask_at = None if state in ENDS or over else as_at + ASKED_AFTER[min(row.asks, len(ASKED_AFTER) - 1)]
    message = session.scalars(
        select(Message).where(Message.id == row.message_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()
    if message.state != MessageState.SENT or state not in WORDS:
        return
    since = message.refused_since or row.taken_at
    patience = as_at - since < timedelta(days=settings.retry_days)
    if state == DELIVERED:
        message.reason = WORDS[state]
        note(session, message, "message-delivered", as_at)
    elif state == NEVER or not patience:
        come_back(session, message, WORDS[state], as_at, ACTOR)
    else:
        message.state, message.reason = MessageState.RETRY.value, reason_of(WORDS[state])
        # It certainly did not arrive: the next try is no repeat of it.
        message.began_at, message.refused_since = None, since
        message.not_before = leaves_at(session, message.area, as_at + AGAIN)
        note(session, message, "message-retry", as_at)


def note(session: Session, message: Message, action: str, as_at: datetime) -> None:
    """Write down what a carrier said of a message."""
    session.flush()
    after = {"state": message.state, "reason": message.reason}
    entry = Change(f"outbox/{message.area}", action, message.id, {"state": MessageState.SENT.value}, after)
    append(session, [entry], actor=ACTOR, at=as_at)
