"""Moments as people type them, over both changes of the clock in 2026 (29 March, 25 October)."""

from datetime import UTC, date, datetime

import pytest

from views.times import iso, parse_day, parse_time


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-15", "2026-01-15T08:00"),
        ("2026-03-28", "2026-03-28T08:00"),
        ("2026-03-29", "2026-03-29T07:00"),
        ("2026-10-24", "2026-10-24T07:00"),
        ("2026-10-25", "2026-10-25T08:00"),
        ("2026-03-29T00:59", "2026-03-29T00:59"),
        ("2026-03-29T02:00", "2026-03-29T01:00"),
        ("2026-03-29T01:30Z", "2026-03-29T01:30"),
        ("2026-03-29T01:30+00:00", "2026-03-29T01:30"),
        ("2026-03-29T01:30+01:00", "2026-03-29T00:30"),
        ("2026-10-25T00:59", "2026-10-24T23:59"),
        ("2026-10-25T02:00", "2026-10-25T02:00"),
        ("2026-10-25T01:30+00:00", "2026-10-25T01:30"),
        ("2026-07-01 09:15", "2026-07-01T08:15"),
        (" 2026-07-01T09:15:30 ", "2026-07-01T08:15:30"),
    ],
)
def test_a_moment_without_offset_is_in_london_and_a_bare_date_is_eight_in_the_morning(text: str, utc: str) -> None:
    assert parse_time(text) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_of_the_two_half_past_ones_of_autumn_the_first_is_meant() -> None:
    assert parse_time("2026-10-25T01:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-29T01:00", "2026-03-29T01:30", "2026-03-29T01:59:59"])
def test_a_time_that_the_spring_change_skips_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not exist in Europe/London: the clocks go forward"):
        parse_time(text)


def test_the_refusal_of_a_skipped_time_names_the_times_before_and_after() -> None:
    with pytest.raises(ValueError, match="write 00:30 or 02:30, or give an offset"):
        parse_time("2026-03-29T01:30")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "30/03/2026",
        "2026-02-29",
        "2026-13-01",
        "20260330",
        "2026-W14-1",
        "2026-03-30T25:00",
        "0001-01-01",
        "9999-12-31",
        "0001-01-01T00:00+05:00",
        "2026-03-30T",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"is not a (date and time|date): write it as 2026-03-30|is not between 1950 and 2200"
    ):
        parse_time(text)


def test_a_day_is_written_year_first() -> None:
    assert parse_day("2026-03-30") == date(2026, 3, 30)
    with pytest.raises(ValueError, match="year first"):
        parse_day("30-03-2026")


def test_moments_are_shown_with_the_offset_of_london() -> None:
    assert iso(datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == "2026-03-29T00:30:00+00:00"
    assert iso(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)) == "2026-03-29T02:30:00+01:00"
    assert iso(None) is None
