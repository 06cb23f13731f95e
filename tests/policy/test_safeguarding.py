"""Domestic abuse asks for MARAC and SARA, a child at risk for a conference: asked once, and for what it decided.

The days are our defaults; the links: Durham annual report 2005-06, joint inspection 2015, 2.11, 4.18, 6.46.
"""

from datetime import date

import pytest

from policy.facts import ConferenceFact, ConfirmedFact
from policy.kinds import Kind, Plan, Safeguarding
from tests.policy.test_meeting_dates_by_hand import came_of, days, facts, meeting, of_kind

TOLD, HEARD = date(2026, 9, 9), date(2026, 10, 21)
ABUSE, CHILD = {"domestic_abuse": TOLD}, {"children_at_risk": TOLD}


@pytest.mark.parametrize(
    ("kind", "holds", "due", "prompts"),
    [
        (Safeguarding.MARAC, ABUSE, "2026-09-23", [("due", "2026-09-23"), ("+5W", "2026-09-30")]),
        (Safeguarding.CHILD_PROTECTION, CHILD, "2026-09-23", [("due", "2026-09-23"), ("+5W", "2026-09-30")]),
        (Safeguarding.SARA_ASSESSMENT, ABUSE, "2026-10-07", [("due", "2026-10-07"), ("+5W", "2026-10-14")]),
    ],
    ids=["ten working days from Wed 9 September", "the same", "twenty working days: Wed 7 October"],
)
def test_each_is_asked_for_from_the_day_on_which_the_harm_was_told(kind: Kind, holds, due, prompts) -> None:
    [(item, due_on, steps)] = of_kind(kind, facts(holds_since=holds))
    assert (str(due_on), days(steps), came_of(item)) == (due, prompts, ("", None))
    assert of_kind(kind, facts()) == []


def conference(on: date, held_on: date | None = HEARD, *, decided: bool = False) -> ConferenceFact:
    return ConferenceFact("marac", on, held_on, decided)


def test_a_conference_with_a_day_is_asked_for_its_outcome() -> None:
    """Heard on Wed 21 October 2026: ten working days on is Wed 4 November."""
    found = of_kind(Safeguarding.MARAC, facts(holds_since=ABUSE, conferences=(conference(date(2026, 9, 14)),)))
    assert [(str(due), item.label, came_of(item)) for item, due, _ in found] == [
        ("2026-09-23", "told on 9 September 2026", ("met", date(2026, 9, 14))),
        ("2026-11-04", "MARAC on 21 October 2026", ("", None)),
    ]
    told = (conference(date(2026, 9, 14)), conference(date(2026, 10, 23), decided=True))
    found = of_kind(Safeguarding.MARAC, facts(holds_since=ABUSE, conferences=told))
    assert came_of(found[1][0]) == ("met", date(2026, 10, 23))


def test_a_reason_for_none_answers_it() -> None:
    none = conference(date(2026, 9, 14), None)
    [(item, *_)] = of_kind(Safeguarding.MARAC, facts(holds_since=ABUSE, conferences=(none,)))
    assert came_of(item) == ("met", none.on)


def test_sara_that_was_done_is_not_asked_for_again() -> None:
    done = date(2026, 8, 3)
    [(item, *_)] = of_kind(Safeguarding.SARA_ASSESSMENT, facts(holds_since=ABUSE, assessed_by={"sara": (done,)}))
    assert came_of(item) == ("met", done)


def test_the_chair_confirms_the_agencys_own_plan_after_each_meeting() -> None:
    """Joint inspection 2015, 5.18. Held on Wed 14 October 2026: ten working days on is Wed 28; then Wed 11 November."""
    first, second = meeting(1, date(2026, 10, 14)), meeting(2, date(2027, 1, 27))
    [(item, due, steps)] = of_kind(Plan.PLAN_CONFIRMED, facts(meetings=(first,)))
    assert (str(due), days(steps)) == ("2026-10-28", [("due", "2026-10-28"), ("+10W", "2026-11-11")])
    assert came_of(item) == ("", None)
    both = facts(meetings=(first, second), plans_confirmed=(ConfirmedFact(date(2027, 2, 1)),))
    assert [came_of(item) for item, *_ in of_kind(Plan.PLAN_CONFIRMED, both)] == [
        ("missed", second.on), ("met", date(2027, 2, 1)),
    ]  # fmt: skip
    late = facts(meetings=(first, second), plans_confirmed=(ConfirmedFact(date(2027, 2, 1), 1),))
    assert [came_of(item)[0] for item, *_ in of_kind(Plan.PLAN_CONFIRMED, late)] == ["met", ""]
