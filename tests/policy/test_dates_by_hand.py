"""Dates worked out by hand from the rule, with the source beside them."""

from datetime import UTC, date, datetime

import pytest

from policy.book import shipped_book
from policy.calendar import WorkingCalendar, add_months, age_on, years_beginning_with
from policy.kinds import Identification, Kind, Release
from policy.ladders import due_on, ladder
from policy.offsets import shift
from policy.release import ReleaseDates, release_date

# gov.uk: the bank holidays of 2026 and 2027 in England and Wales.
HOLIDAYS = [
    *[date(2026, m, d) for m, d in ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28))],
    *[date(2027, m, d) for m, d in ((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28))],
]
CALENDAR = WorkingCalendar(frozenset(HOLIDAYS), date(2026, 1, 1), date(2027, 12, 31), "by hand")
POLICY = shipped_book().version("P2012")
LONG_AGO = date(2020, 1, 1)


def rungs(kind: Kind, anchor: date, floor: date = LONG_AGO) -> tuple[date, list[tuple[str, date]]]:
    rule = POLICY.timescales[kind]
    due = due_on(rule, anchor, floor, CALENDAR)
    return due, [(step.rung, step.on) for step in ladder(rule, due, floor, POLICY, CALENDAR)]


@pytest.mark.parametrize(
    ("day", "months", "expected", "source"),
    [
        (date(2026, 8, 31), -6, date(2026, 2, 28), "clamped: 31 August less 6 months is 28 February"),
        (date(2024, 8, 31), -6, date(2024, 2, 29), "the same in a leap year"),
        (date(2027, 3, 12), -8, date(2026, 7, 12), "Joint inspection 2015, 3.7 Darren: prison notice due 2026-07-12"),
        (date(2027, 3, 12), -6, date(2026, 9, 12), "Joint inspection 2015, 3.7 Darren: referral due 2026-09-12"),
        (date(2027, 1, 31), 1, date(2027, 2, 28), "clamped forwards too"),
        (date(2026, 1, 15), -1, date(2025, 12, 15), "over the turn of a year"),
    ],
)
def test_calendar_months_clamp_to_the_end_of_the_month(day, months, expected, source):
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("day", "count", "expected", "source"),
    [
        (date(2026, 12, 16), 10, date(2027, 1, 4), "Joint inspection 2015, 5.5 Stephen: 25, 28 Dec and 1 Jan skipped"),
        (date(2027, 3, 24), 5, date(2027, 4, 2), "level 3 minutes over Easter"),
        (date(2026, 5, 6), 10, date(2026, 5, 20), "Joint inspection 2015, 3.5 Rob: L2 meeting, minutes 05-20"),
        (date(2026, 6, 10), 10, date(2026, 6, 24), "Joint inspection 2015, 5.12 Jack"),
        (date(2026, 10, 14), 10, date(2026, 10, 28), "Joint inspection 2015, 3.7 Darren: minutes due Wed 10-28"),
        (date(2026, 9, 12), 1, date(2026, 9, 14), "day 0 may be a Saturday"),
        (date(2026, 9, 12), -1, date(2026, 9, 11), "the working day before a Saturday"),
        (date(2026, 9, 9), 0, date(2026, 9, 9), "day 0 is the day itself"),
        (date(2026, 12, 23), 1, date(2026, 12, 24), "Joint inspection 2015, 5.5 Stephen: owner and manager 12-24"),
        (date(2026, 12, 23), 5, date(2027, 1, 4), "Joint inspection 2015, 5.5 Stephen: Chair on Mon 2027-01-04"),
        (date(2026, 12, 23), 10, date(2027, 1, 11), "Joint inspection 2015, 5.5 Stephen: SMB member 2027-01-11"),
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(day, count, expected, source):
    assert CALENDAR.add_working_days(day, count) == expected


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        ("due", date(2026, 9, 12)),
        ("-1 month", date(2026, 8, 12)),
        ("-2 weeks", date(2026, 8, 29)),
        ("+3 days", date(2026, 9, 15)),
        ("+5W", date(2026, 9, 18)),
        ("-5W", date(2026, 9, 7)),
        ("+1 year", date(2027, 9, 12)),
    ],
)
def test_an_offset_moves_a_date_by_its_unit(offset, expected):
    assert shift(date(2026, 9, 12), offset, CALENDAR) == expected


