"""From a message in the outbox to a delivered e-mail: never lost, never twice, and in doubt said so (promises 2 to 5).

Each step is a transaction of its own and each is conditional on the claim, so that a process that dies, or
one whose claim was taken over, leaves a state from which the next poll goes on. No transaction is open while
the message is handed over.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import ColumnElement, CursorResult, and_, case, or_, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from models.audit import append
from models.checkpoints import reached
from models.obligations import Message
from notifications.addresses import AddressRefusedError, writable_address
from notifications.contents import RESTRICTED, Carried, carried, ids_of, set_apart, subject_of, withdraw
from notifications.decisions import mark_sent, resend
from notifications.outcomes import (
    ACTOR,
    TRANSPORT_REST,
    Claim,
    Delivery,
    after_try,
    change,
    reason_of,
    result_of,
    uncertain,
)
from notifications.rendering import ESCALATION, Envelope, render
from notifications.settings import MailSettings
from notifications.transports import Handed, Transport
from policy.vocabulary import MessageState

__all__ = ["Delivery", "deliver", "mark_sent", "resend", "waiting"]

log = logging.getLogger(__name__)

T = TypeVar("T")
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
    Message.state,
    Message.began_at,
)
TRIES_ON_CONFLICT = 5
# So many unknown outcomes in a row are the server's doing: the others had better wait than become uncertain too.
DOUBTS_IN_A_ROW = 3
# Written as in the partial index, word for word: with bound values SQLite would not use the index.
IN_OUTBOX = text("message.state IN ('pending', 'retry', 'claimed', 'uncertain')")


def is_due(as_at: datetime, max_tries: int) -> ColumnElement[bool]:
    """Return the condition for a message to be handled: new, due again, left by a dead process, or in doubt."""
    return and_(
        IN_OUTBOX,
        Message.not_before <= as_at,
        or_(
            Message.state.in_((MessageState.PENDING, MessageState.RETRY)),
            and_(Message.state == MessageState.CLAIMED, Message.lease_until <= as_at),
            and_(Message.state == MessageState.UNCERTAIN, Message.kind == ESCALATION, Message.tries < max_tries),
        ),
    )


def waiting(
    session: Session, as_at: datetime, area: str | None = None, limit: int | None = None, max_tries: int = 8
) -> list[str]:
    """Return the ids of messages to be handled now, escalations first, then the longest due."""
    query = select(Message.id).where(is_due(as_at, max_tries))
    if area is not None:
        query = query.where(Message.area == area)
    order = (case((Message.kind == ESCALATION, 0), else_=1), Message.not_before, Message.id)
    return list(session.scalars(query.order_by(*order).limit(limit)))


def deliver(
    session: Session,
    ids: Sequence[str],
    as_at: datetime,
    transport: Transport,
    settings: MailSettings,
    since: float | None = None,
) -> list[Delivery]:
    """Deliver messages one after another; say for each what came of it. Commits between its steps.

    ``since`` is the reading of the monotonic clock when ``as_at`` was the present moment: leases run from the
    real present, however long the run already takes. Left out, it is now.
    """
    round_ = Round(session, as_at, transport, settings, time.monotonic() if since is None else since)
    return round_.run(ids)


@dataclass(slots=True)
class Round:
    """One delivery of a chunk. ``owner`` names this very round: only the holder of a claim may act on it."""

    session: Session
    as_at: datetime
    transport: Transport
    settings: MailSettings
    since: float
    owner: str = ""
    left: list[Claim] = field(default_factory=list)

    def run(self, ids: Sequence[str]) -> list[Delivery]:
        """Claim what is due among ``ids`` and handle it; what is not begun in the end is given back."""
        self.owner = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:12]}"
        claims, done = self.insist(partial(self.claim, ids))
        handled = {delivery.message_id for delivery in done} | {claim.id for claim in claims}
        done += [
            Delivery(i, "skipped", "no longer waiting, or claimed by another process") for i in ids if i not in handled
        ]
        self.left = list(claims)
        doubts = 0
        try:
            reached("delivery.claimed")
            while self.left:
                delivery, handed = self.handle(self.left[0])
                done.append(delivery)
                doubts = doubts + 1 if handed and handed.outcome == "uncertain" else 0
                if handed and self.left and (handed.transport_down or doubts == DOUBTS_IN_A_ROW):
                    done += self.insist(partial(self.put_back, handed.detail))
        except BaseException:
            self.let_go()
            raise
        return done

    def claim(self, ids: Sequence[str]) -> tuple[list[Claim], list[Delivery]]:
        """Claim what is due, in one transaction; a try that ended nobody knows how becomes uncertain.

        Rows another process is claiming at this moment are passed over.
        """
        query = (
            select(*COLUMNS)
            .where(Message.id.in_(ids), is_due(self.as_at, self.settings.max_tries))
            .with_for_update(skip_locked=True)
        )
        rows = {row.id: row for row in self.session.execute(query)}
        claims: list[Claim] = []
        unknown: list[Any] = []
        again: list[Any] = []
        for row in (rows[i] for i in ids if i in rows):
            crashed = row.state == MessageState.CLAIMED
            if crashed and row.began_at is not None:
                (again if self.transport.repeatable else unknown).append(row)
                if not self.transport.repeatable:
                    continue
            was = (MessageState.RETRY if row.tries else MessageState.PENDING) if crashed else MessageState(row.state)
            claims.append(claim_of(row, was, repeat=row.began_at is not None and not crashed))
        self.change_messages(
            [claim.id for claim in claims],
            state=MessageState.CLAIMED.value,
            claimed_by=self.owner,
            lease_until=self.lease(),
        )
        self.change_messages([row.id for row in again], began_at=None)
        done = [self.doubt(row) for row in unknown]
        self.session.commit()
        return claims, done

    def doubt(self, row: Any) -> Delivery:
        """Mark a message whose sender died in the middle as uncertain.

        It keeps the name of its claim: should that sender live after all, it may still tell the outcome.
        """
        detail = "the process that was sending it ended before the outcome was known"
        values = uncertain(row.kind, row.tries, detail, self.as_at, self.settings)
        self.change_messages([row.id], **values)
        prompts = ids_of(carried(self.session, row.id))
        append(self.session, [change(row.id, row.area, row.state, values, prompts)], actor=ACTOR, at=self.as_at)
        return result_of(row.id, values)

    def handle(self, claim: Claim) -> tuple[Delivery, Handed | None]:
        """Begin, hand over and record one message; the second value is None where it did not come to that."""
        try:
            begun = self.insist(partial(self.begin, claim))
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001  a message that cannot be written must not stop the others
            self.session.rollback()
            self.left.remove(claim)
            log.error("message %s cannot be written (%s)", claim.id, type(error).__name__)
            handed = Handed("retry", f"the message cannot be written: {type(error).__name__}")
            return self.insist(partial(self.record, claim, handed, (), counted=False)), None
        # From here on it is no longer one that may simply be given back.
        self.left.remove(claim)
        if isinstance(begun, Delivery):
            return begun, None
        message, recipient, prompts = begun
        reached("delivery.begun")
        handed = self.hand_over(message, recipient, claim.id)
        reached("delivery.handed_over")
        delivery = self.insist(partial(self.record, claim, handed, prompts))
        reached("delivery.recorded")
        return delivery, handed

    def hand_over(self, message: EmailMessage, recipient: str, message_id: str) -> Handed:
        """Send, with no transaction open. A way out that breaks its word leaves the outcome unknown."""
        try:
            return self.transport.send(message, recipient)
        except Exception as error:  # noqa: BLE001  whatever it is, the outcome has to be written down
            log.error("message %s: the transport failed with %s", message_id, type(error).__name__)
            detail = f"the transport failed with {type(error).__name__}"
            return Handed("retry" if self.transport.repeatable else "uncertain", detail)

    def begin(self, claim: Claim) -> tuple[EmailMessage, str, list[int]] | Delivery:
        """Check that the message is still needed and may go, write it, and note that its sending begins."""
        prompts = carried(self.session, claim.id)
        needed = [prompt for prompt in prompts if not prompt.unneeded]
        if len(needed) < len(prompts):
            withdraw(self.session, claim, [prompt for prompt in prompts if prompt.unneeded], self.as_at)
        if not needed:
            return self.close(claim, prompts, MessageState.CANCELLED, why_cancelled(claim, prompts))
        open_ = [prompt for prompt in needed if not prompt.restricted]
        if not open_:
            return self.close(claim, needed, MessageState.WITHHELD, RESTRICTED)
        if len(open_) < len(needed):
            set_apart(self.session, claim, [prompt for prompt in needed if prompt.restricted], self.as_at)
        try:
            recipient = writable_address(claim.recipient, self.settings.allowed_domains)
        except AddressRefusedError as refusal:
            return self.close(claim, open_, MessageState.WITHHELD, str(refusal))
        lines = [prompt.line for prompt in open_]
        if len(open_) < len(prompts):
            claim = replace(claim, subject=subject_of(claim, lines))
        envelope = Envelope(
            claim.kind, claim.area, recipient, claim.recipient_name, claim.subject, claim.header_id, self.as_at
        )
        message = render(envelope, lines, self.settings, claim.repeat)
        values = {
            "began_at": self.as_at,
            "tries": claim.tries + 1,
            "lease_until": self.lease(),
            "subject": claim.subject,
        }
        if not self.change_claimed(claim, values):
            self.session.rollback()
            return Delivery(claim.id, "skipped", "its claim was taken over by another process")
        self.session.commit()
        return message, recipient, ids_of(open_)

    def close(self, claim: Claim, prompts: Sequence[Carried], state: MessageState, reason: str) -> Delivery:
        """Withhold or cancel a message that is not to go."""
        values = {"state": state.value, "reason": reason_of(reason), "lease_until": None, "claimed_by": None}
        if not self.change_claimed(claim, values):
            self.session.rollback()
            return Delivery(claim.id, "skipped", "its claim was taken over by another process")
        entry = change(claim.id, claim.area, claim.was, values, ids_of(prompts))
        append(self.session, [entry], actor=ACTOR, at=self.as_at)
        self.session.commit()
        return result_of(claim.id, values)

    def record(self, claim: Claim, handed: Handed, prompts: Sequence[int], counted: bool = True) -> Delivery:
        """Write the outcome of a try. ``counted``: the try was counted when it began."""
        values = after_try(claim, handed, self.as_at, self.settings)
        if not counted:
            values = {"tries": claim.tries + 1} | values
        answer = handed.detail if handed.outcome == "sent" else ""
        entry = change(claim.id, claim.area, claim.was, values, prompts, answer)
        delivery = result_of(claim.id, values)
        if not self.change_claimed(claim, values, MessageState.UNCERTAIN):
            # Another process decided in the meantime; what this one knows still belongs in the trail.
            entry = replace(entry, action=f"{entry.action}-late")
            delivery = Delivery(claim.id, "failed", f"{handed.outcome}, but its claim had been taken over")
        append(self.session, [entry], actor=ACTOR, at=self.as_at)
        self.session.commit()
        return delivery

    def put_back(self, why: str) -> list[Delivery]:
        """Let the messages rest that were not tried because nothing gets out at the moment."""
        reason = reason_of(f"not tried: {why}")
        self.give_back(not_before=self.as_at + TRANSPORT_REST, reason=reason)
        self.session.commit()
        done = [Delivery(claim.id, "failed", reason) for claim in self.left]
        self.left.clear()
        return done

    def let_go(self) -> None:
        """Give back claims on the way out of an error; where even that fails their lease ends by itself."""
        try:
            self.session.rollback()
            self.give_back()
            self.session.commit()
        except SQLAlchemyError as error:
            log.error(
                "claims on %d messages could not be given back (%s); their lease ends by itself",
                len(self.left),
                type(error).__name__,
            )

    def give_back(self, **values: Any) -> None:
        """Return the claims that were not begun to the state they came from."""
        for state in {claim.was for claim in self.left}:
            ids = [claim.id for claim in self.left if claim.was == state]
            self.change_messages(ids, only_mine=True, state=state.value, claimed_by=None, lease_until=None, **values)

    def lease(self) -> datetime:
        """Return when a claim made or renewed now may be taken over."""
        elapsed = timedelta(seconds=time.monotonic() - self.since)
        return self.as_at + elapsed + timedelta(minutes=self.settings.lease_minutes)

    def change_claimed(self, claim: Claim, values: dict[str, Any], *or_states: MessageState) -> bool:
        """Change a message this round still holds; tell whether it does."""
        states = (MessageState.CLAIMED, *or_states)
        result = self.session.execute(
            update(Message)
            .where(Message.id == claim.id, Message.claimed_by == self.owner, Message.state.in_(states))
            .values(values),
            execution_options={"synchronize_session": False},
        )
        return isinstance(result, CursorResult) and result.rowcount == 1

    def change_messages(self, ids: Sequence[str], only_mine: bool = False, **values: Any) -> None:
        """Change messages whose rows are locked, or those of them this round still holds."""
        if not ids:
            return
        statement = update(Message).where(Message.id.in_(ids)).values(values)
        if only_mine:
            statement = statement.where(Message.claimed_by == self.owner, Message.state == MessageState.CLAIMED)
        self.session.execute(statement, execution_options={"synchronize_session": False})

    def insist(self, step: Callable[[], T]) -> T:
        """Do a step that ends with its commit; again where another process was in the way."""
        for trial in range(1, TRIES_ON_CONFLICT + 1):
            try:
                return step()
            except (IntegrityError, OperationalError):
                self.session.rollback()
                if trial == TRIES_ON_CONFLICT:
                    raise
        raise AssertionError("unreachable")


def claim_of(row: Any, was: MessageState, repeat: bool) -> Claim:
    """Return the claim on a message from its row."""
    return Claim(
        row.id,
        row.kind,
        row.area,
        row.recipient,
        row.recipient_name,
        row.subject,
        row.header_id,
        row.not_before,
        row.tries,
        was,
        repeat,
    )


def why_cancelled(claim: Claim, prompts: Sequence[Carried]) -> str:
    """Return why nothing is left to send."""
    reasons = list(dict.fromkeys(prompt.unneeded for prompt in prompts if prompt.unneeded))
    doubt = ["an earlier sending may have arrived"] if claim.repeat else []
    return "; ".join([*(reasons or ["it carries no prompt"]), *doubt])
