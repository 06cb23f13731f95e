"""Properties of the levels and their reviews: whatever the history, one step is next, and met ones stay in order."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from policy.facts import CaseFacts, LevelFact, MeetingFact
from policy.kinds import Reviews
from policy.obligations.reviews import owed_on_reviews, stretches
from policy.subjects import row
from policy.vocabulary import Level, Location

START = date(2026, 1, 5)
DAYS = st.integers(0, 400).map(lambda n: START + timedelta(days=n))
LEVELS = st.lists(st.tuples(DAYS, st.sampled_from(Level)), min_size=1, max_size=6).map(sorted)
MEETINGS = st.lists(DAYS, max_size=8).map(sorted)
NEXT = {Reviews.FIRST_MEETING, Reviews.LEVEL_2_REVIEW, Reviews.LEVEL_3_REVIEW}


def case(levels: list[tuple[date, Level]], held: list[date]) -> CaseFacts:
    meetings = tuple(MeetingFact(row(n), n, on, on, level=2, held=True) for n, on in enumerate(held, start=1))
    spells = tuple(LevelFact(level, since) for since, level in levels)
    return CaseFacts(Location.COMMUNITY, True, START, None, levels=spells, meetings=meetings)


@given(LEVELS, MEETINGS)
def test_exactly_one_next_meeting_is_owed_at_level_2_or_3_and_none_at_level_1(levels, held):
    facts = case(levels, held)
    open_steps = [item for item in owed_on_reviews(facts) if item.met_on is None and item.missed_on is None]
    if facts.level is Level.LEAD_AGENCY:
        assert {item.kind for item in open_steps} == {Reviews.LEVEL_1_REVIEW}
        assert len(open_steps) == 2
    else:
        [step] = open_steps
        assert step.kind in NEXT
        wrong = {Level.MULTI_AGENCY: Reviews.LEVEL_3_REVIEW, Level.SENIOR_MULTI_AGENCY: Reviews.LEVEL_2_REVIEW}
        assert step.kind is not wrong[facts.level]


@given(LEVELS, MEETINGS)
def test_no_obligation_is_met_before_it_began_and_none_stands_twice(levels, held):
    items = list(owed_on_reviews(case(levels, held)))
    assert all(item.met_on is None or item.met_on >= item.anchor for item in items)
    assert all(item.missed_on is None or item.missed_on >= item.anchor for item in items)
    keys = [(item.kind, item.subject) for item in items]
    assert len(set(keys)) == len(keys)


@given(LEVELS, MEETINGS, DAYS)
def test_a_later_meeting_never_takes_back_what_an_earlier_one_met(levels, held, later):
    met = {(i.kind, i.subject): i.met_on for i in owed_on_reviews(case(levels, held)) if i.met_on is not None}
    after = max([*held, later, *(since for since, _ in levels)])
    more = {(i.kind, i.subject): i.met_on for i in owed_on_reviews(case(levels, [*held, after]))}
    assert all(more[key] == met_on for key, met_on in met.items())


@given(LEVELS)
def test_a_level_set_anew_unchanged_only_goes_on(levels):
    spells = [LevelFact(level, since) for since, level in levels]
    found = list(stretches(spells))
    assert all(one.level != other.level for one, other in pairwise(found))
    assert found[-1].until is None
    assert found[-1].level == spells[-1].level
