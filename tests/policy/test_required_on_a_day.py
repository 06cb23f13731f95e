"""Who is required on a day follows from the facts of that day, in whatever order they were recorded.

Joint inspection 2015, 5.4 and 5.7. The worked days: in custody from 12 November 2023, released on 1 October 2026,
recalled on 6 October, released for good on 12 March 2027.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.attendance import CaseOverTime, Undated, required_on
from policy.custody import TAKES_TO, stays
from policy.events import EventKind
from policy.vocabulary import Category, Location
from tests.policy.test_dates_by_hand import POLICY

NUMBERS = POLICY.attendance
START, RELEASE = date(2023, 11, 12), date(2027, 3, 12)
LIFE = [
    (date(2026, 10, 1), EventKind.RELEASE),
    (date(2026, 10, 6), EventKind.RECALL),
    (date(2027, 3, 12), EventKind.RELEASE),
]


def lived(moves, told=(), referrals=(), door: date | None = RELEASE) -> CaseOverTime:
    in_order = sorted(moves)
    now = TAKES_TO[in_order[-1][1]] if in_order else Location.CUSTODY
    return CaseOverTime(
        undated=Undated(Category.VIOLENT_OR_OTHER_SEXUAL, "probation", door),
        stays=stays(in_order, START, now, START),
        date_of_birth=date(1985, 3, 4),
        told=told,
        referrals=referrals,
    )


def agencies(known: CaseOverTime, day: date) -> list[str]:
    return [one.agency for one in required_on(known, day, NUMBERS)]


@pytest.mark.parametrize(
    ("day", "also"),
    [
        (date(2026, 9, 30), "prison"),
        (date(2026, 10, 1), "neighbourhood_policing"),
        (date(2026, 10, 5), "neighbourhood_policing"),
        (date(2026, 10, 6), "prison"),
        (date(2027, 3, 12), "neighbourhood_policing"),
    ],
)
def test_the_prison_comes_while_the_person_is_there_and_the_neighbourhood_after(day, also):
    """On the day of a move, where it takes the person: a meeting after the release is one in the community."""
    assert agencies(lived(LIFE), day) == ["probation", "police", also]


def test_twelve_weeks_before_release_both_come():
    """12 March 2027 less 12 weeks is 18 December 2026."""
    assert agencies(lived(LIFE), date(2026, 12, 17)) == ["probation", "police", "prison"]
    assert agencies(lived(LIFE), date(2026, 12, 18)) == ["probation", "police", "prison", "neighbourhood_policing"]


def test_a_release_that_nobody_expected_asks_for_nobody_before_its_day():
    """On 30 September release was expected in March: that it came on 1 October does not make anybody absent."""
    assert "neighbourhood_policing" not in agencies(lived(LIFE), date(2026, 9, 30))


def test_a_circumstance_holds_from_its_day_to_the_day_it_is_told_otherwise():
    told = [(date(2026, 9, 20), {"approved_premises": True}), (date(2026, 10, 10), {"approved_premises": False})]
    there = {day: "approved_premises" in agencies(lived([], told), date(2026, *day))
             for day in ((9, 19), (9, 20), (10, 9), (10, 10))}  # fmt: skip
    assert there == {(9, 19): False, (9, 20): True, (10, 9): True, (10, 10): False}


def test_the_agencies_of_the_newest_referral_by_that_day():
    referrals = [(date(2026, 9, 1), [("housing", "no home")]), (date(2026, 10, 1), [("education", "a course")])]
    assert agencies(lived([], (), referrals), date(2026, 9, 30))[-1] == "housing"
    assert agencies(lived([], (), referrals), date(2026, 10, 1))[-1] == "education"


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
NAMES = st.sampled_from(["approved_premises", "tagged", "victim_contact", "children_at_risk", "domestic_abuse"])


@st.composite
def lives(draw):
    """Draw moves that follow from each other, circumstances and referrals, each on a day of its own."""
    days = draw(st.lists(DAYS, max_size=5, unique=True).map(sorted))
    turns = [(EventKind.RELEASE, EventKind.RECALL)[n % 2] for n in range(len(days))]
    told = [(day, draw(st.dictionaries(NAMES, st.booleans(), max_size=3)))
            for day in draw(st.lists(DAYS, max_size=5, unique=True))]  # fmt: skip
    wanted = st.sampled_from(["housing", "education", "health"])
    referrals = [(day, [(draw(wanted), "needed")]) for day in draw(st.lists(DAYS, max_size=3, unique=True))]
    return list(zip(days, turns, strict=True)), told, referrals


@given(lives(), st.randoms(use_true_random=False), DAYS)
def test_any_order_of_recording_gives_the_same_agencies_on_a_day(life, dice, day):
    moves, told, referrals = life
    known = lived(moves, told, referrals)
    shuffled = [list(part) for part in life]
    for part in shuffled:
        dice.shuffle(part)
    assert agencies(lived(*shuffled), day) == agencies(known, day)


@given(lives(), DAYS)
def test_what_happens_later_changes_nothing_of_a_day(life, day):
    known = lived(*life)
    until = lived(*([one for one in part if one[0] <= day] for part in life))
    assert agencies(known, day) == agencies(until, day)


@given(lives(), DAYS)
def test_custody_and_the_community_are_never_confused(life, day):
    found = agencies(replace(lived(*life), referrals=()), day)
    moves = [kind for on, kind in life[0] if on <= day]
    out = bool(moves) and moves[-1] is EventKind.RELEASE
    assert ("prison" in found) is not out
    if out:
        assert "neighbourhood_policing" in found
    else:
        assert ("neighbourhood_policing" in found) is (day + timedelta(weeks=12) >= RELEASE)
