"""An e-mail as it is written from the record now: for whoever looks on, before it leaves or after."""

from datetime import datetime
from email.message import EmailMessage

from sqlalchemy.orm import Session

from models.obligations import Message
from notifications.claim import Claim
from notifications.outbox.contents import carried
from notifications.outbox.writing import written
from notifications.settings import MailSettings
from policy.errors import NotFoundError
from policy.vocabulary import MessageState

LEFT = (MessageState.SENT, MessageState.UNCERTAIN)
MAY_HAVE_ARRIVED = (MessageState.RETRY, MessageState.UNCERTAIN)


def preview(session: Session, message: Message, as_at: datetime, settings: MailSettings) -> EmailMessage:
    """Return the e-mail of a message, and claim nothing: it can be looked at as often as anybody likes.

    What has left is written with all it carried, what waits with what is still wanted; nothing is said of restricted
    cases. ``NotFoundError`` where nothing is left to say.
    """
    state = MessageState(message.state)
    found = [one for one in carried(session, [message.id])[message.id] if not one.restricted]
    said = found if state in LEFT else [one for one in found if one.unneeded is None]
    if not said:
        raise NotFoundError("this message has nothing to say any more, or speaks of restricted cases alone")
    claim = Claim(
        id=message.id, kind=message.kind, area=message.area, recipient=message.recipient,
        recipient_name=message.recipient_name, subject=message.subject, header_id=message.header_id,
        not_before=message.not_before, tries=message.tries,
        began_at=message.began_at if state in MAY_HAVE_ARRIVED else None, refused_since=message.refused_since,
        was=state,
    )  # fmt: skip
    _, email = written(session, claim, message.recipient, said, False, as_at, settings)
    return email
