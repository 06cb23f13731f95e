"""Registrations of another system, read together: what they break, the episodes they make, and what held on a day.

Source: Joint inspection 2015, 4.3: duplicate registrations that nobody closed, levels and categories that do not fit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from policy.vocabulary import Category, Level

DAY = timedelta(days=1)
FOREVER = date.max


class Flag(StrEnum):
    """What today's rules would not allow of a registration."""

    CATEGORY_3_LEVEL = "category_3_level"
    TWO_OPEN = "two_open"
    LEVELS_OVERLAP = "levels_overlap"


@dataclass(frozen=True, slots=True)
class Registered:
    """One registration: a category and level, and who led the case where. ``ends_on``: the last day; None: it runs.

    ``level`` None: none was set.
    """

    category: int
    level: int | None
    starts_on: date
    ends_on: date | None
    area: str
    unit: str | None
    lead_agency: str
    location: str | None

    @property
    def last(self) -> date:
        """The last day, the end of all days while it runs."""
        return self.ends_on or FOREVER

    @property
    def weight(self) -> tuple[date, int, int]:
        """What decides which of several on one day counts: the one that began last; then the higher level."""
        return self.starts_on, self.level or 0, -self.category


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which the same registrations ran: the one that counts, and every category. ``ends_on``: the last day."""

    starts_on: date
    ends_on: date | None
    counts: Registered
    categories: tuple[int, ...]


def flags_of(one: Registered, others: Sequence[Registered]) -> list[str]:
    """Return what today's rules would not allow of a registration beside the others of the person, as codes.

    Category 3 is never at level 1 or at none (CJA 2003 s.325(2)(b)); a person has one registration that runs. That one
    ends on the day on which the next begins is no overlap.
    """
    found = []
    if one.category == Category.OTHER_DANGEROUS and one.level in (None, Level.LEAD_AGENCY):
        found.append(Flag.CATEGORY_3_LEVEL)
    if one.ends_on is None and any(other.ends_on is None for other in others):
        found.append(Flag.TWO_OPEN)
    if any(other.level != one.level and overlap(one, other) for other in others):
        found.append(Flag.LEVELS_OVERLAP)
    return [flag.value for flag in found]


def flags_of_each(rows: Sequence[Registered]) -> list[list[str]]:
    """Return what today's rules would not allow of each registration of a person beside all the others, in order."""
    return [flags_of(one, [*rows[:place], *rows[place + 1 :]]) for place, one in enumerate(rows)]


def overlap(one: Registered, other: Registered) -> bool:
    """Tell whether two registrations share more than the day on which one follows the other."""
    return max(one.starts_on, other.starts_on) < min(one.last, other.last)


def episodes(rows: Sequence[Registered]) -> Iterator[list[Registered]]:
    """Yield the episodes: registrations that follow each other without a day between, or overlap; the oldest first."""
    episode: list[Registered] = []
    reach = date.min
    for row in sorted(rows, key=lambda one: (one.starts_on, one.last, one.category, one.level or 0)):
        if episode and reach != FOREVER and row.starts_on > reach + DAY:
            yield episode
            episode = []
        reach = max(reach, row.last) if episode else row.last
        episode.append(row)
    if episode:
        yield episode


def stretches(episode: Sequence[Registered]) -> list[Stretch]:
    """Return an episode cut into the days on which the same registrations ran, the oldest first."""
    if len(episode) == 1:
        [only] = episode
        return [Stretch(only.starts_on, only.ends_on, only, (only.category,))]
    episode = [until_the_next(one, episode) for one in episode]
    starts = {one.starts_on for one in episode} | {one.ends_on + DAY for one in episode if one.ends_on is not None}
    begins = sorted(starts)
    found: list[Stretch] = []
    for place, begin in enumerate(begins):
        running = [one for one in episode if one.starts_on <= begin <= one.last]
        if not running:
            continue
        end = begins[place + 1] - DAY if place + 1 < len(begins) else None
        counts = max(running, key=lambda one: one.weight)
        found.append(Stretch(begin, end, counts, tuple(sorted({one.category for one in running}))))
    return found


def until_the_next(one: Registered, others: Sequence[Registered]) -> Registered:
    """Return a registration that ends the day before the next begins, where both tell the day on which they met."""
    if one.ends_on is None or one.ends_on == one.starts_on:
        return one
    met = any(other.starts_on == one.ends_on for other in others)
    return replace(one, ends_on=one.ends_on - DAY) if met else one


def level_changes(cut: Sequence[Stretch]) -> list[Stretch]:
    """Return the stretches at which a level began that did not hold just before."""
    changes: list[Stretch] = []
    before: int | None = None
    for stretch in cut:
        level = stretch.counts.level
        if level is not None and level != before:
            changes.append(stretch)
        before = level
    return changes
