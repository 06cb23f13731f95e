"""What a person may decide about a message that did not simply go: send it again, or take it as sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.obligations import Message
from notifications.moments import leaves_at
from notifications.outbox.claims import BY_HARM
from notifications.outbox.returned import confirm
from policy.addresses import ascii_address, normal
from policy.errors import ConflictError, InvalidError, NotFoundError
from policy.vocabulary import MessageState

OPEN_TO_DECISION = (MessageState.UNCERTAIN, MessageState.DEAD, MessageState.WITHHELD)


def resend(session: Session, message_id: str, actor: str, as_at: datetime, recipient: str | None = None) -> None:
    """Put a message back in the outbox with its tries counted anew, in the session's transaction.

    One whose outcome is not known says that it may be a repeat. ``recipient`` gives an address to a message
    that has none, or a wrong one. The address to which it goes is confirmed by that. What held it back is checked
    again at sending. Raises ``InvalidError`` for an address that is none, ``NotFoundError`` or ``ConflictError`` as
    ``open_to_decision``.
    """
    if recipient is not None and ascii_address(recipient) is None:
        raise InvalidError(f"{recipient!r} is not an e-mail address")
    message = open_to_decision(session, message_id, "sent again")
    before: dict[str, Any] = {"state": message.state, "reason": message.reason, "tries": message.tries}
    if recipient is not None:
        before["recipient"] = message.recipient
        message.recipient, message.recipient_name = recipient, None
    message.state, message.reason = MessageState.RETRY.value, "a person asked for it to be sent again"
    message.tries, message.not_before = 0, leaves_at(session, message.area, as_at)
    message.refused_since = None
    message.claimed_by = message.lease_until = None
    after = {key: getattr(message, key) for key in before}
    write_down(session, message, "message-resent", before, after, actor, as_at)
    confirm(session, message.recipient, actor, as_at)


def resend_all(
    session: Session,
    state: MessageState,
    actor: str,
    as_at: datetime,
    recipient: str | None = None,
    reason: str | None = None,
) -> list[str]:
    """Send again every message in a state, as ``resend`` does each; return their ids, those of most harm first.

    ``recipient``: only those to this address. ``reason``: only those whose reason holds this text.
    """
    if state not in OPEN_TO_DECISION:
        raise InvalidError(f"what is {state} cannot be sent again: choose {', '.join(OPEN_TO_DECISION)}")
    wanted = [Message.state == state]
    if recipient is not None:
        wanted.append(Message.recipient == normal(recipient))
    if reason is not None:
        wanted.append(Message.reason.icontains(reason, autoescape=True))
    ids = list(session.scalars(select(Message.id).where(*wanted).order_by(*BY_HARM)))
    for message_id in ids:
        resend(session, message_id, actor, as_at)
    return ids


def mark_sent(session: Session, message_id: str, actor: str, as_at: datetime) -> None:
    """Take a message as sent, because a person knows or saw to it, in the session's transaction.

    Raises ``NotFoundError`` or ``ConflictError`` as ``open_to_decision``.
    """
    message = open_to_decision(session, message_id, "marked as sent")
    before = {"state": message.state, "reason": message.reason}
    message.state, message.reason = MessageState.SENT.value, "a person marked it as sent"
    message.sent_at = as_at
    message.claimed_by = message.lease_until = None
    after = {"state": message.state, "reason": message.reason}
    write_down(session, message, "message-marked-sent", before, after, actor, as_at)


def open_to_decision(session: Session, message_id: str, what: str) -> Message:
    """Return a message a person may decide about, locked until the commit.

    Raises ``NotFoundError`` where there is none, ``ConflictError`` where it is neither uncertain, dead nor withheld.
    """
    message = session.scalar(
        select(Message).where(Message.id == message_id).with_for_update().execution_options(populate_existing=True)
    )
    if message is None:
        raise NotFoundError(f"there is no message {message_id}")
    if message.state not in OPEN_TO_DECISION:
        raise ConflictError(
            f"message {message_id} is {message.state}: only an uncertain, dead or withheld message can be {what}"
        )
    return message


def write_down(
    session: Session,
    message: Message,
    action: str,
    before: dict[str, Any],
    after: dict[str, Any],
    actor: str,
    as_at: datetime,
) -> None:
    """Write the decision to the record and to its trail."""
    session.flush()
    append(session, [Change(f"outbox/{message.area}", action, message.id, before, after)], actor=actor, at=as_at)
