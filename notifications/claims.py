"""Claims on messages: taken in one short transaction, held by name, given back or taken over (promise 3).

A claim carries the name of the round that took it, and every later change asks for that name: whoever lost
the claim changes nothing.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from models.base import Moment
from models.obligations import Message
from notifications.outcomes import STATUTORY, Claim
from policy.vocabulary import MessageState

# Written as in the partial index, word for word: with bound values SQLite would not use the index.
IN_OUTBOX = text("message.state IN ('pending', 'retry', 'claimed', 'uncertain')")
MESSAGE = cast("Table", Message.__table__)
MINE = and_(MESSAGE.c.id == bindparam("message_key"), MESSAGE.c.claimed_by == bindparam("holder"))
# Built once: these run twice a message.
CHANGE_HELD = update(MESSAGE).where(MINE, MESSAGE.c.state == MessageState.CLAIMED.value)
CHANGE_KNOWN = update(MESSAGE).where(
    MINE, or_(MESSAGE.c.state == MessageState.CLAIMED.value, MESSAGE.c.state == MessageState.UNCERTAIN.value)
)
COLUMNS = (
    Message.id,
    Message.kind,
    Message.area,
    Message.recipient,
    Message.recipient_name,
    Message.subject,
    Message.header_id,
    Message.not_before,
    Message.tries,
    Message.began_at,
    Message.state,
)


def is_due(as_at: Any, max_tries: Any) -> ColumnElement[bool]:
    """Return the condition for a message to be handled: new, due again, left by a dead process, or in doubt."""
    return and_(
        IN_OUTBOX,
        Message.not_before <= as_at,
        or_(
            Message.state.in_((MessageState.PENDING, MessageState.RETRY)),
            and_(Message.state == MessageState.CLAIMED, Message.lease_until <= as_at),
            and_(Message.state == MessageState.UNCERTAIN, Message.kind.in_(STATUTORY), Message.tries < max_tries),
        ),
    )


def waiting(
    session: Session, as_at: datetime, area: str | None = None, limit: int | None = None, max_tries: int = 8
) -> list[str]:
    """Return the ids of messages to be handled now, statutory escalations first, then the longest due."""
    query = whose_turn(area is not None)
    if limit is not None:
        query = query.limit(limit)
    return list(session.scalars(query, {"as_at": as_at, "max_tries": max_tries, "of_area": area}))


@cache
def whose_turn(of_one_area: bool) -> Select[tuple[str]]:
    """Return the query behind ``waiting``, built once: it runs every few seconds for ever."""
    query = select(Message.id).where(is_due(bindparam("as_at", type_=Moment), bindparam("max_tries")))
    if of_one_area:
        query = query.where(Message.area == bindparam("of_area"))
    return query.order_by(case((Message.kind.in_(STATUTORY), 0), else_=1), Message.not_before, Message.id)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one round of delivery. ``since``: the monotonic clock's reading when ``as_at`` was the present."""

    session: Session
    as_at: datetime
    owner: str
    lease_minutes: int
    since: float

    def due(self, ids: Sequence[str], max_tries: int) -> list[Any]:
        """Return the rows of those among ``ids`` that are due, locked; what another process is claiming is left out."""
        query = select(*COLUMNS).where(Message.id.in_(ids), is_due(self.as_at, max_tries))
        rows = {row.id: row for row in self.session.execute(query.with_for_update(skip_locked=True))}
        return [rows[i] for i in ids if i in rows]

    def take(self, rows: Sequence[Any]) -> list[Claim]:
        """Claim locked rows. A claim another round did not live to begin, or may safely repeat, starts afresh."""
        claims = []
        for row in rows:
            crashed = row.state == MessageState.CLAIMED
            was = (MessageState.RETRY if row.tries else MessageState.PENDING) if crashed else MessageState(row.state)
            values = row._asdict() | {"was": was, "began_at": None if crashed else row.began_at}
            del values["state"]
            claims.append(Claim(**values))
        ids = [claim.id for claim in claims]
        self.change_all(ids, state=MessageState.CLAIMED.value, claimed_by=self.owner, lease_until=self.lease())
        self.change_all([row.id for row in rows if row.state == MessageState.CLAIMED], began_at=None)
        return claims

    def hold(self, claim: Claim) -> bool:
        """Note that the sending of a message begins, and renew its lease; false where the claim is lost."""
        values = {"began_at": self.as_at, "tries": claim.tries + 1, "lease_until": self.lease()}
        return self.change(CHANGE_HELD, claim, values)

    def settle(self, claim: Claim, values: dict[str, Any]) -> bool:
        """Write what became of a message; false where the claim is lost.

        A claim that was only taken for dead, and not given to anybody yet, still counts.
        """
        return self.change(CHANGE_KNOWN, claim, values)

    def change(self, statement: Update, claim: Claim, values: dict[str, Any]) -> bool:
        """Change one claimed message; tell whether it was still there to change."""
        # Straight to the connection: this runs twice a message, and the way through the session doubles its time.
        found = self.session.connection().execute(statement, {"message_key": claim.id, "holder": self.owner, **values})
        return found.rowcount == 1

    def change_all(self, ids: Sequence[str], **values: Any) -> None:
        """Change messages whose rows are locked."""
        if ids:
            self.session.execute(update(MESSAGE).where(MESSAGE.c.id.in_(ids)), values)

    def give_back(self, claims: Sequence[Claim], **values: Any) -> None:
        """Return claims that were not begun to the state they came from."""
        for claim in claims:
            free = {"state": claim.was.value, "claimed_by": None, "lease_until": None}
            self.change(CHANGE_HELD, claim, free | values)

    def lease(self) -> datetime:
        """Return when a claim made or renewed now may be taken over."""
        elapsed = timedelta(seconds=time.monotonic() - self.since)
        return self.as_at + elapsed + timedelta(minutes=self.lease_minutes)
