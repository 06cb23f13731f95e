"""The list of what is stuck: every week, and for those above once a month, until nothing is open past its ladder."""

from collections.abc import Iterator
from datetime import date, timedelta

from policy.calendar import WorkingCalendar
from policy.numbers import StuckList
from policy.roles import Role

WEEK = timedelta(days=7)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def list_day(week: date, rule: StuckList, calendar: WorkingCalendar) -> date:
    """Return the day of the list in the week of a day: the policy's, or the working day after it."""
    monday = week - timedelta(days=week.weekday())
    return calendar.on_or_after(monday + timedelta(days=WEEKDAYS.index(rule.weekday)))


def next_list_day(after: date, rule: StuckList, calendar: WorkingCalendar) -> date:
    """Return the day of the first list after a day."""
    week = after
    while (day := list_day(week, rule, calendar)) <= after:
        week += WEEK
    return day


def readers(first: date, today: date, rule: StuckList, calendar: WorkingCalendar) -> tuple[Role, ...]:
    """Return who gets a list that was to go out on ``first`` and goes out today.

    After an outage one list stands for all that were not sent: had one of them been the first of its month, it goes to
    those who get the monthly one too.
    """
    monthly = any(begins_a_month(day, rule, calendar) for day in list_days(first, today, rule, calendar))
    return (*rule.weekly, *rule.monthly) if monthly else rule.weekly


def list_days(first: date, last: date, rule: StuckList, calendar: WorkingCalendar) -> Iterator[date]:
    """Yield the days of lists from one on, up to a last day."""
    day = first
    while day <= last:
        yield day
        day = next_list_day(day, rule, calendar)


def begins_a_month(day: date, rule: StuckList, calendar: WorkingCalendar) -> bool:
    """Tell whether the list of a day is the first of its month."""
    return list_day(day - WEEK, rule, calendar).month != day.month
