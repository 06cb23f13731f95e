"""A level 1 review whose outcome is "refer" makes a referral due in ten days (our default), and its ladder.

Reviewed on Monday 2 November 2026: by Thursday 12 November; a working day on Friday 13, five on Thursday 19, ten on
Thursday 26.
"""

from datetime import date
from typing import Any

import pytest

from policy.facts import CaseFacts, LevelFact, ReferralFact, ReviewFact
from policy.kinds import Release
from policy.subjects import Subject, row
from policy.vocabulary import Level
from tests.policy.test_meeting_dates_by_hand import came_of, days, facts, of_kind

REVIEWED = date(2026, 11, 2)
LEVEL_1 = LevelFact(Level.LEAD_AGENCY, date(2026, 7, 1))


def review(on: date, number: int = 1, *, refers: bool) -> ReviewFact:
    return ReviewFact(on, ("probation", "police"), Subject("review", row=number), refers)


def referral(on: date, **changes: Any) -> ReferralFact:
    return ReferralFact(row(1), on, **({"complete": True} | changes))


def case(*reviews: ReviewFact, **changes: Any) -> CaseFacts:
    return facts(**({"levels": (LEVEL_1,), "reviews": reviews} | changes))


REFERS, RETAINS = review(REVIEWED, refers=True), review(REVIEWED, refers=False)


def test_it_is_due_in_ten_days_and_goes_up() -> None:
    [(item, due, steps)] = of_kind(Release.REFERRAL, case(REFERS))
    assert (due.isoformat(), str(item.subject)) == ("2026-11-12", "review 1")
    assert days(steps) == [
        ("due", "2026-11-12"), ("+1W", "2026-11-13"), ("+5W", "2026-11-19"), ("+10W", "2026-11-26")
    ]  # fmt: skip
    assert [step.to[0] for step in steps] == ["offender_manager", "line_manager", "coordinator", "smb_member"]


@pytest.mark.parametrize(
    ("one", "came"),
    [
        (case(REFERS), [("", None)]),
        (case(RETAINS), []),
        (case(REFERS, referrals=(referral(date(2026, 11, 9)),)), [("met", date(2026, 11, 9))]),
        # One from before the review, one that lacks something and one that was sent back do not do.
        (case(REFERS, referrals=(referral(date(2026, 11, 1)),)), [("", None)]),
        (case(REFERS, referrals=(referral(date(2026, 11, 9), complete=False),)), [("", None)]),
        (case(REFERS, referrals=(referral(date(2026, 11, 9), returned_on=date(2026, 11, 10)),)), [("", None)]),
        # The next review, or level 2 without a referral, overtakes it.
        (case(REFERS, review(date(2026, 12, 1), 2, refers=False)), [("missed", date(2026, 12, 1))]),
        (case(REFERS, review(date(2026, 12, 1), 2, refers=True)), [("missed", date(2026, 12, 1)), ("", None)]),
        (case(REFERS, levels=(LEVEL_1, LevelFact(Level.MULTI_AGENCY, date(2026, 11, 20)))),
         [("missed", date(2026, 11, 20))]),
    ],
)  # fmt: skip
def test_what_meets_and_what_overtakes_it(one: CaseFacts, came: list[tuple[str, date | None]]) -> None:
    assert [came_of(item) for item, _, _ in of_kind(Release.REFERRAL, one)] == came
