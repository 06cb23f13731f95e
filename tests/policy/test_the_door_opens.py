"""The door opens before the date: on the last working day before a weekend or a bank holiday, or earlier by decision.

Criminal Justice Act 1961 s.23, with the Offenders (Day of Release from Detention) Act 2023.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.calendar import WorkingCalendar, add_months
from policy.facts import CaseFacts, LevelFact
from policy.kinds import Release, Reviews
from policy.obligations.all import due_and_ladder, owed
from policy.release import door_opens, earlier_days
from policy.vocabulary import Level, Location
from tests.policy.test_dates_by_hand import CALENDAR, POLICY

# Christmas 2029: Tuesday 25 and Wednesday 26 December.
OF_2029 = WorkingCalendar(
    frozenset({date(2029, 12, 25), date(2029, 12, 26)}), date(2029, 1, 1), date(2029, 12, 31), "by hand"
)
IN_CUSTODY = CaseFacts(
    location=Location.CUSTODY, eligible=True, sentence_date=date(2023, 11, 12), release_date=date(2027, 3, 14)
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("release", "opens"),
    [
        (date(2027, 3, 12), date(2027, 3, 12)),  # a Friday is a day of release by law
        (date(2027, 3, 13), date(2027, 3, 12)),  # Saturday
        (date(2027, 3, 14), date(2027, 3, 12)),  # Sunday
        (date(2027, 3, 26), date(2027, 3, 25)),  # Good Friday: Thursday
        (date(2027, 3, 29), date(2027, 3, 25)),  # Easter Monday: the Thursday before the weekend
        (date(2027, 12, 28), date(2027, 12, 24)),  # Tuesday, for Boxing Day: Friday, Christmas Eve
    ],
)
def test_no_door_opens_on_a_day_without_work(release: date, opens: date) -> None:
    assert door_opens(release, CALENDAR) == opens


@pytest.mark.parametrize(
    ("release", "calendar", "days"),
    [
        (date(2027, 3, 12), CALENDAR, [date(2027, 3, 10), date(2027, 3, 11)]),  # Friday: Wednesday or Thursday
        (date(2027, 3, 14), CALENDAR, [date(2027, 3, 10), date(2027, 3, 11)]),  # Sunday, so Friday
        (date(2027, 3, 25), CALENDAR, [date(2027, 3, 23), date(2027, 3, 24)]),  # Thursday before Good Friday
        (date(2029, 12, 24), OF_2029, [date(2029, 12, 20)]),  # Monday before Christmas: not the Friday, but Thursday
        (date(2027, 3, 9), CALENDAR, []),  # a Tuesday before a Wednesday with work
    ],
)
def test_only_what_comes_before_a_day_without_work_is_brought_forward(
    release: date, calendar: WorkingCalendar, days: list[date]
) -> None:
    assert earlier_days(release, calendar) == days


def test_before_release_counts_from_the_door_and_six_months_from_the_date() -> None:
    """The date is Sunday 14 March 2027; the door opens on Friday 12.

    Eight months before the date is 14 July 2026, six months 14 September. Accepted on Monday 22 February 2027, twenty
    working days would be 22 March: the first meeting is held before Friday, on Thursday 11 March at the latest.
    """
    accepted = LevelFact(Level.MULTI_AGENCY, date(2027, 2, 22))
    facts = replace(IN_CUSTODY, door_opens_on=date(2027, 3, 12), levels=(accepted,))
    due = {item.kind: due_and_ladder(item, POLICY, CALENDAR)[0] for item in owed(facts)}
    assert due[Release.PRISON_NOTICE] == date(2026, 7, 14)
    assert due[Release.REFERRAL] == due[Release.LEVEL_SETTING] == date(2026, 9, 14)
    assert due[Reviews.FIRST_MEETING] == date(2027, 3, 11)
    assert due[Release.RELEASE] == date(2027, 3, 12)


def test_a_release_brought_forward_is_confirmed_on_that_day() -> None:
    facts = replace(IN_CUSTODY, door_opens_on=door_opens(date(2027, 3, 14), CALENDAR, date(2027, 3, 10)))
    due = {item.kind: due_and_ladder(item, POLICY, CALENDAR)[0] for item in owed(facts)}
    assert (due[Release.RELEASE], due[Release.REFERRAL]) == (date(2027, 3, 10), date(2026, 9, 14))


@given(DAYS)
def test_whatever_the_date_the_door_opens_on_the_last_working_day(release: date) -> None:
    opens = door_opens(release, CALENDAR)
    assert CALENDAR.is_working_day(opens)
    between = [opens + timedelta(days=n) for n in range(1, (release - opens).days + 1)]
    assert not any(CALENDAR.is_working_day(day) for day in between)


@given(DAYS)
def test_whatever_the_date_it_is_brought_forward_to_a_day_before_a_working_day(release: date) -> None:
    opens = door_opens(release, CALENDAR)
    for day in earlier_days(release, CALENDAR):
        assert day < opens
        assert CALENDAR.is_working_day(day)
        assert CALENDAR.is_working_day(day + timedelta(days=1))
        assert CALENDAR.add_working_days(day, 2) >= opens


@given(DAYS)
def test_whatever_the_date_release_is_confirmed_on_a_working_day_and_months_count_from_it(
    release: date,
) -> None:
    facts = replace(IN_CUSTODY, release_date=release, door_opens_on=door_opens(release, CALENDAR))
    due = {item.kind: due_and_ladder(item, POLICY, CALENDAR)[0] for item in owed(facts)}
    assert CALENDAR.is_working_day(due[Release.RELEASE])
    assert due[Release.REFERRAL] == add_months(release, -6)
    assert due[Release.PRISON_NOTICE] == add_months(release, -8)
