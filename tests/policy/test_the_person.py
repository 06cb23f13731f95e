"""The person is told of their status in writing, and asked for their own views before each meeting."""

from datetime import date

import pytest

from policy.facts import LevelFact, OwnViewsFact
from policy.kinds import ThePerson
from policy.vocabulary import Level
from tests.policy.test_meeting_dates_by_hand import came_of, days, facts, meeting, of_kind

ONE, TWO = Level.LEAD_AGENCY, Level.MULTI_AGENCY
SET_ON, LOWERED = date(2026, 9, 18), date(2027, 1, 27)


def test_the_person_is_told_within_twenty_working_days_of_the_level() -> None:
    """Set on Fri 18 September 2026; twenty working days on is Fri 16 October, ten more Fri 30 (4.20; our days)."""
    [(item, due, steps)] = of_kind(ThePerson.STATUS_TOLD, facts(levels=(LevelFact(TWO, SET_ON),)))
    assert (due, item.label) == (date(2026, 10, 16), "level 2 from 18 September 2026")
    assert days(steps) == [("due", "2026-10-16"), ("+10W", "2026-10-30")]


def test_each_level_is_told_and_the_next_overtakes_the_last() -> None:
    """Set anew unchanged, a level only goes on; told on the day of a change, the person knows the new level."""
    levels = (LevelFact(TWO, SET_ON), LevelFact(TWO, date(2026, 10, 14)), LevelFact(ONE, LOWERED))
    found = of_kind(ThePerson.STATUS_TOLD, facts(levels=levels, status_told_on=(LOWERED,)))
    assert [came_of(item) for item, _, _ in found] == [("missed", LOWERED), ("met", LOWERED)]
    found = of_kind(ThePerson.STATUS_TOLD, facts(levels=levels, status_told_on=(date(2026, 9, 1), date(2026, 10, 1))))
    assert [came_of(item) for item, _, _ in found] == [("met", date(2026, 10, 1)), ("", None)]


def test_a_level_from_before_the_case_counts_from_its_opening() -> None:
    """Loaded on Mon 2 November 2026 with a level from September: twenty working days on is Mon 30."""
    case = facts(levels=(LevelFact(TWO, SET_ON),), opened_on=date(2026, 11, 2))
    [(_, due, _)] = of_kind(ThePerson.STATUS_TOLD, case)
    assert due == date(2026, 11, 30)


def test_nobody_is_told_of_a_level_that_is_not_set() -> None:
    assert of_kind(ThePerson.STATUS_TOLD, facts()) == []


@pytest.mark.parametrize(
    ("planned_on", "due", "prompts"),
    [
        (date(2026, 9, 21), "2026-09-30", [("due", "2026-09-30"), ("+5W", "2026-10-07")]),
        (date(2026, 10, 6), "2026-10-06", [("due", "2026-10-06"), ("+5W", "2026-10-13")]),
    ],
    ids=["ten working days before Wed 14 October", "arranged later than that: the day it is arranged"],
)
def test_own_views_are_asked_for_ten_working_days_before_a_meeting(planned_on, due, prompts) -> None:
    case = facts(meetings=(meeting(1, date(2026, 10, 14), planned_on=planned_on, held=False),))
    [(item, due_on, steps)] = of_kind(ThePerson.OWN_VIEWS, case)
    assert (due_on.isoformat(), days(steps), came_of(item)) == (due, prompts, ("", None))


ASKED = date(2026, 10, 5)


@pytest.mark.parametrize(
    ("views", "came"),
    [
        (OwnViewsFact(ASKED, 1), [("met", ASKED), ("", None)]),
        (OwnViewsFact(ASKED), [("met", ASKED), ("", None)]),
        (OwnViewsFact(ASKED, 2), [("", None), ("met", ASKED)]),
        (OwnViewsFact(date(2026, 10, 15)), [("", None), ("met", date(2026, 10, 15))]),
    ],
    ids=["for the one it names", "for the next", "for the one it names, though not the next", "not for one gone by"],
)
def test_they_are_for_one_meeting(views: OwnViewsFact, came) -> None:
    """Invited to contribute in writing to each meeting (Lancashire annual report 2014-15)."""
    ahead = (meeting(1, date(2026, 10, 14), held=False), meeting(2, date(2027, 1, 27), held=False))
    assert [
        came_of(item) for item, *_ in of_kind(ThePerson.OWN_VIEWS, facts(meetings=ahead, own_views=(views,)))
    ] == came


def test_the_record_of_a_meeting_tells_them_too() -> None:
    """It has the person's own views as they were told when invited: nobody is asked for them a second time."""
    held_on = date(2026, 10, 14)
    [(item, *_)] = of_kind(ThePerson.OWN_VIEWS, facts(meetings=(meeting(1, held_on),)))
    assert came_of(item) == ("met", held_on)
