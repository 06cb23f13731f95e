"""Dates as people write them, and the limits within which they may lie: one way for files and forms.

A fact lies between the birth of the person and today. What is planned may lie ahead, as far as the policy allows
(``dates``): an appointment or a task for a few years, a release or the end of a sentence for a lifetime.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from policy.calendar import LONDON, add_months, london_time

if TYPE_CHECKING:
    from policy.numbers import DateNumbers

WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WRITTEN_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


class Ahead(StrEnum):
    """What a date that may lie in the future is of: the name of its limit in the policy."""

    APPOINTMENT = "appointment_years"
    END = "end_years"


def iso_day(text: Any) -> date:
    """Return a day written as 2027-03-12; ``ValueError`` for a number, a moment, or anything else."""
    if type(text) is date:
        return text
    if not isinstance(text, str) or not WRITTEN_DAY.fullmatch(text):
        raise ValueError(f"{shortened(text)} is not a date in the form 2027-03-12")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day of the calendar") from error


def iso_moment(text: Any) -> datetime:
    """Return a moment written as 2026-10-14T10:00, in Europe/London where it has no offset.

    ``ValueError`` for a day without its time, for a number, and for a time that no clock shows on that day.
    """
    if isinstance(text, datetime):
        when = text
    elif isinstance(text, str) and WRITTEN_MOMENT.fullmatch(text):
        try:
            when = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"{text!r} is not a day of the calendar and a time of day") from error
    else:
        raise ValueError(f"{shortened(text)} is not a date and time in the form 2026-10-14T10:00")
    if not date.min < when.date() < date.max:
        # Its day elsewhere is another, and there is none.
        raise ValueError(f"{when.date()} is the first or the last day that there is")
    if when.tzinfo is not None:
        return when
    local_time(when.date(), when.time())
    return when.replace(tzinfo=LONDON)


def local_time(day: date, at: time) -> datetime:
    """Return ``at`` on ``day`` in Europe/London as a moment in UTC; ``ValueError`` where no clock shows it."""
    when = london_time(day, at).astimezone(UTC)
    back = when.astimezone(LONDON)
    if back.replace(tzinfo=None) != datetime.combine(day, at):
        before = back.replace(tzinfo=None) - timedelta(hours=2)
        raise ValueError(
            f"{at:%H:%M} on {day} does not exist in Europe/London: the clocks go forward that night; "
            f"write {before:%H:%M} or {back:%H:%M}, or give an offset"
        )
    return when


def shortened(value: Any) -> str:
    """Return a value as an error quotes it."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def outside(day: date, limits: "DateNumbers", today: date, ahead: Ahead | None, born: date | None = None) -> str | None:
    """Return why a day cannot be right, by the limits of the policy; None where it can.

    ``ahead``: it is of something planned; None: of a fact, which has happened. ``born``: the birth of the person.
    """
    if day < limits.first_day:
        return f"{day} is before {limits.first_day}, the first day that is accepted"
    if born is not None and day < born:
        return f"{day} is before the date of birth, {born}"
    if ahead is None:
        return f"{day} is in the future; a fact has happened by {today}" if day > today else None
    years: int = getattr(limits, ahead.value)
    last = add_months(today, 12 * years)
    return f"{day} is too far ahead: {last}, {years} years from today, is the last day accepted" if day > last else None


def released_after_the_end(release: date | None, *ends: date | None) -> Iterator[str]:
    """Yield that a release is after the end of its sentence, with both dates.

    ``ends``: of the licence and of the sentence. The later one counts.
    """
    last = max((end for end in ends if end is not None), default=None)
    if release is not None and last is not None and release > last:
        yield f"{release} is after the sentence ends on {last}"
