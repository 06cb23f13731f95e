"""Dice that fall the same way whenever they are thrown for the same thing.

Each answer has dice of its own, by seed, person, kind and subject: what one case does hangs on no other, nor on how
often the clock ticked in between. A stream shared by all would shift with every answer more or less.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import blake2b
from random import Random
from typing import TypeVar

from policy.calendar import WorkingCalendar
from sample.answers.rates import Days, Pace, Rate

T = TypeVar("T")


class Dice:
    """The dice of one answer."""

    __slots__ = ("rng", "what")

    def __init__(self, *what: object) -> None:
        """Take what the answer is about, the seed first."""
        self.what = what
        digest = blake2b("|".join(str(part) for part in what).encode(), digest_size=8).digest()
        self.rng = Random(int.from_bytes(digest))

    def aside(self, about: str) -> "Dice":
        """Return dice for something beside it, which move none of its own."""
        return Dice(*self.what, about)

    def says(self, rate: Rate) -> bool:
        """Tell whether it falls into a share."""
        return self.rng.random() < rate.share

    def share(self) -> float:
        """Return a number from 0 to 1, for a choice among several shares."""
        return self.rng.random()

    def between(self, first: int, last: int) -> int:
        """Return a number between two, both included."""
        return self.rng.randint(first, last)

    def count(self, days: Days) -> int:
        """Return a number of days."""
        return self.rng.randint(days.first, days.last)

    def one(self, choices: Sequence[T]) -> T:
        """Return one of some."""
        return choices[self.rng.randrange(len(choices))]


def day_at_pace(dice: Dice, due: date, pace: Pace) -> date | None:
    """Return the day on which something due is answered, in time or late by its rates; None: it never is."""
    chance = dice.share()
    early, late = dice.count(pace.days_early), dice.count(pace.days_late)
    if chance >= 1 - pace.never.share:
        return None
    return due - timedelta(days=early) if chance < pace.in_time.share else due + timedelta(days=late)


def working_day_after(calendar: WorkingCalendar, day: date, count: int) -> date:
    """Return the working day so many working days after a day."""
    return calendar.on_or_after(calendar.add_working_days(day, count))
