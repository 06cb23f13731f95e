"""What is counted past the first or the last day that there is: refused in words, and never a defect."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest

from policy.calendar import (
    OutsideCalendarError,
    WorkingCalendar,
    add_months,
    london_date,
    years_beginning_with,
)
from policy.errors import InvalidError
from policy.offsets import shift

CALENDAR = WorkingCalendar(frozenset({date.max, date.min}), date(2020, 1, 1), date(2030, 12, 31), "test")
# 31 December 9999 is a Friday, 1 January of the year 1 a Monday: both are holidays of this calendar.


@pytest.mark.parametrize(
    "count",
    [
        lambda: add_months(date.max, 1),
        lambda: add_months(date.min, -1),
        lambda: add_months(date(2026, 1, 1), 12 * 8000),
        lambda: years_beginning_with(date.min, 0),
        lambda: CALENDAR.on_or_after(date.max),
        lambda: CALENDAR.on_or_before(date.min),
        lambda: CALENDAR.add_working_days(date.max, 1),
        lambda: CALENDAR.add_working_days(date.min, -5),
        lambda: shift(date.max, "+1 day", CALENDAR),
        lambda: shift(date.min, "-2 weeks", CALENDAR),
        lambda: shift(date.max, "+3W", CALENDAR),
        # An hour behind Greenwich it is the next day in London, and there is none.
        lambda: london_date(datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))),
    ],
)
def test_there_is_no_day_beyond_the_last(count: Callable[[], date]) -> None:
    with pytest.raises(OutsideCalendarError, match="lies outside the calendar") as refused:
        count()
    assert isinstance(refused.value, InvalidError)


def test_the_days_beside_the_edge_are_days_like_any_other() -> None:
    assert add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)
    assert CALENDAR.on_or_before(date.max) == date(9999, 12, 30)
    assert CALENDAR.on_or_after(date.min) == date(1, 1, 2)
    assert shift(date.max, "-1 day", CALENDAR) == date(9999, 12, 30)
