"""The quiet start of an area whose caseload already ran: nobody climbs a ladder for what was overdue before.

An area is taken on with hundreds of duties that were due before anybody kept them here. They come once, as one list, to
whoever gets the weekly list of what is stuck, on the working day before the first prompts. Each stays on the weekly
list until somebody adopts it, does it, or puts it down with a reason (our default: the sources are silent).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from policy.calendar import WorkingCalendar
from policy.ladders import Step, goes_out
from policy.letters import MessageKind
from policy.numbers import Policy
from policy.vocabulary import Weight

TAKE_ON = "take-on"
"""The rung of the list with which an area begins."""
ADOPTED = ", adopted"
"""How the name of a rung ends that counts from the day on which somebody adopted a duty."""


def list_day(begins_on: date, calendar: WorkingCalendar) -> date:
    """Return the day of the list: the working day before the first prompts."""
    return calendar.on_or_before(begins_on - timedelta(days=1))


def from_the_start(
    steps: Sequence[Step], due: date, begins_on: date, policy: Policy, calendar: WorkingCalendar
) -> tuple[Step, ...]:
    """Return the rungs that are raised of a ladder in an area that is prompted from a day on.

    What was due before that day has one rung, the list. Of anything else the rungs before it are left out; where that
    leaves none, the last goes out on the first day, so that somebody is asked.
    """
    if due < begins_on:
        day = list_day(begins_on, calendar)
        to = tuple(role.value for role in policy.stuck_list.weekly)
        at = goes_out(day, policy.prompting.from_hour)
        return (Step(TAKE_ON, day, at, to, Weight.NOTICE, MessageKind.STUCK_LIST),)
    kept = tuple(step for step in steps if step.on >= begins_on)
    if kept or not steps:
        return kept
    return (replace(steps[-1], on=begins_on, at=goes_out(begins_on, policy.prompting.from_hour)),)


def from_the_adoption(steps: Sequence[Step], adopted_on: date) -> tuple[Step, ...]:
    """Return the rungs of a duty that somebody adopts: its ladder as if it had become due on that day.

    Of the reminders that would have come before, the last stands for all. ``steps``: the ladder of a duty due on the
    day of the adoption, none before it.
    """
    first = [step for step in steps if step.on <= adopted_on][-1:]
    return tuple(
        replace(step, rung=f"{step.rung}{ADOPTED}") for step in (*first, *(s for s in steps if s.on > adopted_on))
    )
