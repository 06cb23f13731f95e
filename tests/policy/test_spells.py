"""The spells of a case: whatever its history, every day is told once, and telling them again changes nothing."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.custody import Stay
from policy.facts import LevelFact
from policy.registrations import Registered, episodes, flags_of, level_changes, stretches
from policy.spells import CaseSpell, History, Span, Values, of_category_3, spells_of
from policy.vocabulary import Level, Location

FIRST, TODAY = date(2015, 1, 1), date(2026, 6, 1)
KEPT_SINCE = date(2024, 3, 4)
DAY = timedelta(days=1)
ORDER = (4, 1, 2, 3)
NOW = Values(1, (1,), 1, "community", "London", "North", "police")
days = st.dates(FIRST, TODAY)


def history(**changes: object) -> History:
    """Return a case of category 1 since 2015, in the community at level 1; closed, known and moved as the test says."""
    values: dict[str, object] = {
        "begins": FIRST, "ends": None, "today": TODAY, "kept_since": KEPT_SINCE, "now": NOW,
        "spans": (Span(1, FIRST, None),), "levels": (LevelFact(Level(1), FIRST),),
        "stays": (Stay(Location.COMMUNITY, FIRST),), "moves_known": False, "registered": (), "told": (),
        "primary_order": ORDER,
    }  # fmt: skip
    return History(**(values | changes))  # type: ignore[arg-type]


def told(found: list[CaseSpell], *names: str) -> list[tuple[object, ...]]:
    return [(str(s.starts_on), str(s.ends_on or "-"), *(getattr(s.values, n) for n in names)) for s in found]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw a case with any levels, moves, categories and registrations, open or closed."""
    levels = sorted(draw(st.lists(st.tuples(days, st.integers(1, 3)), max_size=4)))
    moves = sorted(set(draw(st.lists(days, max_size=3))))
    places = [Location.CUSTODY, Location.COMMUNITY] * 2
    stays = [Stay(Location.COMMUNITY, FIRST)]
    for place, day in zip(places, moves, strict=False):
        if day > stays[-1].since and place is not stays[-1].location:
            stays[-1] = Stay(stays[-1].location, stays[-1].since, day)
            stays.append(Stay(place, day))
    until = st.none() | st.dates(FIRST, date(2030, 1, 1))
    spans = [Span(c, since, end if end is None else max(since, end)) for c, since, end in
             draw(st.lists(st.tuples(st.integers(1, 4), st.dates(FIRST, TODAY - DAY), until), max_size=4))]  # fmt: skip
    categories = draw(st.sets(st.integers(1, 4), max_size=3))
    told_of = draw(st.lists(st.tuples(days, st.none() | days, st.integers(1, 4), st.integers(1, 3)), max_size=3))
    rows = [registered(since, end if end is None else max(since, end), c, level) for since, end, c, level in told_of]
    return history(
        begins=draw(days),
        ends=draw(st.none() | days),
        kept_since=draw(days),
        now=Values(
            min(categories, key=ORDER.index, default=None), tuple(sorted(categories)),
            levels[-1][1] if levels else None, stays[-1].location.value, "London", draw(st.sampled_from("AB")),
            "police",
        ),
        spans=tuple(spans),
        levels=tuple(LevelFact(Level(level), since) for since, level in levels),
        stays=tuple(stays),
        moves_known=draw(st.booleans()),
        registered=stretches(rows),
    )  # fmt: skip


def registered(start: date, end: date | None, category: int = 1, level: int | None = 1) -> Registered:
    return Registered(category, level, start, end, "London", "South", "police", "community")


@settings(max_examples=150, deadline=None)
@given(histories(), st.sampled_from("AB"))
def test_every_day_is_told_once_and_telling_again_changes_nothing(one: History, unit: str) -> None:
    found = spells_of(one)
    assert (found == []) is (one.ends is not None and one.ends < one.begins)
    for before, after in pairwise(found):
        assert before.ends_on is not None
        assert before.ends_on + DAY == after.starts_on
        assert before.values != after.values
    if found:
        assert (found[0].starts_on, found[-1].ends_on) == (one.begins, one.ends)
    again = replaced(one, told=tuple(found))
    assert spells_of(again) == found
    # Nor does the next day, or a week of looking.
    assert spells_of(replaced(again, today=TODAY + 7 * DAY)) == found
    # A change of the unit begins on its day, and stays there.
    moved = replaced(again, today=TODAY + DAY, now=with_unit(one.now, unit))
    changed = spells_of(moved)
    assert spells_of(replaced(moved, told=tuple(changed), today=TODAY + 9 * DAY)) == changed
    if found and one.ends is None:
        assert changed[-1].values == with_unit(one.now, unit)
        assert [s.values for s in changed[: len(found) - 1]] == [s.values for s in found[:-1]]


