"""What was raised before a pause and has not left when it begins waits for the end of the pause; no rung is lost."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.audit import Change
from models.pauses import HELD
from notifications.claim import Claim
from notifications.outbox.contents import Carried, set_apart
from policy.calendar import london_date
from policy.vocabulary import MessageState


def held_by_pauses(
    session: Session, claim: Claim, prompts: Sequence[Carried], as_at: datetime
) -> tuple[list[Carried], list[Change]]:
    """Move the prompts of paused duties to messages of their own, which may not leave before the pause ends.

    Returns those that may leave, and what to write down. A message that may have arrived already goes on: to hold back
    its repeat would keep nothing from anybody.
    """
    held: dict[datetime, list[Carried]] = defaultdict(list)
    for one in prompts:
        if one.paused_until is not None and one.paused_until > as_at and not claim.repeat:
            held[one.paused_until].append(one)
    entries = [
        set_apart(session, claim, group, as_at, MessageState.PENDING, f"{HELD} {london_date(end)}", not_before=end)
        for end, group in held.items()
    ]
    kept = {one.prompt_id for group in held.values() for one in group}
    return [one for one in prompts if one.prompt_id not in kept], entries
