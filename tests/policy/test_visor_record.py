"""A record on ViSOR for category 1 and every level 2 and 3, with the lead agency and the level of the case.

Source: joint inspection 2015, 2.12, 4.15, 5.29. Ten working days are our default.
"""

from datetime import date

import pytest

from policy.facts import IdentificationFact, LevelFact, VisorFact
from policy.kinds import Identification
from policy.subjects import row
from policy.vocabulary import Level
from tests.policy.test_meeting_dates_by_hand import came_of, days, facts, of_kind

ONE, TWO, THREE = Level
OPENED, SET_ON, RAISED = date(2026, 3, 2), date(2026, 9, 18), date(2027, 1, 27)
AT_2 = (LevelFact(TWO, SET_ON),)


def owed(**case) -> list[tuple[str, str, tuple[str, date | None]]]:
    return [
        (item.label or "", str(due), came_of(item))
        for item, due, _ in of_kind(Identification.VISOR_RECORD, facts(**case))
    ]


def test_category_1_is_put_on_visor_from_the_opening_of_the_case() -> None:
    """Mon 2 March 2026 and ten working days: Mon 16; five more: Mon 23."""
    [(_, due, steps)] = of_kind(Identification.VISOR_RECORD, facts(visor_from=OPENED))
    assert due == date(2026, 3, 16)
    assert days(steps) == [("due", "2026-03-16"), ("+5W", "2026-03-23")]


def test_so_is_every_case_at_level_2_or_3_from_that_level() -> None:
    """Fri 18 September 2026 and ten working days: Fri 2 October. Level 1 of another category needs none."""
    assert owed(levels=AT_2) == [("to be made", "2026-10-02", ("", None))]
    assert owed(levels=(LevelFact(ONE, SET_ON),)) == []


def test_one_that_comes_down_before_it_was_made_needs_none() -> None:
    down = (*AT_2, LevelFact(ONE, RAISED))
    assert owed(levels=down) == [("to be made", "2026-10-02", ("missed", RAISED))]


def test_nobody_is_asked_while_a_person_must_decide_on_the_category() -> None:
    assert owed(levels=AT_2, eligible=False) == []


def test_the_level_is_put_right_after_each_change() -> None:
    """In almost half of the cases ViSOR had another level (5.29). Wed 27 January 2027 and ten working days: 10 Feb."""
    made, levels = date(2026, 9, 24), (*AT_2, LevelFact(THREE, RAISED))
    then = VisorFact(made, "probation", TWO)
    assert owed(levels=levels, on_visor=(then,)) == [
        ("to be made", "2026-10-02", ("met", made)),
        ("level 3 from 27 January 2027", "2027-02-10", ("", None)),
    ]
    wrong, right = VisorFact(date(2027, 1, 28), "probation", TWO), VisorFact(date(2027, 2, 1), "probation", THREE)
    assert [came for *_, came in owed(levels=levels, on_visor=(then, wrong, right))][1] == ("met", right.on)


def test_a_record_made_after_the_change_has_the_level_as_it_is() -> None:
    levels = (*AT_2, LevelFact(THREE, RAISED))
    made = VisorFact(date(2027, 2, 1), "probation", THREE)
    assert owed(levels=levels, on_visor=(made,)) == [("to be made", "2026-10-02", ("met", made.on))]


@pytest.mark.parametrize(
    ("known", "due"),
    [((), "2026-10-08"), ((IdentificationFact(row(2), date(2026, 11, 1), date(2026, 11, 3)),), "2026-11-17")],
    ids=["from the day ViSOR was last right", "from an identification since: Tue 3 November, then Tue 17"],
)
def test_another_lead_agency_is_put_right(known, due: str) -> None:
    """The lead agency was not clear in one-fifth of the cases (4.15). Thu 24 September and ten working days: 8 Oct."""
    then, now = VisorFact(date(2026, 9, 24), "probation", TWO), VisorFact(date(2026, 12, 1), "mental_health", TWO)
    case = {"levels": AT_2, "lead_agency": "mental_health", "identifications": known}
    assert owed(**case, on_visor=(then,))[1:] == [("lead agency: mental health", due, ("", None))]
    assert [came for *_, came in owed(**case, on_visor=(then, now))][1:] == [("met", now.on)]
