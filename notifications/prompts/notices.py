"""What is told beside a ladder: that a case was identified, an invitation, an outcome; each once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import append
from models.hand_overs import HandOver
from models.obligations import Prompt
from notifications.prompts.queueing import queue_messages
from notifications.prompts.raising import (
    ACTOR,
    TIMESCALES,
    Addresses,
    Raised,
    addressed,
    audit_entries,
    with_case,
    write_prompts,
)
from notifications.recipients import Recipient
from policy.calendar import london_date
from policy.letters import MessageKind
from policy.vocabulary import Weight


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told beside the ladder of a timescale: once for its revision, rung and recipient.

    ``people`` are (e-mail, name); without them the holders of ``roles`` are told.
    """

    timescale_id: int
    rung: str
    message: MessageKind
    roles: tuple[str, ...]
    people: tuple[tuple[str, str], ...] = ()

    @property
    def weight(self) -> Weight:
        """Return how it travels: in the day's digest, or at once by a letter."""
        return Weight.REMINDER if self.message is MessageKind.DIGEST else Weight.NOTICE


def announce(session: Session, notices: Sequence[Notice], as_at: datetime) -> int:
    """Tell what is to be told now; what has been told before is left out. Returns how many prompts were raised."""
    if not notices:
        return 0
    session.flush()
    ids = {notice.timescale_id for notice in notices}
    rows = {row.id: row for row in session.connection().execute(with_case().where(TIMESCALES.c.id.in_(ids)))}
    told = told_before(session, ids)
    today = london_date(as_at)
    addresses = Addresses(session, {row.area for row in rows.values()}, today)
    raised = []
    for notice in notices:
        row = rows[notice.timescale_id]
        for one in noticed(row, notice, today, addresses):
            keys = {(row.id, row.revision, notice.rung, address) for address in (one.email, addresses.meant(one))}
            if keys.isdisjoint(told):
                told |= keys
                raised.append(one)
    queue_messages(session, raised, as_at)
    write_prompts(session, raised, as_at)
    append(session, audit_entries(raised), actor=ACTOR, at=as_at)
    return len(raised)


def told_before(session: Session, ids: Collection[int]) -> set[tuple[int, int, str, str]]:
    """Return who was told what of some timescales, as (timescale, revision, rung, address).

    What went to the colleague of somebody who is away has told both: neither hears it again when the other is back.
    """
    query = (
        select(Prompt.timescale_id, Prompt.revision, Prompt.rung, Prompt.recipient, HandOver.email)
        .outerjoin(HandOver, HandOver.id == Prompt.hand_over_id)
        .where(Prompt.timescale_id.in_(ids))
    )
    return {
        (timescale, revision, rung, address)
        for timescale, revision, rung, recipient, away in session.execute(query.order_by(Prompt.id))
        for address in (recipient, away)
        if address is not None
    }


def noticed(row: Any, notice: Notice, today: date, addresses: Addresses) -> list[Raised]:
    """Return a notice for each of its recipients."""
    weight, message = notice.weight.value, notice.message.value
    if not notice.people:
        return addressed(row, notice.rung, today, notice.roles, weight, message, addresses)
    role = notice.roles[0]
    return [
        Raised(row, notice.rung, today, weight, message, Recipient(email, name or None, role), role, 0)
        for email, name in notice.people
    ]
