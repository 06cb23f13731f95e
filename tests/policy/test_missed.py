"""What was owed and overtaken without being done is missed, on its day; what was never owed is not said at all.

The rule: a duty is missed when the next meeting was held, the level changed, a newer referral came, the person left the
prison, the end was decided on, or the case was closed, before it was done. A fact that was wrong makes nothing missed.
"""

from dataclasses import replace
from datetime import date

import pytest

from policy.events import EventKind
from policy.facts import CaseFacts, EndingFact, EventFact, LevelFact, OrderFact, ReferralFact, ReviewFact, TransferFact
from policy.kinds import (
    AtClosure,
    Endings,
    Events,
    Identification,
    Kind,
    Orders,
    Plan,
    Reviews,
    Screening,
    ThePerson,
)  # fmt: skip
from policy.obligations.all import owed
from policy.subjects import row
from policy.vocabulary import Level
from tests.policy.test_meeting_dates_by_hand import came_of, facts, meeting

LEVEL_2, LEVEL_1 = Level.MULTI_AGENCY, Level.LEAD_AGENCY


def day(text: str) -> date:
    return date.fromisoformat(text)


def levels(*spells: tuple[Level, str]) -> tuple[LevelFact, ...]:
    return tuple(LevelFact(level, day(since)) for level, since in spells)


def referrals(*received: str, **first: date) -> tuple[ReferralFact, ...]:
    found = [ReferralFact(row(n), day(on), complete=True) for n, on in enumerate(received, 1)]
    return (replace(found[0], **first), *found[1:])


def ending(**changes: date) -> CaseFacts:
    return facts(opened_on=day("2025-01-06"), endings=(EndingFact("category_2", day("2026-09-30"), **changes),))


def moves(*kinds: tuple[str, str]) -> tuple[EventFact, ...]:
    return tuple(EventFact(row(n), n, EventKind(kind), day(on), day(on)) for n, (kind, on) in enumerate(kinds, 1))


AT_LEVEL_2 = levels((LEVEL_2, "2026-03-02"))
TWO_MEETINGS = (meeting(1, day("2026-03-20")), meeting(2, day("2026-06-24")))
TO_LEVEL_1 = levels((LEVEL_2, "2026-03-02"), (LEVEL_1, "2026-04-20"))


@pytest.mark.parametrize(
    ("case", "kind", "came", "by"),
    [
        # The plan of the meeting of 20 March was due by Fri 27 March (five working days); the next met on 24 June.
        (facts(levels=AT_LEVEL_2, meetings=TWO_MEETINGS), Plan.PLAN_UPDATE,
         [("missed", "2026-06-24"), ("", None)], "the next meeting was held"),
        (facts(levels=AT_LEVEL_2, meetings=TWO_MEETINGS, plans_on=(day("2026-03-25"),)), Plan.PLAN_UPDATE,
         [("met", "2026-03-25"), ("", None)], ""),
        # Accepted on 2 March, back at level 1 on 20 April, and never met.
        (facts(levels=TO_LEVEL_1), Reviews.FIRST_MEETING, [("missed", "2026-04-20")], "the level changed"),
        (facts(levels=TO_LEVEL_1, meetings=TWO_MEETINGS[:1]), Reviews.FIRST_MEETING, [("met", "2026-03-20")], ""),
        (facts(levels=TO_LEVEL_1, meetings=TWO_MEETINGS[:1]), Reviews.LEVEL_2_REVIEW,
         [("missed", "2026-04-20")], "the level changed"),
        # The meeting that changed the level was the review.
        (facts(levels=levels((LEVEL_2, "2026-03-02"), (LEVEL_1, "2026-06-24")), meetings=TWO_MEETINGS),
         Reviews.LEVEL_2_REVIEW, [("met", "2026-06-24")], ""),
        # Two agencies review at level 1; the police did, then the level was raised.
        (facts(levels=levels((LEVEL_1, "2026-01-05"), (LEVEL_2, "2026-06-01")),
               reviews=(ReviewFact(day("2026-04-01"), ("police",)),)), Reviews.LEVEL_1_REVIEW,
         [("missed", "2026-06-01"), ("met", "2026-04-01"), ("missed", "2026-06-01")], "the level changed"),
        # A newer referral takes the place of one that nobody has answered.
        (facts(referrals=referrals("2026-05-01", "2026-06-01")), Screening.SCREENING_DECISION,
         [("missed", "2026-06-01"), ("", None)], "a newer referral was received"),
        (facts(referrals=referrals("2026-05-01", "2026-06-01", decided_on=day("2026-05-09"))),
         Screening.SCREENING_DECISION, [("met", "2026-05-09"), ("", None)], ""),
        # Sent back, and the level was decided without it.
        (facts(referrals=referrals("2026-05-01", returned_on=day("2026-05-05")),
               levels=levels((LEVEL_1, "2026-05-28"))), Screening.RESUBMISSION,
         [("missed", "2026-05-28")], "the level was decided"),
        (facts(referrals=referrals("2026-05-01", "2026-05-12", returned_on=day("2026-05-05")),
               levels=levels((LEVEL_1, "2026-05-28"))), Screening.RESUBMISSION, [("met", "2026-05-12")], ""),
        # The person left the prison that was to be the partner on ViSOR.
        (facts(events=moves(("transfer", "2026-06-10"), ("release", "2026-07-01"))), Events.VISOR_PARTNER,
         [("missed", "2026-07-01")], "the person left that prison"),
        # Transferred on 10 June and again on the 19th; the first was only told on the 22nd.
        (facts(events=(replace(moves(("transfer", "2026-06-10"))[0], known_on=day("2026-06-22")),
                       replace(moves(("transfer", "2026-06-19"))[0], subject=row(2)))), Events.VISOR_PARTNER,
         [("", None)], ""),
        # A check is no plan: it decides without one.
        (ending(checked_on=day("2026-09-30")), Endings.EXIT_PLAN,
         [("missed", "2026-09-30")], "it was decided what becomes of the case"),
        (ending(planned_on=day("2026-07-20"), checked_on=day("2026-09-30")), Endings.EXIT_PLAN,
         [("met", "2026-07-20")], ""),
    ],
)  # fmt: skip
def test_a_duty_that_was_overtaken_is_missed_on_the_day(
    case: CaseFacts, kind: Kind, came: list[tuple[str, str | None]], by: str
) -> None:
    items = [item for item in owed(case) if item.kind is kind]
    assert [(state, on and on.isoformat()) for state, on in map(came_of, items)] == came
    missed = {item.overtaken_by for item in items if came_of(item)[0] == "missed"}
    assert missed == ({by} if by else set())


