"""Bank holidays proclaimed late: the prompts that are still to come are dated anew, and the due date stands.

A rung goes out on a working day, the one before its mark (docs/reference/timescales.md). Where the calendar has changed
since a ladder was made, the days of its waiting rungs have too; what was raised stays as it was.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.obligations import Timescale
from models.record import policies, working_calendar
from policy.book import PolicyError
from policy.ladders import ladder
from policy.numbers import Policy
from policy.obligations.owed import Owed
from policy.vocabulary import State


def follow_the_calendar(session: Session, timescale: Timescale, item: Owed, present: Policy) -> list[str]:
    """Date the waiting rungs of a running ladder by the newest calendar; return the sentence that tells of it.

    ``present``: the policy in force, for a ladder whose own is no longer known.
    """
    calendar = working_calendar(session)
    if timescale.calendar_version == calendar.version:
        return []
    timescale.calendar_version = calendar.version
    try:
        policy = policies(session).version(timescale.policy_version)
    except PolicyError:
        policy = present
    rule = policy.timescales[item.kind].for_variants(item.variants)
    owner, due = item.owner_role, timescale.due_on
    steps = ladder(rule, due, item.floor, policy, calendar, anchor=item.anchor, owner=owner, nth=item.nth)
    dated = {step.rung: {"on": step.on.isoformat(), "at": step.at.isoformat()} for step in steps}
    raised, waiting = timescale.ladder[: timescale.next_rung], timescale.ladder[timescale.next_rung :]
    anew = [rung | dated.get(rung["rung"], {}) for rung in waiting]
    if anew == waiting:
        return []
    timescale.ladder = [*raised, *sorted(anew, key=moment_of)]
    if timescale.state == State.OPEN:
        timescale.next_prompt_at = moment_of(timescale.ladder[timescale.next_rung])
    moved = [
        f"{new['rung']} from {old['on']} to {new['on']}" for old, new in zip(waiting, anew, strict=True) if old != new
    ]
    return [f"{timescale.kind}, due {due}, is prompted on other days, as the bank holidays changed: {', '.join(moved)}"]


def moment_of(rung: dict[str, Any]) -> datetime:
    """Return the moment at which a rung goes out."""
    return datetime.fromisoformat(rung["at"])
