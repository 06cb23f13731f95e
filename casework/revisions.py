"""The due date and the ladder of a timescale: where they begin, and how they follow their dates, numbers and people."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.obligations import Timescale
from policy.calendar import WorkingCalendar
from policy.ladders import Step
from policy.numbers import Policy
from policy.obligations.all import Owed, adopted_ladder, due_and_ladder
from policy.take_on import from_the_start
from policy.vocabulary import State


@dataclass(frozen=True, slots=True)
class Terms:
    """By what the duties of a case are dated.

    ``begins_on``: the first day on which its area is prompted, where that was taken on. ``after``: of a new ladder only
    the rungs after that moment are kept.
    """

    policy: Policy
    calendar: WorkingCalendar
    begins_on: date | None = None
    after: datetime | None = None

    def due_and_ladder(self, timescale: Timescale, item: Owed) -> tuple[date, tuple[Step, ...]]:
        """Return the due date of a duty, and the rungs that are raised of its ladder."""
        due, steps = due_and_ladder(item, self.policy, self.calendar)
        if (adopted := timescale.adopted_on) is not None:
            if due < adopted:
                return due, adopted_ladder(item, self.policy, self.calendar, adopted)
            return due, from_the_start(steps, due, adopted, self.policy, self.calendar)
        if self.begins_on is not None:
            return due, from_the_start(steps, due, self.begins_on, self.policy, self.calendar)
        return due, steps

    def is_to_come(self, step: Step) -> bool:
        """Tell whether a rung of a new ladder is kept."""
        return self.after is None or step.at > self.after


def has_moved(timescale: Timescale, item: Owed) -> bool:
    """Tell whether the date a timescale runs from has moved, or the day before which it is due.

    A bound that falls away (the person was released) does not make anything due later.
    """
    moved_bound = item.no_later_than is not None and item.no_later_than != timescale.bound_on
    return timescale.anchor_on != item.anchor or moved_bound


def stays_put_down(timescale: Timescale, item: Owed) -> bool:
    """Tell whether somebody put a duty down that is still the same: one that has moved is a duty again."""
    is_put_down = timescale.state == State.MISSED and timescale.put_down_on is not None
    return is_put_down and not has_moved(timescale, item)


def has_other_numbers(timescale: Timescale, item: Owed, terms: Terms) -> bool:
    """Tell whether the policy in force gives a running timescale another due date, or a rung more that is to come."""
    due, steps = terms.due_and_ladder(timescale, item)
    known = {step["rung"] for step in timescale.ladder}
    return due != timescale.due_on or any(terms.is_to_come(step) and step.rung not in known for step in steps)


def follow(timescale: Timescale, item: Owed, terms: Terms) -> list[str]:
    """Take a timescale to where its dates now are; return what changed.

    Where the due date stands nothing is raised anew: what was prompted was, and only what is still to come is re-dated.
    """
    due, steps = terms.due_and_ladder(timescale, item)
    if timescale.state == State.MET or due != timescale.due_on:
        return [start_revision(timescale, item, terms)]
    timescale.anchor_on, timescale.bound_on = item.anchor, item.no_later_than
    raised = timescale.ladder[: timescale.next_rung]
    known = {step["rung"] for step in raised}
    waiting = {step["rung"] for step in timescale.ladder[timescale.next_rung :]}
    to_come = [step for step in steps if step.rung not in known and (step.rung in waiting or terms.is_to_come(step))]
    timescale.ladder = [*raised, *map(snapshot, to_come)]
    added = [step.rung for step in to_come if step.rung not in waiting]
    return reopen(timescale) or [f"{timescale.kind}, due {due}, is also prompted at {rung}" for rung in added]


def reopen(timescale: Timescale) -> list[str]:
    """Let a timescale go on where its ladder stands; return what changed for its readers. A pause goes on."""
    if timescale.state == State.PAUSED:
        return []
    was, timescale.state, timescale.reason, timescale.missed_on = timescale.state, State.OPEN, None, None
    timescale.next_prompt_at = next_rung_at(timescale)
    return [f"{timescale.kind} is due again, on {timescale.due_on}"] if was != State.OPEN else []


def start_revision(timescale: Timescale, item: Owed, terms: Terms) -> str:
    """Give a timescale its (new) due date and a fresh ladder; return a sentence that says so."""
    was, was_met = timescale.due_on, timescale.state == State.MET
    due, steps = terms.due_and_ladder(timescale, item)
    rule = terms.policy.timescales[item.kind]
    timescale.revision += 1
    timescale.anchor_on, timescale.bound_on, timescale.due_on = item.anchor, item.no_later_than, due
    timescale.owner_role, timescale.label = item.owner_role or rule.owner.value, item.label
    timescale.owner_agency = item.agency or str(rule.owner_agency)
    timescale.ladder = [snapshot(step) for step in steps if terms.is_to_come(step)]
    timescale.next_rung, timescale.stuck_since = 0, None
    timescale.policy_version, timescale.calendar_version = terms.policy.version, terms.calendar.version
    timescale.state, timescale.reason, timescale.met_on, timescale.missed_on = State.OPEN, None, None, None
    timescale.put_down_on = None
    timescale.next_prompt_at = next_rung_at(timescale)
    if timescale.revision == 1:
        return f"{timescale.kind} due {due}"
    if was_met:
        return f"{timescale.kind} is due again, on {due}, revision {timescale.revision}"
    return f"{timescale.kind} moved from {was} to {due}, revision {timescale.revision}"


def adopt(timescale: Timescale, item: Owed, terms: Terms) -> None:
    """Give a duty that somebody has just adopted the ladder that counts from that day; its due date stands.

    The list on which it stood next has been taken from it: its ladder ends with what was raised.
    """
    if timescale.adopted_on is None or timescale.next_rung < len(timescale.ladder):
        return
    _, steps = terms.due_and_ladder(timescale, item)
    timescale.ladder = [*timescale.ladder, *map(snapshot, steps)]
    timescale.next_prompt_at, timescale.stuck_since = next_rung_at(timescale), None


def lay(timescale: Timescale, item: Owed, terms: Terms) -> list[str]:
    """Lay the ladder of a duty anew of which nothing has been raised; return what changed for its readers."""
    if timescale.next_rung or timescale.state != State.OPEN:
        return []
    was = [step["rung"] for step in timescale.ladder]
    _, steps = terms.due_and_ladder(timescale, item)
    timescale.ladder = [snapshot(step) for step in steps]
    timescale.next_prompt_at = next_rung_at(timescale)
    if [step.rung for step in steps] == was:
        return []
    return [f"{timescale.kind}, due {timescale.due_on}, is prompted at {', '.join(step.rung for step in steps)}"]


def snapshot(step: Step) -> dict[str, Any]:
    """Return a rung as it is kept in the record: plain values, the moment in UTC."""
    again = {"again": step.again} if step.again else {}
    return {
        "rung": step.rung,
        "on": step.on.isoformat(),
        "at": step.at.isoformat(),
        "to": list(step.to),
        "weight": step.weight.value,
        "message": step.message.value,
    } | again


def next_rung_at(timescale: Timescale) -> datetime:
    """Return when the clock is to look at a timescale: for its next rung, or to put it on the list of what is stuck."""
    if timescale.next_rung < len(timescale.ladder):
        return datetime.fromisoformat(timescale.ladder[timescale.next_rung]["at"])
    return datetime.fromisoformat(timescale.ladder[-1]["at"]) if timescale.ladder else timescale.opened_at
