"""Raise what is due: rungs become prompts, prompts travel in messages.

In one transaction a rung is written as prompts, each in exactly one message; the ladder advances; the audit
entry is appended. The unique key of a prompt (timescale, revision, rung, recipient) lets no second one in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, text, update
from sqlalchemy.orm import Session

from models.audit import append
from models.checkpoints import checkpoint
from models.obligations import WAITING
from models.record import policies, working_calendar
from notifications.prompts.pauses import Paused, end_pauses, pauses_of, told_of_the_end
from notifications.prompts.queueing import queue_messages
from notifications.prompts.raising import (
    ACTOR,
    CASES,
    TIMESCALES,
    Addresses,
    Raised,
    addressed,
    audit_entries,
    with_case,
    write_prompts,
)
from notifications.prompts.stuck import is_on_the_list, place_on_the_list
from policy.calendar import LONDON, WorkingCalendar, london_date
from policy.ladders import goes_out, next_time
from policy.letters import MessageKind
from policy.numbers import Policy
from policy.stuck import readers
from policy.take_on import TAKE_ON
from policy.vocabulary import State, Weight

# How a prompt travels where its rung names no letter of its own: ladders from before there were letters.
GATHERED = {Weight.REMINDER: MessageKind.DIGEST, Weight.ESCALATION: MessageKind.ESCALATION}


@dataclass(slots=True)
class RaisedCounts:
    """What was raised on one timescale."""

    reference: str
    area: str
    prompts: int = 0
    escalations: int = 0


@dataclass(slots=True)
class Batch:
    """What one transaction raises. ``extended``: the ladders to which a rung was added that is raised again."""

    raised: list[Raised] = field(default_factory=list)
    ladders: list[dict[str, Any]] = field(default_factory=list)
    extended: list[dict[str, Any]] = field(default_factory=list)


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[int]:
    """Return the ids of timescales with a rung due, or with a pause that ends: the oldest first."""
    query = whose_turn(area is not None)
    if limit is not None:
        query = query.limit(limit)
    return list(session.scalars(query, {"as_at": as_at, "of_area": area}))


@cache
def whose_turn(of_one_area: bool) -> Select[tuple[int]]:
    """Return the query behind ``waiting``, built once: it runs every few seconds for ever.

    The state is written out, not bound, so that SQLite can see that the partial index covers it.
    """
    query = select(TIMESCALES.c.id).where(text(WAITING), TIMESCALES.c.next_prompt_at <= bindparam("as_at"))
    if of_one_area:
        query = query.join_from(TIMESCALES, CASES).where(CASES.c.area == bindparam("of_area"))
    return query.order_by(TIMESCALES.c.next_prompt_at, TIMESCALES.c.id)


def raise_due(session: Session, ids: Sequence[int], as_at: datetime) -> dict[int, RaisedCounts]:
    """Raise every rung that is due on these timescales; return what was raised by timescale.

    A rung whose day went by is raised all the same, once, and says how late it is. A timescale that
    another process has taken, met or moved meanwhile is left alone.
    """
    query = (
        with_case()
        .where(TIMESCALES.c.id.in_(ids), text(WAITING), TIMESCALES.c.next_prompt_at <= as_at)
        .with_for_update(of=TIMESCALES, skip_locked=True)
    )
    rows = session.connection().execute(query).all()
    checkpoint("sweep.rows_read")
    addresses = Addresses(session, {row.area for row in rows}, london_date(as_at))
    batch = Batch()
    calendar = working_calendar(session)
    paused = pauses_of(session, [row.id for row in rows])
    for row in rows:
        if row.state == State.PAUSED:
            batch.raised += told_of_the_end(row, paused[row.id], addresses)
        policy = policies(session).for_area(row.area, addresses.today)
        climb(row, addresses, as_at, batch, policy, calendar, paused.get(row.id))
    queue_messages(session, batch.raised, as_at)
    checkpoint("sweep.messages_queued")
    write_prompts(session, batch.raised, as_at)
    checkpoint("sweep.prompts_written")
    if batch.ladders:
        session.connection().execute(
            update(TIMESCALES)
            .where(TIMESCALES.c.id == bindparam("key"))
            .values(
                state=State.OPEN.value,
                next_rung=bindparam("rung_index"),
                next_prompt_at=bindparam("prompt_at"),
                stuck_since=bindparam("stuck"),
            ),
            batch.ladders,
        )
    end_pauses(session, [row.id for row in rows if row.state == State.PAUSED], london_date(as_at))
    if batch.extended:
        session.connection().execute(
            update(TIMESCALES).where(TIMESCALES.c.id == bindparam("key")).values(ladder=bindparam("rungs")),
            batch.extended,
        )
    checkpoint("sweep.ladders_advanced")
    append(session, audit_entries(batch.raised), actor=ACTOR, at=as_at)
    checkpoint("sweep.audited")
    told = {row.id: RaisedCounts(row.reference, row.area) for row in rows}
    for raised in batch.raised:
        told[raised.row.id].prompts += 1
        told[raised.row.id].escalations += raised.weight == Weight.ESCALATION
    return told


def climb(
    row: Row[Any],
    addresses: Addresses,
    as_at: datetime,
    batch: Batch,
    policy: Policy,
    calendar: WorkingCalendar,
    paused: Paused | None = None,
) -> None:
    """Add the due rungs of one timescale to the batch, and where its ladder stands afterwards.

    A last rung that is raised again has its next turn added to the ladder, and after any other last rung comes the next
    list of what is stuck, on a later day: so it is written down, and raised once, like any other.
    """
    steps, index = list(row.ladder), row.next_rung
    prompt_at: datetime | None = None
    while index < len(steps):
        step = steps[index]
        at = datetime.fromisoformat(step["at"])
        if at > as_at:
            prompt_at = at
            break
        rung_on, weight = date.fromisoformat(step["on"]), step["weight"]
        message = step.get("message") or GATHERED[Weight(weight)].value
        held_until = paused.over_on if paused else None
        to = step["to"]
        if is_on_the_list(step) and step["rung"] != TAKE_ON:
            to = [role.value for role in readers(rung_on, addresses.today, policy.stuck_list, calendar)]
        batch.raised += addressed(row, step["rung"], rung_on, to, weight, message, addresses, held_until)
        index += 1
    stuck_since = row.stuck_since
    if index == len(steps):
        steps.append(what_comes_next(steps, policy, addresses.today, calendar))
        batch.extended.append({"key": row.id, "rungs": steps})
        prompt_at = datetime.fromisoformat(steps[-1]["at"])
        if is_on_the_list(steps[-1]):
            stuck_since = stuck_since or last_day(steps[:-1], addresses.today)
    batch.ladders.append({"key": row.id, "rung_index": index, "prompt_at": prompt_at, "stuck": stuck_since})


def what_comes_next(
    steps: Sequence[dict[str, Any]], policy: Policy, today: date, calendar: WorkingCalendar
) -> dict[str, Any]:
    """Return what follows the last rung of a ladder: that rung once more, where it is repeated, else the next list."""
    if steps and steps[-1].get("again"):
        return once_more(steps[-1], today, calendar)
    if steps and steps[-1]["rung"] == TAKE_ON:
        # On the first day of an area its readers have their reminders: the list of the week begins after it.
        return place_on_the_list(calendar.add_working_days(today, 1), policy, calendar)
    # A list that is raised on a Saturday leaves on Monday, and is the list of that Monday.
    listed = steps and is_on_the_list(steps[-1])
    return place_on_the_list(calendar.on_or_after(today) if listed else today, policy, calendar)


def last_day(steps: Sequence[dict[str, Any]], today: date) -> date:
    """Return the day of the last rung of a ladder."""
    return date.fromisoformat(steps[-1]["on"]) if steps else today


def once_more(step: dict[str, Any], today: date, calendar: WorkingCalendar) -> dict[str, Any]:
    """Return the next turn of a rung that is raised again: later than today, at the same hour in London."""
    day = next_time(today, step["again"], calendar)
    hour = datetime.fromisoformat(step["at"]).astimezone(LONDON).hour
    return step | {"rung": f"again {day}", "on": day.isoformat(), "at": goes_out(day, hour).isoformat()}
