"""Working days of England and Wales, and the arithmetic of dates.

A working day is not a Saturday, a Sunday or a bank holiday; day 0 is the day of the event
(the convention of the Ministry of Justice's WorkingDaysService). Months are calendar months,
clamped to the month's end. All functions are over ``datetime.date``: no clock, no time zone.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from policy.errors import InvalidError

LONDON = ZoneInfo("Europe/London")


ONE_DAY = timedelta(days=1)


class OutsideCalendarError(InvalidError):
    """A count of days or months that ends before the first day that there is, or after the last."""

    def __init__(self, day: date, what: str) -> None:
        """Say from which day what was counted."""
        super().__init__(f"{day} {what} lies outside the calendar: it goes from {date.min} to {date.max}")


def next_day(day: date, step: timedelta = ONE_DAY) -> date:
    """Return the day after a day, or another step on; ``OutsideCalendarError`` where there is none."""
    try:
        return day + step
    except OverflowError as error:
        raise OutsideCalendarError(day, f"and {step.days} days") from error


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Bank holidays, the span of dates they are known for, and the version of the stored table."""

    holidays: frozenset[date]
    first: date
    last: date
    version: str

    def is_working_day(self, day: date) -> bool:
        """Tell whether agencies work on ``day``.

        Outside the span of the table weekends alone count; ``covers`` tells whether that happened,
        and the assurance check raises an alarm long before it can.
        """
        return day.weekday() < 5 and day not in self.holidays

    def covers(self, day: date) -> bool:
        """Tell whether the bank holidays of ``day``'s year are known."""
        return self.first <= day <= self.last

    def on_or_before(self, day: date) -> date:
        """Return ``day``, or the last working day before it."""
        while not self.is_working_day(day):
            day = next_day(day, -ONE_DAY)
        return day

    def on_or_after(self, day: date) -> date:
        """Return ``day``, or the first working day after it."""
        while not self.is_working_day(day):
            day = next_day(day)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day ``count`` working days after ``day`` (before it when negative).

        ``day`` itself is day 0 and need not be a working day; ``count`` 0 returns it unchanged.
        """
        step = ONE_DAY if count > 0 else -ONE_DAY
        left = abs(count)
        while left:
            day = next_day(day, step)
            if self.is_working_day(day):
                left -= 1
        return day


@lru_cache(maxsize=4096)
def add_months(day: date, months: int) -> date:
    """Return the same day of the month ``months`` calendar months on (back when negative).

    Clamped to the month's end: 31 August less 6 months is 28 February (our default).
    """
    years, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month_index + 1
    if not date.min.year <= years <= date.max.year:
        raise OutsideCalendarError(day, f"and {months} months")
    return date(years, month, min(day.day, monthrange(years, month)[1]))


def years_beginning_with(day: date, months: int) -> date:
    """Return the last day of a period of ``months`` months that begins with ``day``.

    "10 years beginning with 2 Apr 2026" ends on 1 Apr 2036 (SOA 2003 s.82: "beginning with").
    """
    return next_day(add_months(day, months), -ONE_DAY)


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on ``day``; a birthday on 29 February is kept on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def london_time(day: date, at: time) -> datetime:
    """Return the moment of ``at`` on ``day`` in Europe/London, as an aware datetime."""
    return datetime.combine(day, at, tzinfo=LONDON)


def london_date(when: datetime) -> date:
    """Return the date in Europe/London at an aware ``moment``."""
    if when.tzinfo is None:
        raise ValueError("a moment needs a time zone: got a datetime without one")
    try:
        return when.astimezone(LONDON).date()
    except OverflowError as error:
        raise OutsideCalendarError(when.date(), "in Europe/London") from error