def replaced(one: History, **changes: object) -> History:
    return history(**({name: getattr(one, name) for name in History.__slots__} | changes))


def with_unit(values: Values, unit: str) -> Values:
    return Values(values.category, values.categories, values.level, values.location, values.area, unit, "police")


def test_each_thing_that_changes_begins_a_spell_on_its_own_day() -> None:
    found = spells_of(
        history(
            levels=(LevelFact(Level(1), FIRST), LevelFact(Level(2), date(2025, 5, 1))),
            stays=(
                Stay(Location.CUSTODY, FIRST, date(2025, 2, 3)),
                Stay(Location.COMMUNITY, date(2025, 2, 3)),
            ),
            moves_known=True,
            spans=(Span(1, FIRST, None), Span(2, FIRST, date(2025, 8, 31))),
            now=Values(1, (1,), 2, "community", "London", "North", "police"),
        )
    )
    assert told(found, "categories", "level", "location") == [
        ("2015-01-01", "2025-02-02", (1, 2), 1, "custody"),
        ("2025-02-03", "2025-04-30", (1, 2), 1, "community"),
        ("2025-05-01", "2025-08-31", (1, 2), 2, "community"),
        ("2025-09-01", "-", (1,), 2, "community"),
    ]


def test_a_category_that_has_ended_goes_on_until_somebody_has_decided() -> None:
    ended = (Span(1, FIRST, date(2025, 12, 31)), Span(2, FIRST, date(2025, 8, 31)))
    waiting = history(spans=ended, now=Values(1, (1,), 1, "community", "London", "North", "police"))
    assert told(spells_of(waiting), "categories") == [("2015-01-01", "2025-08-31", (1, 2)), ("2025-09-01", "-", (1,))]


def test_a_category_that_was_dropped_by_a_decision_ends_the_day_before() -> None:
    before = history(now=Values(1, (1, 2), 1, "community", "London", "North", "police"),
                     spans=(Span(1, FIRST, None), Span(2, FIRST, None)))  # fmt: skip
    stored = tuple(spells_of(before))
    dropped = replaced(before, told=stored, now=NOW)
    assert told(spells_of(dropped), "categories") == [("2015-01-01", "2026-05-31", (1, 2)), ("2026-06-01", "-", (1,))]
    later = replaced(dropped, told=tuple(spells_of(dropped)), today=date(2026, 9, 1))
    assert spells_of(later) == spells_of(dropped)


def test_a_registration_knows_where_and_in_which_unit_before_the_record_began() -> None:
    custody = Registered(1, 1, FIRST, date(2020, 1, 31), "London", "South", "probation", "custody")
    cut = stretches([custody, registered(date(2020, 2, 1), None)])
    found = spells_of(history(registered=cut, now=Values(1, (1,), 1, "community", "London", "North", "police")))
    assert told(found, "location", "unit", "lead_agency") == [
        ("2015-01-01", "2020-01-31", "custody", "South", "probation"),
        ("2020-02-01", "2026-05-31", "community", "South", "police"),
        ("2026-06-01", "-", "community", "North", "police"),
    ]


def test_category_3_holds_from_the_decision_until_another_category_is_set() -> None:
    decided = [(date(2020, 1, 1), 1), (date(2021, 1, 1), 3), (date(2022, 1, 1), 3), (date(2023, 1, 1), 2)]
    assert list(of_category_3(decided)) == [Span(3, date(2021, 1, 1), date(2022, 12, 31))]


def test_an_episode_is_what_follows_without_a_day_between() -> None:
    first, next_day = registered(FIRST, date(2016, 3, 31)), registered(date(2016, 4, 1), date(2016, 4, 30))
    apart = registered(date(2016, 5, 2), None)
    assert list(episodes([apart, next_day, first])) == [[first, next_day], [apart]]


def test_the_level_of_what_began_last_counts_and_an_older_one_comes_back() -> None:
    rows = [registered(FIRST, None), registered(date(2016, 1, 1), date(2016, 6, 30), level=3)]
    assert [(s.starts_on, s.counts.level) for s in level_changes(stretches(rows))] == [
        (FIRST, 1), (date(2016, 1, 1), 3), (date(2016, 7, 1), 1),
    ]  # fmt: skip
    assert [flags_of(rows[0], rows[1:]), flags_of(rows[1], rows[:1])] == [["levels_overlap"], ["levels_overlap"]]
