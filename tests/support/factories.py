"""Messages with their prompts as the prompting leaves them: one call a message."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.obligations import Message, Prompt, Timescale
from models.record import Record
from tests.support import rows

EIGHT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)
"""Friday 10 July 2026, 08:00 in Europe/London."""
DUE = date(2026, 9, 12)
RUNG_ON = date(2026, 7, 10)
CRN = "X320741"
SURNAME = "Okonkwo"
_numbers: Iterator[int] = count(1)


def queue(session: Session, key: str = "m1", kind: str = "digest", prompts: int = 1, **values: Any) -> Message:
    """Add a pending message that carries prompts, each on the referral of a case of its own."""
    defaults: dict[str, Any] = {
        "kind": kind,
        "subject": f"{prompts} referrals to do, first by 12 September",
        "created_at": EIGHT,
        "not_before": EIGHT,
        "recipient_name": "Grace Hall",
    }
    message = rows.message(session, key, **(defaults | values))
    for _ in range(prompts):
        carry(session, message)
    return message


def carry(session: Session, message: Message, of: Timescale | None = None, **values: Any) -> Prompt:
    """Add a prompt to a message, on a timescale or on a new case's referral."""
    escalates = message.kind == "escalation"
    defaults: dict[str, Any] = {
        "rung": "+1W" if escalates else "-2 weeks",
        "rung_on": RUNG_ON,
        "weight": "escalation" if escalates else "reminder",
        "recipient": message.recipient,
        "recipient_role": "line_manager" if escalates else "offender_manager",
    }
    return rows.prompt(session, of or owed(session), message, **(defaults | values))


def owed(session: Session, **values: Any) -> Timescale:
    """Add a person with a case whose referral is owed by Saturday 12 September 2026."""
    number = next(_numbers)
    someone = rows.person(session, f"X{number:06d}", surname=SURNAME)
    case = rows.case(session, someone, f"LON-2026-{number:06d}")
    return rows.timescale(session, case, due_on=DUE, **values)


def messages(record: Record) -> dict[str, Message]:
    """Return every message by its id, as it stands in the record now."""
    with record.reading() as session:
        found = {message.id: message for message in session.scalars(select(Message))}
        session.expunge_all()
    return found
