"""Claims on messages: taken in one short transaction, held by name, given back or taken over.

A claim carries the name of the round that took it, and every later change asks for that name: whoever lost
the claim changes nothing.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
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
from notifications.claim import Claim
from notifications.moments import mail_day
from notifications.outbox.claimants import is_dead
from policy.letters import STATUTORY
from policy.vocabulary import MessageState

# Written as in the partial index, word for word: with bound values SQLite would not use the index.
IN_OUTBOX = text("message.state IN ('pending', 'retry', 'claimed', 'uncertain')")
MESSAGE = cast("Table", Message.__table__)
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
    Message.refused_since,
    Message.state,
)


BY_HARM = (case((Message.kind.in_(STATUTORY), 0), else_=1), Message.not_before, Message.id)
"""The order in which messages leave: statutory escalations first, then the longest due."""


def not_begun() -> ColumnElement[bool]:
    """Return the condition that a message is claimed and its sending has not begun: it has certainly not left."""
    return and_(IN_OUTBOX, Message.state == MessageState.CLAIMED, Message.began_at.is_(None))


HELD = select(Message.claimed_by).where(not_begun(), Message.lease_until > bindparam("as_at", type_=Moment)).distinct()


def holders_of_claims(session: Session, as_at: datetime) -> list[str]:
    """Return who holds claims that were not begun and whose lease has not ended."""
    return [one for one in session.scalars(HELD, {"as_at": as_at}) if one is not None]


def end_leases(session: Session, claimants: Sequence[str], as_at: datetime) -> None:
    """End the leases of claimants that are known to be dead; what they had begun keeps its own."""
    ended = update(Message).where(not_begun(), Message.claimed_by.in_(claimants)).values(lease_until=as_at)
    session.execute(ended, execution_options={"synchronize_session": False})


def dead_claimants(session: Session, as_at: datetime) -> list[str]:
    """Return the claimants of this machine that hold claims and are dead."""
    return [one for one in holders_of_claims(session, as_at) if is_dead(one)]


def is_due(as_at: Any, max_tries: Any, dead: Any) -> ColumnElement[bool]:
    """Return the condition for a message to be handled: new, due again, left by a dead process, or in doubt.

    ``dead``: claimants known to be dead. What they had not begun is due at once, all else when its lease has ended.
    """
    return and_(
        IN_OUTBOX,
        Message.not_before <= as_at,
        or_(
            Message.state.in_((MessageState.PENDING, MessageState.RETRY)),
            and_(Message.state == MessageState.CLAIMED, Message.lease_until <= as_at),
            and_(not_begun(), Message.claimed_by.in_(dead)),
            and_(Message.state == MessageState.UNCERTAIN, Message.kind.in_(STATUTORY), Message.tries < max_tries),
        ),
    )


def waiting(
    session: Session, as_at: datetime, area: str | None = None, limit: int | None = None, max_tries: int = 8
) -> list[str]:
    """Return the ids of messages to be handled now, statutory escalations first, then the longest due.

    On a day that is no working day nothing leaves, whatever an outage or a second try has left over.
    """
    if not mail_day(session, as_at):
        return []
    query = whose_turn(area is not None)
    if limit is not None:
        query = query.limit(limit)
    dead = dead_claimants(session, as_at)
    return list(session.scalars(query, {"as_at": as_at, "max_tries": max_tries, "dead": dead, "of_area": area}))


@cache
def whose_turn(of_one_area: bool) -> Select[str]:
    """Return the query behind ``waiting``, built once: it runs every few seconds for ever."""
    dead: Any = bindparam("dead", expanding=True)
    query = select(Message.id).where(is_due(bindparam("as_at", type_=Moment), bindparam("max_tries"), dead))
    if of_one_area:
        query = query.where(Message.area == bindparam("of_area"))
    return query.order_by(*BY_HARM)


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
        dead = dead_claimants(self.session, self.as_at)
        query = select(*COLUMNS).where(Message.id.in_(ids), is_due(self.as_at, max_tries, dead))
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

    def hold(self, claims: Sequence[Claim]) -> set[str]:
        """Note that the sending of messages begins, and renew their leases; return those whose claims still hold."""
        begun = {"began_at": self.as_at, "tries": MESSAGE.c.tries + 1, "lease_until": self.lease()}
        return self.change_mine([claim.id for claim in claims], (MessageState.CLAIMED,), begun)

    def settle(self, decided: Sequence[tuple[Claim, dict[str, Any]]]) -> set[str]:
        """Write what became of messages, those of one outcome together; return those whose claims still hold.

        A claim that was only taken for dead, and not given to anybody yet, still counts.
        """
        alike: dict[tuple[tuple[str, Any], ...], list[str]] = defaultdict(list)
        for claim, values in decided:
            alike[tuple(sorted(values.items()))].append(claim.id)
        known = (MessageState.CLAIMED, MessageState.UNCERTAIN)
        return {found for values, ids in alike.items() for found in self.change_mine(ids, known, dict(values))}

    def change_mine(self, ids: Sequence[str], states: Sequence[MessageState], values: dict[str, Any]) -> set[str]:
        """Change messages that this round still claims, in one statement; return which those are."""
        mine = (MESSAGE.c.id.in_(ids), MESSAGE.c.claimed_by == self.owner, MESSAGE.c.state.in_(states))
        # Straight to the connection: the way through the session doubles its time.
        changed = update(MESSAGE).where(*mine).values(values).returning(MESSAGE.c.id)
        return set(self.session.connection().scalars(changed))

    def change_resting(self, claim: Claim, values: dict[str, Any]) -> bool:
        """Change a message that rests since the try of a claim of this round; tell whether it still does."""
        since = (MESSAGE.c.id == claim.id, MESSAGE.c.state == MessageState.RETRY, MESSAGE.c.tries == claim.tries + 1)
        changed = update(MESSAGE).where(*since).values(values).returning(MESSAGE.c.id)
        return bool(self.session.connection().scalars(changed).all())

    def change_all(self, ids: Sequence[str], **values: Any) -> None:
        """Change messages whose rows are locked."""
        if ids:
            self.session.execute(update(MESSAGE).where(MESSAGE.c.id.in_(ids)), values)

    def give_back(self, claims: Sequence[Claim], **values: Any) -> None:
        """Return claims that were not begun to the state they came from."""
        for claim in claims:
            free = {"state": claim.was.value, "claimed_by": None, "lease_until": None}
            self.change_mine([claim.id], (MessageState.CLAIMED,), free | values)

    def lease(self) -> datetime:
        """Return when a claim made or renewed now may be taken over."""
        elapsed = timedelta(seconds=time.monotonic() - self.since)
        return self.as_at + elapsed + timedelta(minutes=self.lease_minutes)
