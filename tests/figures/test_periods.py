"""Months, quarters and reporting years: a year ends on 31 March, its first quarter is April to June."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Date, literal, select

from figures import periods
from figures.london import london_day
from models.base import Moment
from models.record import Record
from policy.calendar import london_date


@pytest.mark.parametrize(
    ("made", "first", "last", "title"),
    [
        (periods.year("2027"), date(2026, 4, 1), date(2027, 3, 31), "Year to 31 March 2027"),
        (periods.quarter("2027-Q1"), date(2026, 4, 1), date(2026, 6, 30), "April to June 2026"),
        (periods.quarter("2027-q4"), date(2027, 1, 1), date(2027, 3, 31), "January to March 2027"),
        (periods.month("2028-02"), date(2028, 2, 1), date(2028, 2, 29), "February 2028"),
        (periods.last_quarter(date(2026, 4, 1)), date(2026, 1, 1), date(2026, 3, 31), "January to March 2026"),
        (periods.last_quarter(date(2026, 3, 31)), date(2025, 10, 1), date(2025, 12, 31), "October to December 2025"),
    ],
)
def test_a_period_has_its_days(made: periods.Period, first: date, last: date, title: str) -> None:
    assert (made.first, made.last, made.title) == (first, last, title)


def test_a_span_is_cut_into_what_lies_in_it() -> None:
    """15 March to 14 May 2026: three months, two quarters and two reporting years, the outer ones in part."""
    span = periods.span(date(2026, 3, 15), date(2026, 5, 14))
    months, quarters, years = (of(span) for of in (periods.months_of, periods.quarters_of, periods.years_of))
    assert [(one.name, one.first.day, one.last.day) for one in months] == [
        ("2026-03", 15, 31), ("2026-04", 1, 30), ("2026-05", 1, 14),
    ]  # fmt: skip
    assert [one.name for one in quarters] == ["2026-Q4", "2027-Q1"]
    assert [(one.name, one.first, one.last) for one in years] == [
        ("2026", date(2026, 3, 15), date(2026, 3, 31)), ("2027", date(2026, 4, 1), date(2026, 5, 14)),
    ]  # fmt: skip


def test_a_period_that_runs_is_counted_to_the_day_before() -> None:
    assert periods.cut_off(periods.month("2026-04"), date(2026, 4, 20)).last == date(2026, 4, 19)
    assert periods.cut_off(periods.month("2026-04"), date(2026, 6, 1)).last == date(2026, 4, 30)
    with pytest.raises(periods.PeriodError, match="no day of the period has ended yet"):
        periods.cut_off(periods.month("2026-04"), date(2026, 4, 1))


def test_a_day_has_its_place_in_periods_on_either_database(record: Record) -> None:
    quarters = periods.quarters_of(periods.year("2027"))
    days = {date(2026, 4, 1): 0, date(2026, 6, 30): 0, date(2026, 7, 1): 1, date(2027, 3, 31): 3}
    with record.reading() as session:
        for day, place in days.items():
            assert session.scalar(select(periods.place_in(quarters, literal(day, Date)))) == place
            assert session.scalar(select(periods.place_in(quarters[:1], literal(day, Date)))) == 0


def test_the_day_in_london_is_the_same_in_the_database_as_in_the_program(record: Record) -> None:
    """Summer time begins and ends at 01:00 UTC on the last Sundays of March and October: 29 March, 25 October 2026."""
    moments = [
        datetime(year, month, day, hour, minute, tzinfo=UTC)
        for year in (2024, 2026, 2027)
        for month, days in ((1, (1,)), (3, (24, 28, 29, 31)), (6, (30,)), (10, (24, 25, 26, 27, 31)), (12, (31,)))
        for day in days
        for hour, minute in ((0, 0), (0, 59), (1, 0), (22, 59), (23, 0), (23, 59))
    ]
    with record.reading() as session:
        for moment in moments:
            assert session.scalar(select(london_day(literal(moment, Moment)))) == london_date(moment), moment
