"""Moments and days as people type them: ISO 8601, in Europe/London where they name no offset."""

import re
from datetime import UTC, date, datetime, time

from policy.calendar import LONDON
from policy.dates import local_time

PROMPT_HOUR = time(8)
BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
SEPARATOR = re.compile(r"\d[T ]\d", re.IGNORECASE | re.ASCII)
FIRST_YEAR, LAST_YEAR = 1950, 2200
FORMS = "2026-03-30, 2026-03-30T09:15 (Europe/London) or 2026-03-30T09:15+01:00"


def parse_day(text: str) -> date:
    """Return the date in ``text`` (YYYY-MM-DD); ``ValueError`` with a sentence if there is none."""
    text = text.strip()
    try:
        if not BARE_DATE.fullmatch(text):
            raise ValueError("another form")
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date: write it as 2026-03-30, year first") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"the year of {text} is not between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def parse_time(text: str, at: time = PROMPT_HOUR) -> datetime:
    """Return the moment in ``text``, aware, in UTC.

    Without an offset it is local time in Europe/London. A bare date means ``at`` on that day: 08:00 unless
    told otherwise, the hour from which prompts go out. A local time that the spring change skips is refused;
    of the two that the autumn change repeats, the first is meant. ``ValueError`` carries a sentence.
    """
    text = text.strip()
    if BARE_DATE.fullmatch(text):
        return local_time(parse_day(text), at)
    try:
        if not SEPARATOR.search(text):
            # Python reads 20260330 and 2026-W14-1 as midnight; a day must not lose its eight hours by its writing.
            raise ValueError("a day in another form")
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date and time: write it as {FORMS}") from None
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise ValueError(f"the year of {text} is not between {FIRST_YEAR} and {LAST_YEAR}")
    if when.tzinfo is None:
        return local_time(when.date(), when.time())
    return when.astimezone(UTC)


def iso(when: datetime | None) -> str | None:
    """Return a moment as ISO 8601 with the offset of Europe/London, to the second."""
    return None if when is None else when.astimezone(LONDON).isoformat(timespec="seconds")


def spoken(when: datetime | None) -> str:
    """Return a moment as people read it in a table: day and minute in Europe/London."""
    return "" if when is None else f"{when.astimezone(LONDON):%Y-%m-%d %H:%M}"
