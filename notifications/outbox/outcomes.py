"""What becomes of a message after a try: its next state, when it is due again, and its entry in the trail."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from models.audit import Change
from notifications.claim import Claim
from notifications.outbox.handed import Handed
from notifications.settings import MailSettings
from policy.letters import STATUTORY
from policy.vocabulary import MessageState

ACTOR = "flow deliver"
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
REASON_LENGTH = 500


class Delivery(NamedTuple):
    """What came of one message. ``detail`` names no person and no address."""

    message_id: str
    result: Literal["done", "skipped", "failed"]
    detail: str


def backoff(tries: int) -> timedelta:
    """Return how long a message rests after its ``tries``-th try: one minute to four hours."""
    return BACKOFF[min(tries, len(BACKOFF)) - 1]


def is_resent(kind: str, tries: int, settings: MailSettings) -> bool:
    """Tell whether an uncertain message is sent again by itself.

    A statutory escalation is, as long as it has tries left; anything else is left to a person.
    """
    return kind in STATUTORY and tries < settings.max_tries


def uncertain(kind: str, tries: int, detail: str, as_at: datetime, settings: MailSettings) -> dict[str, Any]:
    """Return the values of a message of which nobody knows whether it went."""
    values: dict[str, Any] = {"state": MessageState.UNCERTAIN.value, "lease_until": None}
    if is_resent(kind, tries, settings):
        values["not_before"] = as_at + backoff(tries)
        advice = "it will be sent again and say that it may be a repeat"
    else:
        advice = "a person decides whether it is sent again"
    return values | {"reason": reason_of(f"{detail}; {advice}")}


def after_try(claim: Claim, handed: Handed, as_at: datetime, settings: MailSettings) -> dict[str, Any]:
    """Return the values of a message after a try that ended with ``handed``."""
    tries, since = claim.tries + 1, claim.refused_since or as_at
    if handed.outcome == "uncertain":
        values = uncertain(claim.kind, tries, handed.detail, as_at, settings)
    elif handed.outcome == "sent":
        values = {"state": MessageState.SENT.value, "sent_at": as_at, "reason": None}
    elif handed.transport_down:
        # Not held against the message: it keeps its place, and the way out rests.
        values = {"state": MessageState.RETRY.value, "tries": claim.tries, "reason": reason_of(handed.detail)}
    elif handed.outcome == "retry" and as_at - since < timedelta(days=settings.retry_days):
        values = {
            "state": MessageState.RETRY.value,
            "not_before": as_at + backoff(tries),
            "refused_since": since,
            "reason": reason_of(handed.detail),
        }
    else:
        given_up = f"given up after {settings.retry_days:g} days: " if handed.outcome == "retry" else ""
        values = given_up_for_good(claim, f"{given_up}{handed.detail}")
    if values["state"] in (MessageState.RETRY, MessageState.DEAD) and not claim.repeat:
        # It certainly did not go: nothing may later take this try for one of unknown outcome.
        values["began_at"] = None
    return values | {"lease_until": None, "claimed_by": None}


def given_up_for_good(claim: Claim, why: str) -> dict[str, Any]:
    """Return the values of a message that is not tried again."""
    doubt = "; an earlier sending may have arrived" if claim.repeat else ""
    return {"state": MessageState.DEAD.value, "reason": reason_of(f"{why}{doubt}")}


def result_of(message_id: str, values: dict[str, Any]) -> Delivery:
    """Return what to report of a message from the values that were written."""
    state, reason = values["state"], values.get("reason") or ""
    if state == MessageState.SENT:
        return Delivery(message_id, "done", "sent")
    skipped = state in (MessageState.CANCELLED, MessageState.WITHHELD)
    return Delivery(message_id, "skipped" if skipped else "failed", f"{state}: {reason}")


def change(
    message_id: str, area: str, was: str, values: dict[str, Any], prompts: Iterable[int], detail: str = ""
) -> Change:
    """Return the audit entry of a message's new state, with the prompts it carries."""
    after = {"state": values["state"], "reason": values.get("reason"), "prompts": list(prompts)}
    if detail:
        after["answer"] = detail
    return Change(f"outbox/{area}", f"message-{values['state']}", message_id, {"state": was}, after)


def reason_of(text: str) -> str:
    """Return a reason that fits its column."""
    return text[:REASON_LENGTH]
