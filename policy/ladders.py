"""From a due date to the days on which prompts go out (docs/reference/timescales.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from policy.calendar import WorkingCalendar, london_time
from policy.letters import MessageKind
from policy.numbers import Policy
from policy.offsets import AT_ONCE, shift
from policy.timescale_rules import Rung, TimescaleRule
from policy.vocabulary import Weight


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of one timescale: its name, its day, its moment in UTC, whom it is for, how it travels.

    ``again``: how long after it the rung is raised anew, "" for one that is raised once.
    """

    rung: str
    on: date
    at: datetime
    to: tuple[str, ...]
    weight: Weight
    message: MessageKind
    again: str = ""


def due_on(rule: TimescaleRule, anchor: date, floor: date, calendar: WorkingCalendar) -> date:
    """Return the due date of a timescale from its anchor.

    A mark that lies before the sentence date, or before what is owed came up (``floor``), falls on that date.
    """
    return max(shift(anchor, rule.offset, calendar), floor)


def prompt_day(due: date, offset: str, floor: date, calendar: WorkingCalendar) -> date:
    """Return the day on which a rung goes out: a working day, never before the ``floor``.

    Where the mark falls on another day the prompt goes on the working day before (and the due date
    stands); only where that would be before the floor does it go on the working day after. "at once" is
    the day of the floor.
    """
    mark = floor if offset == AT_ONCE else max(shift(due, offset, calendar), floor)
    day = calendar.on_or_before(mark)
    return day if day >= floor else calendar.on_or_after(mark)


def rungs_the_nth_time(rule: TimescaleRule, nth: int) -> Iterator[tuple[str, Rung]]:
    """Yield (offset, rung) of a ladder when what it follows up happens for the ``nth`` time.

    Where repeats start higher, the second time begins at the second moment of the ladder, the third at the
    third: that moment's rungs go at once, those after it sooner by as much, those between are left out. The
    first moment's go at once every time, since what is owed is still owed by the same. Past the top the ladder
    begins at its top.
    """
    moments = list(dict.fromkeys(rung.at for rung in rule.rungs))
    start = min(nth, len(moments)) - 1 if rule.repeats_start_higher else 0
    for rung in rule.rungs:
        place = moments.index(rung.at)
        if place == 0 or start == 0:
            yield rung.at, rung
        elif place >= start:
            yield moments[place - start], rung


def ladder(
    rule: TimescaleRule,
    due: date,
    floor: date,
    policy: Policy,
    calendar: WorkingCalendar,
    *,
    anchor: date | None = None,
    owner: str | None = None,
    nth: int = 1,
    concerned: tuple[str, ...] = (),
) -> tuple[Step, ...]:
    """Return the rungs of a timescale in the order of their days.

    Each goes out from the policy's hour, Europe/London. "owner" becomes the owner's role: the rule's, unless the
    facts give another, and "concerned" those whom the event concerns. ``anchor`` is what the rungs count from where the
    rule says so; without it, the due date.
    """
    base = anchor if anchor is not None and rule.counted_from == "anchor" else due
    steps = []
    for offset, rung in rungs_the_nth_time(rule, nth):
        day = prompt_day(base, offset, floor, calendar)
        at = goes_out(day, policy.prompting.from_hour)
        named = (one for to in rung.to for one in (concerned if to == "concerned" else (to,)))
        roles = tuple(dict.fromkeys((owner or rule.owner.value) if to == "owner" else str(to) for to in named))
        steps.append(Step(rung.known_as, day, at, roles, rung.weight, rung.letter, rung.again or ""))
    return tuple(sorted(steps, key=lambda step: step.at))


def goes_out(day: date, hour: int) -> datetime:
    """Return the moment in UTC at which a rung of a day goes out: an hour in London."""
    return london_time(day, time(hour)).astimezone(UTC)


def next_time(today: date, again: str, calendar: WorkingCalendar) -> date:
    """Return the working day on which a rung that is repeated is raised after a day on which it was.

    It counts from the day on which it was raised: after an outage it comes once, not once for each day that went by.
    """
    return calendar.on_or_after(shift(today, again, calendar))
