"""What may have left without the record knowing of it: after a backup was restored, the outbox is in doubt.

The record stands as it did at the backup; what was sent later is not in it. So a message that may have left counts
as one of unknown fate: a statutory escalation is sent again and says that it may be a repeat, any other
waits for a person.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.audit import append
from models.obligations import Message, Prompt
from notifications.outbox.claims import IN_OUTBOX
from notifications.outbox.outcomes import change
from policy.letters import STATUTORY
from policy.vocabulary import MessageState

BATCH = 500
BY_ITSELF = "the record was restored and this may have left; it is sent again by itself, and says it may be a repeat"
BY_A_PERSON = "the record was restored and this may have left; a person decides whether it is sent again"


def doubt_outbox(session: Session, until: datetime, actor: str, as_at: datetime) -> int:
    """Mark as uncertain what may have left up to a moment, in the session's transaction; return how many.

    That is what was due to leave by then, and what was written as at that very moment: the sweep that makes good
    what the restored record had not raised yet.
    """
    in_doubt = or_(Message.not_before <= until, Message.created_at == until)
    query = (
        select(Message.id, Message.kind, Message.area, Message.state)
        .where(IN_OUTBOX, Message.state != MessageState.UNCERTAIN, in_doubt)
        .order_by(Message.id)
        .with_for_update()
    )
    rows = session.execute(query).all()
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        carried = prompts_of(session, [row.id for row in part])
        entries = []
        for row in part:
            values = {"state": MessageState.UNCERTAIN.value, "reason": reason(row.kind)}
            freed = {"claimed_by": None, "lease_until": None}
            session.execute(update(Message).where(Message.id == row.id).values(began_at=until, **values, **freed))
            entries.append(change(row.id, row.area, row.state, values, carried[row.id]))
        append(session, entries, actor=actor, at=as_at)
    return len(rows)


def reason(kind: str) -> str:
    """Return what the state of a message in doubt says."""
    return BY_ITSELF if kind in STATUTORY else BY_A_PERSON


def prompts_of(session: Session, messages: Sequence[str]) -> dict[str, list[int]]:
    """Return the ids of the prompts that each message carries."""
    carried: dict[str, list[int]] = defaultdict(list)
    query = select(Prompt.message_id, Prompt.id).where(Prompt.message_id.in_(messages)).order_by(Prompt.id)
    for message, prompt in session.execute(query):
        carried[message].append(prompt)
    return carried
