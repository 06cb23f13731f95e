"""Which reports are due from which day on: ten working days after each period, and after an outage of any length."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.calendar import WorkingCalendar
from policy.publishing import DAY, MONTH, PUBLISHED, QUARTER, YEAR, Due, Report, end_of_period, planned
from tests.policy.test_dates_by_hand import CALENDAR as ENGLAND_AND_WALES

WAIT = 10
# (last day of the period, the day from which its report is due), counted on the calendar of England and Wales.
BY_HAND = [
    # 5 April is Easter Sunday: 3 and 6 April are holidays. 1, 2, 7, 8, 9, 10, 13, 14, 15, 16 April.
    (date(2026, 3, 31), date(2026, 4, 16)),
    # 4 May is the early May bank holiday. 1, 5, 6, 7, 8, 11, 12, 13, 14, 15 May.
    (date(2026, 4, 30), date(2026, 5, 15)),
    # 25 October, when the clocks go back, changes no day. 31 is a Saturday: 2 to 6 and 9 to 13 November.
    (date(2026, 10, 31), date(2026, 11, 13)),
    # 1 January is a holiday. 4 to 8 and 11 to 15 January.
    (date(2026, 12, 31), date(2027, 1, 15)),
    # 28 is a Sunday. 1 to 5 and 8 to 12 March.
    (date(2027, 2, 28), date(2027, 3, 12)),
    # 28 March, when the clocks go forward, is Easter Sunday. 1, 2, 5 to 9, 12, 13, 14 April.
    (date(2027, 3, 31), date(2027, 4, 14)),
]


@pytest.mark.parametrize(("ends_on", "due_on"), BY_HAND)
def test_a_report_is_due_ten_working_days_after_its_period(ends_on: date, due_on: date) -> None:
    [first, after] = planned(Report.INDICATORS, MONTH, ends_on, due_on, WAIT, ENGLAND_AND_WALES)
    assert (first.ends_on, first.due_on) == (ends_on, due_on)
    assert after.ends_on == end_of_period(ends_on + DAY, MONTH)
    # A day earlier it is the next one, and nothing after it is planned.
    assert list(planned(Report.INDICATORS, MONTH, ends_on, due_on - DAY, WAIT, ENGLAND_AND_WALES)) == [first]


@pytest.mark.parametrize(
    ("day", "month", "quarter", "year"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 3, 31), date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 4, 30), date(2026, 6, 30), date(2027, 3, 31)),
        (date(2026, 12, 31), date(2026, 12, 31), date(2026, 12, 31), date(2027, 3, 31)),
        (date(2028, 2, 29), date(2028, 2, 29), date(2028, 3, 31), date(2028, 3, 31)),
    ],
)
def test_a_day_lies_in_a_month_a_quarter_and_a_reporting_year(day: date, month: date, quarter: date, year: date):
    """A reporting year ends on 31 March, and its quarters with June, September, December and March."""
    assert [end_of_period(day, months) for months in (MONTH, QUARTER, YEAR)] == [month, quarter, year]


def looked_at(days: Sequence[date], since: date, calendar: WorkingCalendar) -> list[Due]:
    """Return what is published by looks on some days, in the order in which it is: what is planned is kept."""
    rows: list[Due] = []
    done: list[Due] = []
    for today in days:
        for report, months in PUBLISHED:
            of_this = [row for row in rows if (row.report, row.months) == (report, months)]
            if not of_this or max(row.due_on for row in of_this) <= today:
                begins = max(row.ends_on for row in of_this) + DAY if of_this else since
                rows += planned(report, months, begins, today, WAIT, calendar)
        waiting = [row for row in rows if row.due_on <= today and row not in done]
        done += sorted(waiting, key=lambda row: (row.due_on, row.ends_on, row.months))
    return done


@given(since=st.dates(date(2026, 1, 1), date(2026, 12, 31)), length=st.integers(1, 500), data=st.data())
def test_after_an_outage_each_is_published_once_in_the_order_of_no_outage(
    since: date, length: int, data: st.DataObject
) -> None:
    days = [since + timedelta(days=n) for n in range(length)]
    up = data.draw(st.lists(st.sampled_from(days), unique=True, max_size=12).map(sorted))
    found = looked_at(sorted({since, *up, days[-1]}), since, ENGLAND_AND_WALES)
    assert found == looked_at(days, since, ENGLAND_AND_WALES)
    assert len({(row.report, row.months, row.ends_on) for row in found}) == len(found)


def test_a_year_has_its_twelve_months_four_quarters_and_one_annual_report() -> None:
    """From 1 April 2026 to 14 April 2027, the day on which all of March 2027 is due."""
    days = [date(2026, 4, 1) + timedelta(days=n) for n in range(379)]
    found = looked_at(days, days[0], ENGLAND_AND_WALES)
    assert days[-1] == date(2027, 4, 14)
    counts = {one: sum((row.report, row.months) == one for row in found) for one in PUBLISHED}
    assert counts == {
        (Report.INDICATORS, MONTH): 12, (Report.INDICATORS, QUARTER): 4, (Report.OUTCOMES, QUARTER): 4,
        (Report.BOARD, QUARTER): 4, (Report.BOARD_LAY, QUARTER): 4, (Report.ANNUAL, YEAR): 1,
    }  # fmt: skip
