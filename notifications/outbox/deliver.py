"""From a message in the outbox to a delivered e-mail: never lost, never twice, and in doubt said so.

Each step is a transaction of its own and conditional on the claim, so that a process that dies, or one whose
claim was taken over, leaves a state from which the next poll goes on. No transaction is open while a message
is handed over.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.checkpoints import checkpoint
from notifications.claim import Claim
from notifications.moments import leaves_at
from notifications.outbox.addresses import AddressRefused, writable_address
from notifications.outbox.carrier import note_taken
from notifications.outbox.claimants import new_claimant
from notifications.outbox.claims import Claims
from notifications.outbox.contents import Carried, carried, ids_of, set_apart, withdraw
from notifications.outbox.handed import Handed, Transport
from notifications.outbox.outcomes import (
    ACTOR,
    Delivery,
    after_try,
    change,
    given_up_for_good,
    reason_of,
    result_of,
    uncertain,
)
from notifications.outbox.pausing import held_by_pauses
from notifications.outbox.readdressing import Holders, addressed_anew, holders
from notifications.outbox.returned import HELD, mark
from notifications.outbox.route import mended, note_fault, open_faults, rests, way_out
from notifications.outbox.witnesses import everybody_alike, witnesses
from notifications.outbox.writing import written
from notifications.recipients import RESTRICTED
from notifications.settings import MailSettings
from policy.addresses import normal
from policy.letters import MessageKind
from policy.vocabulary import MessageState

log = logging.getLogger(__name__)

T = TypeVar("T")
TRIES_ON_CONFLICT = 5
# So many unknown outcomes in a row are the server's doing: the others had better wait than become uncertain too.
DOUBTS_IN_A_ROW = 3
# So many contents refused in a row are not the contents' doing.
REFUSALS_IN_A_ROW = 3
# Begun together, and all of them in doubt after a crash: so only where a repeat does no harm.
BEGUN_TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Begun:
    """A message that is about to leave."""

    claim: Claim
    message: EmailMessage
    recipient: str
    prompts: list[int]


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
    claims = Claims(
        session, as_at, new_claimant(), settings.lease_minutes, time.monotonic() if since is None else since
    )
    return Round(session, as_at, transport, settings, claims).run(ids)


@dataclass(slots=True)
class Round:
    """One delivery of a chunk. ``left``: what is claimed and not begun. ``entries``: for the trail at the commit.

    ``faulty``: a way out had a fault when the round began. ``refused``: contents that the server has refused since it
    last took one, which are given up once it takes another.
    """

    session: Session
    as_at: datetime
    transport: Transport
    settings: MailSettings
    claims: Claims
    left: list[Claim] = field(default_factory=list)
    entries: list[Change] = field(default_factory=list)
    faulty: bool = False
    refused: list[tuple[Claim, Handed, Sequence[int]]] = field(default_factory=list)

    def run(self, ids: Sequence[str]) -> list[Delivery]:
        """Claim what is due among ``ids`` and handle it; what is not begun in the end is given back."""
        self.left, done = self.insist(partial(self.claim, ids))
        claimed = {delivery.message_id for delivery in done} | {claim.id for claim in self.left}
        passed = [i for i in ids if i not in claimed]
        done += [Delivery(i, "skipped", "no longer waiting, or claimed by another process") for i in passed]
        together = BEGUN_TOGETHER if self.transport.repeatable else 1
        doubts = 0
        try:
            checkpoint("delivery.claimed")
            while self.left:
                begun, told = self.insist(partial(self.begin_next, self.left[:together]))
                # From here on these are no longer claims that may simply be given back.
                del self.left[:together]
                handed = [(one, self.judged(one, self.hand_over(one))) for one in begun]
                done += told + self.insist(partial(self.record_all, handed))
                for one, answer in handed:
                    checkpoint("delivery.recorded")
                    doubts = doubts + 1 if answer.outcome == "uncertain" else 0
                    if answer.transport_down or doubts == DOUBTS_IN_A_ROW:
                        done += self.insist(partial(self.put_back, answer.detail, one.claim.area))
                    elif len(self.refused) == REFUSALS_IN_A_ROW:
                        why = f"the mail server refuses every content: {answer.detail}"
                        done += self.insist(partial(self.put_back, why, one.claim.area))
        except BaseException:
            self.release_claims()
            raise
        return done

    def claim(self, ids: Sequence[str]) -> tuple[list[Claim], list[Delivery]]:
        """Claim what is due, in one transaction; a try of which nobody knows how it ended becomes uncertain.

        While the way out rests nothing is claimed.
        """
        faults = open_faults(self.session)
        self.faulty, fault = bool(faults), faults.get(way_out(self.settings))
        if fault is not None and rests(fault, self.as_at):
            why = reason_of(f"not tried: {fault.reason}")
            self.commit()
            return [], [Delivery(i, "failed", why) for i in ids]
        rows = self.claims.due(ids, self.settings.max_tries)
        unknown: list[Any] = []
        if not (self.transport.repeatable or self.transport.remembers):
            unknown = [row for row in rows if row.state == MessageState.CLAIMED and row.began_at is not None]
        doubtful = {row.id for row in unknown}
        claims = self.claims.take([row for row in rows if row.id not in doubtful])
        contents = carried(self.session, [row.id for row in unknown])
        done = [self.doubt(row, ids_of(contents[row.id])) for row in unknown]
        self.commit()
        return claims, done

    def doubt(self, row: Any, prompts: Sequence[int]) -> Delivery:
        """Mark a message whose sender died in the middle as uncertain.

        It keeps the name of its claim: should that sender live after all, it may still tell the outcome.
        """
        detail = "the process that was sending it ended before the outcome was known"
        values = self.on_a_mail_day(row.area, uncertain(row.kind, row.tries, detail, self.as_at, self.settings))
        self.claims.change_all([row.id], **values)
        self.entries.append(change(row.id, row.area, row.state, values, prompts))
        return result_of(row.id, values)

    def begin_next(self, claims: Sequence[Claim]) -> tuple[list[Begun], list[Delivery]]:
        """Check what is next and note that its sending begins, in one transaction."""
        contents = carried(self.session, [claim.id for claim in claims])
        held = self.claims.hold(claims)
        known = holders(self.session, claims, [one for carries in contents.values() for one in carries], self.as_at)
        results = [
            self.begin(claim, contents[claim.id], known)
            if claim.id in held
            else Delivery(claim.id, "skipped", "its claim was taken over by another process")
            for claim in claims
        ]
        self.commit()
        begun = [result for result in results if isinstance(result, Begun)]
        return begun, [result for result in results if isinstance(result, Delivery)]

    def record_all(self, handed: Sequence[tuple[Begun, Handed]]) -> list[Delivery]:
        """Write the outcomes of what was handed over, in one transaction."""
        if not handed:
            return []
        done = self.record([(begun.claim, answer, begun.prompts) for begun, answer in handed])
        given_up: list[Delivery] = []
        if any(answer.outcome == "sent" for _, answer in handed):
            if self.faulty:
                mended(self.session, self.as_at)
            given_up = self.give_up(self.refused)
        self.commit()
        for begun, answer in handed:
            if answer.outcome == "sent":
                self.refused, self.faulty = [], False
            elif is_held(answer):
                self.refused.append((begun.claim, answer, begun.prompts))
        return done + given_up

    def give_up(self, refused: Sequence[tuple[Claim, Handed, Sequence[int]]]) -> list[Delivery]:
        """Give up messages whose content the server refused for good and that it has since taken another beside."""
        done = []
        for claim, answer, prompts in refused:
            values = given_up_for_good(claim, answer.detail)
            if self.claims.change_resting(claim, values):
                self.entries.append(change(claim.id, claim.area, MessageState.RETRY, values, prompts))
                done.append(result_of(claim.id, values))
        return done

    def begin(self, claim: Claim, prompts: Sequence[Carried], known: Holders) -> Begun | Delivery:
        """Check that a message is still needed and may go, and write it."""
        needed = [prompt for prompt in prompts if not prompt.unneeded]
        if len(needed) < len(prompts):
            self.entries += withdraw(self.session, claim, [prompt for prompt in prompts if prompt.unneeded])
        if not needed:
            return self.close(claim, prompts, MessageState.CANCELLED, why_cancelled(claim, prompts))
        # A list of what is stuck counts restricted cases, and names none.
        counts = claim.kind == MessageKind.STUCK_LIST
        open_ = [prompt for prompt in needed if counts or not prompt.restricted]
        if not open_:
            return self.close(claim, needed, MessageState.WITHHELD, RESTRICTED)
        if len(open_) < len(needed):
            restricted = [prompt for prompt in needed if prompt.restricted]
            self.entries.append(set_apart(self.session, claim, restricted, self.as_at))
        open_, entries = held_by_pauses(self.session, claim, open_, self.as_at)
        self.entries += entries
        if not open_:
            return self.close(claim, [], MessageState.CANCELLED, "what it asks for is paused, and asked when that ends")
        open_, entries = addressed_anew(known, claim, open_)
        self.entries += entries
        if not open_:
            doubt = "; an earlier sending may have arrived" if claim.repeat else ""
            return self.close(claim, [], MessageState.CANCELLED, f"somebody else is asked now{doubt}")
        if normal(claim.recipient) in known.returned:
            self.entries += mark(self.session, claim, HELD, self.as_at)
            return self.close(claim, open_, MessageState.WITHHELD, HELD)
        try:
            recipient = writable_address(claim.recipient, self.settings.allowed_domains)
        except AddressRefused as refusal:
            return self.close(claim, open_, MessageState.WITHHELD, str(refusal))
        told_less = len(open_) < len(prompts) or any(prompt.restricted for prompt in open_)
        return self.write(claim, recipient, open_, told_less)

    def write(self, claim: Claim, recipient: str, prompts: Sequence[Carried], fewer: bool) -> Begun | Delivery:
        """Render a message with what the record adds; one that carries fewer prompts gets a subject that says so."""
        try:
            subject, message = written(self.session, claim, recipient, prompts, fewer, self.as_at, self.settings)
        except (IntegrityError, OperationalError):
            # Not this message's fault: the whole transaction is done again.
            raise
        except Exception as error:  # noqa: BLE001  a message that cannot be written must not stop the others
            log.error("message %s cannot be written (%s)", claim.id, type(error).__name__)
            handed = Handed("retry", f"the message cannot be written: {type(error).__name__}")
            return self.record([(claim, handed, ids_of(prompts))])[0]
        if fewer:
            self.claims.settle([(claim, {"subject": subject})])
        return Begun(replace(claim, subject=subject), message, recipient, ids_of(prompts))

    def close(self, claim: Claim, prompts: Sequence[Carried], state: MessageState, reason: str) -> Delivery:
        """Withhold or cancel a message that is not to go: its sending never began."""
        values = {"state": state.value, "reason": reason_of(reason), "lease_until": None, "claimed_by": None}
        self.claims.settle([(claim, values | {"began_at": claim.began_at, "tries": claim.tries})])
        self.entries.append(change(claim.id, claim.area, claim.was, values, ids_of(prompts)))
        return result_of(claim.id, values)

    def hand_over(self, begun: Begun) -> Handed:
        """Send, with no transaction open. A way out that breaks its word leaves the outcome unknown."""
        checkpoint("delivery.begun")
        try:
            handed = self.transport.send(begun.message, begun.recipient)
        except Exception as error:  # noqa: BLE001  whatever it is, the outcome has to be written down
            log.error("message %s: the transport failed with %s", begun.claim.id, type(error).__name__)
            detail = f"the transport failed with {type(error).__name__}"
            sure = self.transport.repeatable or self.transport.remembers
            handed = Handed("retry" if sure else "uncertain", detail)
        checkpoint("delivery.handed_over")
        return handed

    def judged(self, begun: Begun, answer: Handed) -> Handed:
        """Return an answer with the fault where it lies: of the mailbox, or of the route on which nobody gets through.

        A server that refuses a recipient is asked whether it would take others.
        """
        if answer.refused != "recipient":
            return answer
        others = self.insist(partial(self.others_than, begun.recipient))
        alike = everybody_alike(self.transport.takes(other) for other in others)
        if alike or (alike is None and answer.unsure):
            why = f"the mail server refuses everybody: {answer.detail}" if alike else answer.detail
            return replace(answer, outcome="retry", detail=why, transport_down=True)
        return answer

    def others_than(self, refused: str) -> list[str]:
        """Return whom the server may be asked about, in a transaction that ends before it is."""
        found = witnesses(self.session, refused, [one.recipient for one in self.left], self.settings)
        self.session.commit()
        return found

    def record(self, tried: Sequence[tuple[Claim, Handed, Sequence[int]]]) -> list[Delivery]:
        """Write the outcomes of tries, each with the prompts its message carries."""
        outcomes = [
            self.on_a_mail_day(claim.area, after_try(claim, held(handed), self.as_at, self.settings))
            for claim, handed, _ in tried
        ]
        still_ours = self.claims.settle([(one[0], values) for one, values in zip(tried, outcomes, strict=True)])
        done = []
        for (claim, handed, prompts), values in zip(tried, outcomes, strict=True):
            answer = handed.detail if handed.outcome == "sent" else ""
            entry = change(claim.id, claim.area, claim.was, values, prompts, answer)
            delivery = result_of(claim.id, values)
            if claim.id not in still_ours:
                # Another process decided in the meantime; what this one knows still belongs in the trail.
                entry = replace(entry, action=f"{entry.action}-late")
                delivery = Delivery(claim.id, "failed", f"{handed.outcome}, but its claim had been taken over")
            self.entries.append(entry)
            if handed.carrier_id:
                note_taken(self.session, claim, handed.carrier_id, self.as_at)
            if handed.refused == "recipient" and values["state"] == MessageState.DEAD:
                self.entries += mark(self.session, claim, handed.detail, self.as_at)
            done.append(delivery)
        return done

    def on_a_mail_day(self, area: str, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of a message with its next try on a day on which e-mail leaves."""
        if "not_before" not in values:
            return values
        return values | {"not_before": leaves_at(self.session, area, values["not_before"])}

    def put_back(self, why: str, area: str) -> list[Delivery]:
        """Let the way out rest, because nothing gets out at the moment, and with it what was not tried."""
        reason = reason_of(f"not tried: {why}")
        self.claims.give_back(self.left, reason=reason)
        note_fault(self.session, self.settings, why, area, self.as_at)
        self.session.commit()
        done = [Delivery(claim.id, "failed", reason) for claim in self.left]
        self.left = []
        return done

    def release_claims(self) -> None:
        """Give back claims on the way out of an error; where even that fails their lease ends by itself."""
        try:
            self.session.rollback()
            self.claims.give_back(self.left)
            self.session.commit()
        except SQLAlchemyError as error:
            count, kind = len(self.left), type(error).__name__
            log.error("%d claims could not be given back (%s); their lease ends by itself", count, kind)

    def commit(self) -> None:
        """Write the trail and commit."""
        append(self.session, self.entries, actor=ACTOR, at=self.as_at)
        self.session.commit()
        self.entries.clear()

    def insist(self, transaction: Callable[[], T]) -> T:
        """Do a transaction; again where another process was in the way."""
        for trial in range(1, TRIES_ON_CONFLICT + 1):
            try:
                return transaction()
            except (IntegrityError, OperationalError):
                self.session.rollback()
                self.entries.clear()
                if trial == TRIES_ON_CONFLICT:
                    raise
        raise AssertionError("unreachable")


def is_held(answer: Handed) -> bool:
    """Tell whether a message waits for the server to take another: its content was refused for good."""
    return answer.outcome == "dead" and answer.refused == "content"


def held(answer: Handed) -> Handed:
    """Return an answer as it counts for its message until the server takes another."""
    return replace(answer, outcome="retry") if is_held(answer) else answer


def why_cancelled(claim: Claim, prompts: Sequence[Carried]) -> str:
    """Return why nothing is left to send."""
    reasons = list(dict.fromkeys(prompt.unneeded for prompt in prompts if prompt.unneeded))
    doubt = ["an earlier sending may have arrived"] if claim.repeat else []
    return "; ".join([*(reasons or ["it carries no prompt"]), *doubt])