def test_darren_gets_his_prison_notice_prompts_to_the_day():
    """Darren: due Sun 2026-07-12, prompt Fri 07-10; overdue five working days on: Fri 07-17; ten: Fri 07-24.

    Source: Joint inspection 2015, 3.7.
    """
    assert rungs(Release.PRISON_NOTICE, date(2027, 3, 12)) == (
        date(2026, 7, 12),
        [("-1 month", date(2026, 6, 12)), ("due", date(2026, 7, 10)), ("+5W", date(2026, 7, 17)),
         ("+10W", date(2026, 7, 24))],
    )  # fmt: skip


def test_darren_gets_his_referral_prompts_to_the_day():
    """Darren: due Sat 2026-09-12, prompt Fri 09-11. The Saturday two weeks before: Fri 08-28.

    Source: Joint inspection 2015, 3.7.
    """
    assert rungs(Release.REFERRAL, date(2027, 3, 12)) == (
        date(2026, 9, 12),
        [
            ("-1 month", date(2026, 8, 12)),
            ("-2 weeks", date(2026, 8, 28)),
            ("due", date(2026, 9, 11)),
            ("+1W", date(2026, 9, 14)),
            ("+5W", date(2026, 9, 18)),
            ("+10W", date(2026, 9, 25)),
        ],
    )


def test_identification_is_due_three_calendar_days_after_the_sentence():
    """Joint inspection 2015, 4.1; our default: day 0 the sentence date. Fri + 3 = Mon."""
    assert rungs(Identification.IDENTIFICATION, date(2026, 3, 6), date(2026, 3, 6)) == (
        date(2026, 3, 9),
        [("due", date(2026, 3, 9)), ("+1W", date(2026, 3, 10))],
    )


def test_identification_due_on_a_sunday_prompts_on_the_friday_before():
    """Sentenced Thu 2026-03-05, due Sun 03-08, prompt Fri 03-06, overdue Mon 03-09."""
    assert rungs(Identification.IDENTIFICATION, date(2026, 3, 5), date(2026, 3, 5)) == (
        date(2026, 3, 8),
        [("due", date(2026, 3, 6)), ("+1W", date(2026, 3, 9))],
    )


def test_a_short_sentence_owes_everything_at_once():
    """Sentenced late: both marks lie before the sentence of Wed 2026-10-07, so they fall on it."""
    due, steps = rungs(Release.REFERRAL, date(2026, 12, 18), date(2026, 10, 7))
    assert due == date(2026, 10, 7)
    assert steps[:3] == [(name, date(2026, 10, 7)) for name in ("-1 month", "-2 weeks", "due")]
    assert steps[3:] == [("+1W", date(2026, 10, 8)), ("+5W", date(2026, 10, 14)), ("+10W", date(2026, 10, 21))]


def test_no_prompt_goes_out_before_the_sentence_was_passed():
    """A sentence on Sat 2026-10-10: the Friday before is not open to it, so Monday is."""
    _, steps = rungs(Release.LEVEL_SETTING, date(2026, 12, 18), date(2026, 10, 10))
    assert steps[0] == ("due", date(2026, 10, 12))


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 3, 27), datetime(2026, 3, 27, 8, tzinfo=UTC)),
        (date(2026, 3, 30), datetime(2026, 3, 30, 7, tzinfo=UTC)),
        (date(2026, 10, 23), datetime(2026, 10, 23, 7, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 26, 8, tzinfo=UTC)),
    ],
    ids=["before the spring change", "after it", "before the autumn change", "after it"],
)
def test_prompts_go_out_at_eight_in_london_on_both_sides_of_a_clock_change(day, moment):
    rule = POLICY.timescales[Release.LEVEL_SETTING]
    assert ladder(rule, day, LONG_AGO, POLICY, CALENDAR)[0].at == moment