CLOSED = day("2026-05-20")
RUNNING = facts(
    opened_on=day("2026-01-05"),
    levels=AT_LEVEL_2,
    meetings=(meeting(1, day("2026-05-06")),),
    orders=(OrderFact(row(1), "SHPO", day("2027-01-05"), day("2026-01-05")),),
    transfers=(TransferFact(row(1), day("2026-05-11"), "Kent", ("", "")),),
    endings=(EndingFact("category_2", day("2028-03-01")),),
)


def test_closing_overtakes_every_next_step_and_answers_what_becomes_of_the_case() -> None:
    """Criminal Justice Act 2003 s.327: the check asks what still holds; whoever closes the case has answered it."""
    came = {item.kind: came_of(item) for item in owed(replace(RUNNING, closed_on=CLOSED))}
    missed = {kind for kind, what in came.items() if what == ("missed", CLOSED)}
    assert missed == {Plan.PLAN_UPDATE, Plan.PLAN_CONFIRMED, Reviews.LEVEL_2_REVIEW, Orders.ORDER_END,
                      Orders.TRANSFER_ANSWER, Endings.EXIT_PLAN, Identification.VISOR_RECORD,
                      ThePerson.STATUS_TOLD}  # fmt: skip
    assert came[Endings.END_OF_SENTENCE_CHECK] == ("met", CLOSED)
    assert all(kind.spec.at_closure is AtClosure.GOES_ON for kind, what in came.items() if what == ("", None))


def test_of_a_case_opened_in_error_nothing_was_ever_owed() -> None:
    items = list(owed(replace(RUNNING, closed_on=CLOSED, opened_in_error=True)))
    assert not [item for item in items if came_of(item)[0] == "missed"]
    assert Orders.ORDER_END not in {item.kind for item in items}


def test_what_was_put_right_on_the_same_day_or_overtaken_before_the_case_was_opened_is_nobodys() -> None:
    same_day = facts(levels=levels((LEVEL_2, "2026-03-02"), (LEVEL_1, "2026-03-02")))
    assert Reviews.FIRST_MEETING not in {item.kind for item in owed(same_day)}
    history = facts(levels=TO_LEVEL_1, opened_on=day("2026-04-21"))
    assert Reviews.FIRST_MEETING not in {item.kind for item in owed(history)}
    assert Reviews.FIRST_MEETING in {item.kind for item in owed(replace(history, opened_on=day("2026-04-20")))}
