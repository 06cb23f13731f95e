"""Who else a mail server would take a message for: what tells the fault of one mailbox from that of the route."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.obligations import Message
from notifications.outbox.addresses import AddressRefused, writable_address
from notifications.settings import MailSettings
from policy.vocabulary import MessageState

LATELY = 50
"""How many of the last messages that were sent are looked at for recipients whom the server took before."""
TAKEN_BEFORE = 3
ASKED = 8
"""How many are asked about: of so many not all have left their posts since."""


def witnesses(session: Session, refused: str, waiting: Sequence[str], settings: MailSettings) -> list[str]:
    """Return addresses besides a refused one: some to which mail has gone lately, then some that wait for theirs.

    Of those that wait the last come first: whoever is next in turn may be refused for the same reason.
    """
    sent = select(Message.recipient).where(Message.state == MessageState.SENT, Message.sent_at.is_not(None))
    lately = session.scalars(sent.order_by(Message.sent_at.desc(), Message.id).limit(LATELY)).all()
    found: dict[str, None] = {}
    for candidates, room in ((lately, TAKEN_BEFORE), (waiting[::-1], ASKED)):
        for address in candidates:
            try:
                writable = writable_address(address, settings.allowed_domains)
            except AddressRefused:
                continue
            if writable != refused and len(found) < room:
                found[writable] = None
    return list(found)


def everybody_alike(taken: Iterable[bool | None]) -> bool | None:
    """Tell whether a server takes nobody: none of those asked about; None where it told of none.

    It is asked about no more than it takes to know.
    """
    told = False
    for one in taken:
        if one:
            return False
        told = told or one is not None
    return True if told else None