@pytest.mark.parametrize(
    ("start", "months", "last_day"),
    [
        (date(2026, 4, 2), 120, date(2036, 4, 1)),
        (date(2026, 4, 2), 84, date(2033, 4, 1)),
        (date(2024, 2, 29), 60, date(2029, 2, 27)),
    ],
    ids=["SOA 2003 s.82: ten years beginning with 2 Apr 2026", "seven years", "from a leap day"],
)
def test_a_period_ends_the_day_before_its_anniversary(start, months, last_day):
    assert years_beginning_with(start, months) == last_day


def test_an_age_turns_on_the_birthday():
    assert age_on(date(2008, 11, 22), date(2026, 11, 21)) == 17
    assert age_on(date(2008, 11, 22), date(2026, 11, 22)) == 18


TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("dates", "expected", "why"),
    [
        (ReleaseDates(), None, "nothing known"),
        (ReleaseDates(conditional_release_date=date(2027, 3, 12)), date(2027, 3, 12), "by law"),
        (
            ReleaseDates(conditional_release_date=date(2027, 3, 12), parole_eligibility_date=date(2027, 1, 4)),
            date(2027, 1, 4),
            "the earliest still to come",
        ),
        (
            ReleaseDates(conditional_release_date=date(2027, 3, 12), parole_eligibility_date=date(2026, 1, 4)),
            date(2026, 1, 4),
            "a parole date gone by stands until somebody tells what the Board decided",
        ),
        (
            ReleaseDates(conditional_release_date=date(2027, 3, 12), hdc_approved_date=date(2027, 5, 1)),
            date(2027, 5, 1),
            "an approved date goes before an earlier one by law",
        ),
        (
            ReleaseDates(conditional_release_date=date(2027, 3, 12), hdc_approved_date=date(2025, 5, 1)),
            date(2025, 5, 1),
            "curfew gone by, and nobody told of a release or a recall",
        ),
        (ReleaseDates(parole_eligibility_date=date(2026, 1, 1)), date(2026, 1, 1), "gone by, and nobody told"),
        (ReleaseDates(conditional_release_date=date(2026, 1, 1)), date(2026, 1, 1), "gone by, and nobody confirmed it"),
        (ReleaseDates(conditional_release_date=TODAY), TODAY, "today is still to come"),
    ],
)
def test_the_release_date_is_the_one_that_will_open_the_door(dates, expected, why):
    assert release_date(dates, TODAY) == expected


def test_the_date_a_case_stands_at_is_kept_when_it_goes_by():
    """What was owed before a release must not vanish on the day after it."""
    gone = date(2026, 11, 21)
    assert release_date(ReleaseDates(conditional_release_date=gone), TODAY, gone) == gone
    assert release_date(ReleaseDates(), TODAY, gone) is None


@pytest.mark.parametrize("gone_by", ["parole_eligibility_date", "hdc_approved_date", "approved_parole_date"])
def test_a_date_that_goes_by_does_not_slide_to_the_next(gone_by):
    """Only a person moves a date: one taken away, or an approved one recorded since, takes its place."""
    gone, next_one = date(2026, 11, 21), date(2027, 3, 12)
    both = ReleaseDates(conditional_release_date=next_one, **{gone_by: gone})
    assert release_date(both, TODAY, gone) == gone
    assert release_date(ReleaseDates(conditional_release_date=next_one), TODAY, gone) == next_one


def test_an_approved_date_recorded_since_takes_the_place_of_a_date_by_law_that_has_gone_by():
    gone, directed = date(2026, 11, 21), date(2027, 1, 15)
    dates = ReleaseDates(parole_eligibility_date=gone, approved_parole_date=directed)
    assert release_date(dates, TODAY, gone) == directed
