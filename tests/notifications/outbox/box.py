"""A way out that does what a test tells it, and messages that wait for it."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from models.audit import AuditEntry
from models.audit_seals import verify
from models.obligations import Message
from models.record import Record
from notifications.outbox.outcomes import Delivery
from notifications.outbox.transports import Handed
from tests.support.factories import queue

MINUTE = timedelta(minutes=1)


LEASE = timedelta(minutes=15)


UNKNOWN = Handed("uncertain", "no answer after the content was sent: time-out")


DOWN = Handed("retry", "the mail server cannot be reached: Connection refused", transport_down=True)


class Box:
    """A way out that keeps what it is given and answers as told: one answer a message, the last one stays.

    ``taken``: whether it would take others than the one whom it refuses.
    """

    def __init__(self, *answers: Handed, repeatable: bool = False) -> None:
        self.answers = list(answers) or [Handed("sent", "250 queued")]
        self.repeatable = repeatable
        self.remembers = False
        self.given: list[EmailMessage] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.taken: bool | None = None

    def __enter__(self) -> "Box":
        return self

    def __exit__(self, *_: object) -> None: ...

    def send(self, message: EmailMessage, recipient: str) -> Handed:
        assert message["To"] == recipient
        self.given.append(message)
        self.meanwhile()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def takes(self, recipient: str) -> bool | None:
        return self.taken

    def text(self, number: int = -1) -> str:
        part = self.given[number].get_body(("plain",))
        assert part is not None
        return str(part.get_content())


Poll = Callable[..., list[Delivery]]


def put(record: Record, **values: Any) -> None:
    with record.writing() as session:
        queue(session, **values)


def change(record: Record, message_id: str, **values: Any) -> None:
    with record.writing() as session:
        message = session.get_one(Message, message_id)
        for name, value in values.items():
            setattr(message, name, value)


def audited(record: Record) -> list[tuple[str, str, str]]:
    with record.reading() as session:
        assert list(verify(session)) == []
        query = select(AuditEntry.chain, AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)
        return [(row[0], row[1], row[2]) for row in session.execute(query.where(AuditEntry.chain.like("outbox/%")))]
