"""From a due date to the days on which prompts go out (the design's table of timescales and ladders)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from policy.calendar import WorkingCalendar, london_moment
from policy.numbers import Policy, TimescaleRule, shift
from policy.vocabulary import Weight


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of one timescale: its name, its day, its moment in UTC, whom it is for, how it travels."""

    rung: str
    on: date
    at: datetime
    to: tuple[str, ...]
    weight: Weight


def due_on(rule: TimescaleRule, anchor: date, floor: date, calendar: WorkingCalendar) -> date:
    """Return the due date of a timescale from its anchor.

    A mark that lies before the sentence date (``floor``) falls on the sentence date.
    """
    return max(shift(anchor, rule.offset, calendar), floor)


def prompt_day(due: date, offset: str, floor: date, calendar: WorkingCalendar) -> date:
    """Return the day on which a rung goes out: a working day, never before the sentence date.

    Where the mark falls on another day the prompt goes on the working day before (and the due date
    stands); only where that would be before the sentence does it go on the working day after.
    """
    mark = max(shift(due, offset, calendar), floor)
    day = calendar.on_or_before(mark)
    return day if day >= floor else calendar.on_or_after(mark)


def ladder(rule: TimescaleRule, due: date, floor: date, policy: Policy, calendar: WorkingCalendar) -> tuple[Step, ...]:
    """Return the rungs of a timescale in the order of their days.

    Each goes out from the policy's hour, Europe/London. "owner" becomes the owner's role.
    """
    steps = []
    for rung in rule.rungs:
        day = prompt_day(due, rung.at, floor, calendar)
        at = london_moment(day, time(policy.prompting.from_hour)).astimezone(UTC)
        roles = tuple(dict.fromkeys(rule.owner.value if role == "owner" else role for role in rung.to))
        steps.append(Step(rung.at, day, at, roles, rung.weight))
    return tuple(sorted(steps, key=lambda step: step.at))
