"""Which clocks stop the work: dates by hand, in Europe/London, against the policy's 60 days and 15 minutes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.book import shipped_book
from policy.calendar import LONDON
from policy.clock import Fault, judge

NUMBERS = shipped_book().version("P2012").clock
SILENT, BACK, SERVER = Fault.LONG_SILENCE, Fault.SET_BACK, Fault.NOT_THE_SERVERS


def at(text: str, fold: int = 0) -> datetime:
    """Return a moment in Europe/London; of the hour that the autumn change repeats the first, or with 1 the second."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


def test_the_numbers_are_those_of_these_tables() -> None:
    assert (NUMBERS.longest_outage_days, NUMBERS.apart_minutes) == (60, 15)


@pytest.mark.parametrize(
    ("last", "present", "fault"),
    [
        # Ten minutes after the last tick, and the very same moment.
        ("2026-11-28 08:00", "2026-11-28 08:10", None),
        ("2026-11-28 08:00", "2026-11-28 08:00", None),
        # July and August have 31 days each: 59 days after 1 July is 29 August, 60 the 30th, 61 the 31st.
        ("2026-07-01 08:00", "2026-08-29 08:00", None),
        ("2026-07-01 08:00", "2026-08-30 08:00", None),
        ("2026-07-01 08:00", "2026-08-30 08:01", SILENT),
        ("2026-07-01 08:00", "2026-08-31 08:00", SILENT),
        # Summer time began on 29 March 2026: 60 days after 8 o'clock in winter end at 9 o'clock in summer.
        ("2026-03-01 08:00", "2026-04-30 09:00", None),
        ("2026-03-01 08:00", "2026-04-30 09:01", SILENT),
        # It ended on 25 October 2026: 60 days end an hour earlier by the wall.
        ("2026-10-01 08:00", "2026-11-30 07:00", None),
        ("2026-10-01 08:00", "2026-11-30 07:01", SILENT),
        # Ten years ahead; the spring of a leap year has a day more, and still it is 60.
        ("2026-11-28 08:00", "2036-11-28 08:00", SILENT),
        ("2028-02-01 08:00", "2028-04-01 09:00", None),
        # Set back by a little, by an hour, by a year.
        ("2026-11-28 08:00", "2026-11-28 07:45", None),
        ("2026-11-28 08:00", "2026-11-28 07:44", BACK),
        ("2026-11-28 08:00", "2026-11-28 07:00", BACK),
        ("2026-11-28 08:00", "2025-11-28 08:00", BACK),
        # 01:30 on the day of the spring change is a minute after 00:59 and one hour by the wall.
        ("2026-03-29 00:59", "2026-03-29 02:00", None),
    ],
)
def test_what_the_last_tick_says(last: str, present: str, fault: Fault | None) -> None:
    wrong = judge(NUMBERS, at(present), at(last))
    assert (wrong and wrong.fault) == fault


def test_the_hour_that_comes_twice_is_no_clock_set_back() -> None:
    """On 25 October 2026 at 02:00 the wall clock goes back to 01:00: 01:10 comes twenty minutes after 01:50."""
    assert judge(NUMBERS, at("2026-10-25 01:10", fold=1), at("2026-10-25 01:50")) is None
    assert judge(NUMBERS, at("2026-10-25 01:50"), at("2026-10-25 01:10", fold=1)) is not None


def test_the_first_tick_ever_has_nothing_to_be_compared_with() -> None:
    assert judge(NUMBERS, at("2036-11-28 08:00"), None) is None


@pytest.mark.parametrize(
    ("present", "server", "fault"),
    [
        ("2026-11-28 08:15", "2026-11-28 08:00", None),
        ("2026-11-28 08:16", "2026-11-28 08:00", SERVER),
        ("2026-11-28 07:45", "2026-11-28 08:00", None),
        ("2026-11-28 07:44", "2026-11-28 08:00", SERVER),
        ("2036-11-28 08:00", "2026-11-28 08:00", SERVER),
    ],
)
@pytest.mark.parametrize("last", [None, "2026-11-28 07:59"])
def test_what_the_database_server_says(present: str, server: str, fault: Fault | None, last: str | None) -> None:
    """It is asked even before the first tick."""
    wrong = judge(NUMBERS, at(present), at(last) if last else None, at(server))
    assert (wrong and wrong.fault) == fault


def test_a_server_that_agrees_makes_no_long_silence_short() -> None:
    wrong = judge(NUMBERS, at("2026-09-01 08:00"), at("2026-07-01 08:00"), at("2026-09-01 08:00"))
    assert wrong is not None
    # July has 31 days, and so has August.
    assert (wrong.fault, wrong.apart) == (SILENT, timedelta(days=62))


TWENTY_YEARS = 20 * 365 * 24 * 60
MOMENTS = st.integers(0, TWENTY_YEARS).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MOMENTS, st.timedeltas(timedelta(days=-4000), timedelta(days=4000)))
def test_a_clock_is_believed_from_a_quarter_of_an_hour_before_to_sixty_days_after(
    last: datetime, apart: timedelta
) -> None:
    believed = judge(NUMBERS, (last + apart).astimezone(LONDON), last.astimezone(LONDON)) is None
    assert believed == (timedelta(minutes=-15) <= apart <= timedelta(days=60))
