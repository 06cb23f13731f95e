"""Properties of the rules of time: whatever the dates, these hold."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from policy.book import shipped_book
from policy.calendar import WorkingCalendar, add_months
from policy.kinds import KINDS, Identification, Release
from policy.ladders import due_on, ladder
from tests.policy.test_dates_by_hand import HOLIDAYS

CALENDAR = WorkingCalendar(frozenset(HOLIDAYS), date(2026, 1, 1), date(2027, 12, 31), "by hand")
POLICY = shipped_book().version("P2012")
DAYS = st.dates(date(2025, 6, 1), date(2028, 6, 1))
COUNTS = st.integers(-60, 60)


@given(DAYS, DAYS, COUNTS)
def test_adding_months_is_monotone(one, other, months):
    if one <= other:
        assert add_months(one, months) <= add_months(other, months)


@given(DAYS, st.integers(1, 60))
def test_working_days_land_on_working_days_and_are_counted(day, count):
    landed = CALENDAR.add_working_days(day, count)
    between = [day + timedelta(days=n) for n in range(1, (landed - day).days + 1)]
    assert CALENDAR.is_working_day(landed)
    assert sum(CALENDAR.is_working_day(d) for d in between) == count


@given(DAYS, st.integers(1, 60))
def test_working_days_back_and_forth_from_a_working_day(day, count):
    start = CALENDAR.on_or_before(day)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, count), -count) == start


@given(DAYS)
def test_the_working_day_before_is_idempotent(day):
    once = CALENDAR.on_or_before(day)
    assert CALENDAR.on_or_before(once) == once <= day


@given(st.sampled_from(KINDS), DAYS, DAYS)
def test_ladders_rise_and_stand_on_working_days_and_never_before_the_sentence(kind, release, sentenced):
    anchor = sentenced if kind is Identification.IDENTIFICATION else max(release, sentenced)
    rule = POLICY.timescales[kind]
    due = due_on(rule, anchor, sentenced, CALENDAR)
    steps = ladder(rule, due, sentenced, POLICY, CALENDAR)
    assert due >= sentenced
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert {step.rung for step in steps} == {rung.known_as for rung in rule.rungs}
    for step in steps:
        assert CALENDAR.is_working_day(step.on)
        assert step.on >= sentenced


@given(
    st.sampled_from([Release.REFERRAL, Release.PRISON_NOTICE, Release.LEVEL_SETTING]),
    DAYS,
    DAYS,
    DAYS,
)
def test_a_later_release_is_never_due_earlier(kind, one, other, sentenced):
    rule = POLICY.timescales[kind]
    early, late = min(one, other), max(one, other)
    assert due_on(rule, early, sentenced, CALENDAR) <= due_on(rule, late, sentenced, CALENDAR)
