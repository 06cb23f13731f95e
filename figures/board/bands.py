"""Bands of ages in weeks, which follow each other: up to 4 weeks, over 4 up to 13, and so on."""

from collections.abc import Sequence
from itertools import pairwise

from figures.tables import Heading

WEEK = 7


def bands(ends: Sequence[int]) -> list[Heading]:
    """Return the columns of bands that end after some weeks; the last has no end."""
    found = [Heading(f"up_to_{ends[0]}", f"Up to {weeks(ends[0])}")]
    found += [Heading(f"up_to_{later}", f"Over {earlier} to {weeks(later)}") for earlier, later in pairwise(ends)]
    return [*found, Heading(f"over_{ends[-1]}", f"Over {weeks(ends[-1])}")]


def band_of(days: int, ends: Sequence[int]) -> str:
    """Return the name of the band of an age in days."""
    return next((f"up_to_{end}" for end in ends if days <= WEEK * end), f"over_{ends[-1]}")


def weeks(count: int) -> str:
    """Return a number of weeks in words."""
    return f"{count:,} {'week' if count == 1 else 'weeks'}"
