"""The moments at which a simulated clock ticks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from policy.calendar import LONDON
from sample.answers.answering import HOUR
from sample.simulate import Span, moments

MARCH = Span(date(2026, 3, 27), date(2026, 3, 31))
OCTOBER = Span(date(2026, 10, 23), date(2026, 10, 27))


@pytest.mark.parametrize("span", [MARCH, OCTOBER])
def test_the_daily_clock_ticks_at_eight_in_london_on_both_sides_of_a_clock_change(span: Span) -> None:
    ticks = [moment.astimezone(LONDON) for moment in moments(span, "day")]
    assert [tick.date() for tick in ticks] == [span.first + timedelta(days=n) for n in range(5)]
    assert {(tick.hour, tick.minute) for tick in ticks} == {(8, 0)}


@pytest.mark.parametrize("span", [MARCH, OCTOBER])
def test_where_people_answer_the_daily_clock_ticks_again_after_their_hour(span: Span) -> None:
    ticks = [moment.astimezone(LONDON) for moment in moments(span, "day", people_answer=True)]
    assert [(tick.date(), tick.hour, tick.minute) for tick in ticks] == [
        (span.first + timedelta(days=n), hour, minute) for n in range(5) for hour, minute in ((8, 0), (16, 15))
    ]
    assert ticks[1].time() > HOUR


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_the_hourly_clock_ticks_once_in_each_hour_there_is(day: date, hours: int) -> None:
    ticks = list(moments(Span(day, day), "hour"))
    assert len(ticks) == len(set(ticks)) == hours
    assert {later - earlier for earlier, later in pairwise(ticks)} == {timedelta(hours=1)}
    assert {tick.astimezone(LONDON).date() for tick in ticks} == {day}


@pytest.mark.parametrize("every", ["day", "hour"])
def test_an_outage_leaves_out_its_first_and_its_last_day_and_all_between(every: str) -> None:
    outage = Span(date(2026, 3, 28), date(2026, 3, 30))
    days = {moment.astimezone(LONDON).date() for moment in moments(MARCH, every, outage)}  # type: ignore[arg-type]
    assert days == {date(2026, 3, 27), date(2026, 3, 31)}


def test_the_hourly_clock_meets_every_moment_of_the_daily_one() -> None:
    assert set(moments(MARCH, "day")) <= set(moments(MARCH, "hour"))
    assert next(moments(MARCH, "day")) == datetime(2026, 3, 27, 8, tzinfo=UTC)
