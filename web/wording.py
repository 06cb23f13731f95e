"""What the record says of a change, as a page says it: kinds by their titles, days as people write them."""

import re
from collections.abc import Callable
from datetime import date

from policy.kinds import BY_NAME
from policy.words import long_date, near_date, opening

DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b", re.ASCII)


def in_words(text: str, today: date) -> str:
    """Return a change of a timescale in words: ``prison_notice met on 2026-07-09`` is said with title and weekday."""
    first, space, rest = text.partition(" ")
    title = BY_NAME[first].spec.title if first in BY_NAME else first
    return days_in_words(f"{title}{space}{rest}", today)


def days_in_words(text: str, today: date) -> str:
    """Return a sentence with its days as people write them, the year where it is not that of ``today``."""
    return opening(written(text, lambda day: near_date(day, today)))


def with_long_days(text: str) -> str:
    """Return a text with its days as people write them, each with its year."""
    return written(text, long_date)


def written(text: str, say: Callable[[date], str]) -> str:
    """Return a text with its days said in some way; what only looks like a day stays as it is."""

    def said(found: re.Match[str]) -> str:
        try:
            return say(date.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    return DAY.sub(said, text)
