"""Court orders and notification without an end: what they hold, when they are looked at, what follows.

Source: SOA 2003 Part 2.

Rules: of an order that ends the police are asked twelve and four weeks before and on the day, the Chair a working day
after; of notification without an end at 15 years, 8 for a juvenile. Mon 31 May 2027 and Mon 3 May 2027 are holidays.
"""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from models.orders import CourtOrder
from models.record import Record
from tests.support.custody import OUTSIDE, begun, told
from tests.support.story import CLARE, CORA, MEETING_DIRECTORY, PRIYA, Story, form
from tests.support.told_once import told_once

SHPO = form("order", starts_on="2026-04-02", ends_on="2027-05-31")
REVIEW = form("order-review")
# Rape, seven years on Tuesday 10 April 2012: notification without an end. Aged 27 then; free long ago.
FOR_EVER = OUTSIDE | {
    "offence_code": "SX03001",
    "offence_date": "2011-01-05",
    "sentence_date": "2012-04-10",
    "term_months": "84",
    "conditional_release_date": "2015-10-09",
    "licence_expiry_date": "2019-04-09",
    "sentence_expiry_date": "2019-04-09",
    "victim_contact": "no",
}
# Sentenced at fifteen, on Friday 3 May 2019.
YOUNG = FOR_EVER | {
    "date_of_birth": "2003-09-09",
    "offence_date": "2018-10-05",
    "sentence_date": "2019-05-03",
    "conditional_release_date": "2022-10-02",
    "licence_expiry_date": "2026-04-02",
    "sentence_expiry_date": "2026-04-02",
}


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return begun(record, tmp_path, "community")


@told_once
def notifying(record: Record, folder: Path, row: dict[str, str]) -> Story:
    story = Story(record, folder, MEETING_DIRECTORY)
    story.load("2026-06-01", row)
    story.tick("2026-06-01")
    return story


def orders(story: Story) -> list[CourtOrder]:
    with story.record.reading() as session:
        found = list(session.scalars(select(CourtOrder).order_by(CourtOrder.number)))
        session.expunge_all()
        return found


def by_label(story: Story, kind: str) -> dict[str, tuple[str, str]]:
    return {one.label or "": (str(one.due_on), one.state) for one in story.timescales(kind)}


def prompted(story: Story, *days: str) -> list[tuple[str, str, str]]:
    for day in days:
        story.tick(day)
    return told(story, "order_end")


# Orders


def test_a_sexual_harm_prevention_order_makes_category_2_category_1(story):
    assert (story.case().category, story.case().categories) == (2, [2])
    story.record_fact("order", "2026-04-03", **SHPO)
    case = story.case()
    assert (case.category, case.categories, case.level) == (1, [1, 2], 2)
    # The end of the order is an end of category 1: twelve weeks before Monday 31 May 2027 is Monday 8 March.
    assert by_label(story, "exit_plan")["category 1"] == ("2027-03-08", "open")
    assert by_label(story, "end_of_sentence_check") == {
        "category 1": ("2027-05-31", "open"), "category 2": ("2030-07-12", "open")}  # fmt: skip


@pytest.mark.parametrize("kind", ["foreign_travel_order", "violent_offender_order", "sexual_risk_order"])
def test_an_order_that_makes_nobody_notify_changes_no_category(story, kind):
    story.record_fact("order", "2026-04-03", **(SHPO | {"order": kind}))
    assert (story.case().category, story.case().categories) == (2, [2])
    assert story.owed("order_end") == [("2027-05-31", "open", None)]


@pytest.mark.parametrize("kind", ["sopo", "notification_order"])
def test_orders_that_make_their_subject_notify_hold_category_1(story, kind):
    story.record_fact("order", "2026-04-03", **(SHPO | {"order": kind, "ends_on": None}))
    case = story.case()
    assert (case.category, case.categories, case.eligible_until) == (1, [1, 2], None)
    assert story.owed("order_end") == []
    assert "category 1" not in by_label(story, "end_of_sentence_check")


def test_an_order_leaves_who_manages_the_case_as_it_was_told(story):
    new = {"name": "Pia", "email": "pia@police.example"}
    story.record_fact("circumstances", "2026-04-02", police_offender_manager=new)
    story.record_fact("order", "2026-04-03", **SHPO)
    assert story.case().police_offender_manager_email == "pia@police.example"


def test_the_end_of_an_order_is_asked_about_in_time(story):
    story.record_fact("order", "2026-04-03", **SHPO)
    # Twelve and four weeks before Monday 31 May 2027 are 8 March and Monday 3 May, a holiday: so Friday 30 April.
    # The day itself is one too: so Friday 28 May; a working day after it is Tuesday 1 June.
    found = prompted(story, "2027-03-05", "2027-03-08", "2027-04-29", "2027-04-30", "2027-05-28", "2027-06-01")
    assert found == [
        ("-12 weeks", PRIYA, "2027-03-08"),
        ("-4 weeks", PRIYA, "2027-04-30"), ("-4 weeks", CORA, "2027-04-30"),
        ("due", PRIYA, "2027-05-28"), ("due", CORA, "2027-05-28"),
        ("+1W", CLARE, "2027-06-01")]  # fmt: skip


def test_an_outage_over_the_end_catches_up_once(story):
    story.record_fact("order", "2026-04-03", **SHPO)
    found = prompted(story, "2027-07-01", "2027-07-01", "2027-07-02")
    assert found == [
        ("-12 weeks", PRIYA, "2027-07-01"), ("-4 weeks", PRIYA, "2027-07-01"), ("-4 weeks", CORA, "2027-07-01"),
        ("due", PRIYA, "2027-07-01"), ("due", CORA, "2027-07-01"), ("+1W", CLARE, "2027-07-01")]  # fmt: skip


def test_what_comes_after_it_is_decided_once(story):
    story.record_fact("order", "2026-04-03", **SHPO)
    story.record_fact("order-review", "2027-03-10", **REVIEW)
    assert story.owed("order_end") == [("2027-05-31", "met", "2027-03-10")]
    with pytest.raises(RefusedError, match="it was decided on 2027-03-10 what comes after order 1"):
        story.record_fact("order-review", "2027-03-11", **REVIEW)
    assert [rung for rung, *_ in prompted(story, "2027-06-01")] == []


def test_an_order_renewed_ends_later_and_is_decided_on_anew(story):
    story.record_fact("order", "2026-04-03", **SHPO)
    story.record_fact("order-review", "2027-03-10", **REVIEW)
    story.record_fact("order", "2027-05-20", **(SHPO | {"number": 1, "ends_on": "2029-05-31"}))
    [one] = orders(story)
    assert (str(one.ends_on), one.reviewed_on) == ("2029-05-31", None)
    end = story.timescale("order_end")
    assert (str(end.due_on), end.state, end.revision) == ("2029-05-31", "open", 2)
    assert by_label(story, "end_of_sentence_check")["category 1"] == ("2029-05-31", "open")
    # Twelve weeks before Thursday 31 May 2029 is Thursday 8 March.
    assert ("-12 weeks", PRIYA, "2029-03-08") in prompted(story, "2029-03-07", "2029-03-08")
    story.record_fact("order-review", "2029-03-09", **REVIEW)
    assert story.owed("order_end") == [("2029-05-31", "met", "2029-03-09")]


def test_other_conditions_with_the_same_end_ask_nothing_anew(story):
    story.record_fact("order", "2026-04-03", **SHPO)
    story.record_fact("order-review", "2027-03-10", **REVIEW)
    other = SHPO | {"number": 1, "conditions": "Not to be in any swimming pool, nor alone with a child."}
    story.record_fact("order", "2027-03-20", **other)
    assert story.owed("order_end") == [("2027-05-31", "met", "2027-03-10")]
    assert orders(story)[0].conditions.startswith("Not to be in any swimming pool")


def test_a_breach_is_noted_on_the_order_once(story):
    story.record_fact("order", "2026-04-03", **SHPO)
    breach = form("incident", what="He was alone with a child at the pool.", order=1) | {"kind": "breach"}
    told_of = "The other parents are known to the school already."
    breach["disclosure"] = {"decision": "do_not_disclose", "reason": told_of}
    for _ in range(2):
        story.record_fact("incident", "2026-06-10", **breach)
    assert orders(story)[0].breaches == ["2026-06-10"]
    assert story.problems() == []
    with pytest.raises(RefusedError, match=r"say which order; this person has: 1 \(shpo of 2026-04-02\)"):
        story.record_fact("incident", "2026-06-11", **(breach | {"order": 2}))


def sexual_risk_order_breached(story: Story) -> dict[str, Any]:
    story.record_fact("order", "2026-04-03", **(SHPO | {"order": "sexual_risk_order"}))
    breach = form("incident", what="He was at the school gate.", order=1) | {"kind": "breach"}
    breach["disclosure"] = {"decision": "do_not_disclose", "reason": "The school knows of the order already."}
    breach["urgent_meeting"] = {"needed": False, "reason": "The next meeting is on Friday.", "by": "Sam Example"}
    story.record_fact("incident", "2026-06-10", **breach)
    return breach


def test_the_breach_of_a_sexual_risk_order_asks_for_category_1(story):
    sexual_risk_order_breached(story)
    assert story.problems() == ["breach of order 1 of 2026-06-10: it makes its subject notify: category 1?"]
    assert story.case().category == 2, "a person decides it"


def test_the_question_of_category_1_is_settled_by_the_order_that_makes_its_subject_notify(story):
    sexual_risk_order_breached(story)
    story.record_fact("order", "2026-06-12", **(SHPO | {"order": "notification_order", "ends_on": None}))
    story.tick("2026-06-12")
    assert story.case().category == 1
    assert story.problems() == []


# Notification without an end


def test_after_fifteen_years_it_may_be_reviewed(record, tmp_path):
    story = notifying(record, tmp_path, FOR_EVER)
    case = story.case()
    assert (case.category, case.eligible_until, str(case.notification_from)) == (1, None, "2012-04-10")
    # Saturday 10 April 2027. Twelve weeks before is Saturday 16 January, so Friday 15; the mark itself: Friday 9 April.
    assert story.owed("notification_review") == [("2027-04-10", "open", None)]
    for day in ("2027-01-14", "2027-01-15", "2027-04-08", "2027-04-09", "2027-04-22", "2027-04-23"):
        story.tick(day)
    # Ten working days from it: 12 to 16 and 19 to 23 April.
    assert told(story, "notification_review") == [
        ("-12 weeks", PRIYA, "2027-01-15"), ("due", PRIYA, "2027-04-09"), ("+10W", CORA, "2027-04-23")]  # fmt: skip


def test_of_a_juvenile_after_eight(record, tmp_path):
    story = notifying(record, tmp_path, YOUNG)
    assert story.case().notification_young
    # Monday 3 May 2027, a bank holiday: prompted on Friday 30 April.
    assert story.owed("notification_review") == [("2027-05-03", "open", None)]
    story.tick("2027-04-30")
    assert told(story, "notification_review")[-1] == ("due", PRIYA, "2027-04-30")


def test_a_mark_that_went_by_before_the_case_was_opened_is_owed_at_once_and_prompted_once(record, tmp_path):
    story = notifying(record, tmp_path, FOR_EVER | {"sentence_date": "2009-03-02", "offence_date": "2008-01-05"})
    assert story.owed("notification_review") == [("2024-03-02", "open", None)]
    for day in ("2026-06-01", "2026-06-02", "2026-07-01"):
        story.tick(day, 10)
    assert [(rung, on) for rung, _, on in told(story, "notification_review")] == [
        ("-12 weeks", "2026-06-01"), ("due", "2026-06-01"), ("+10W", "2026-06-01")]  # fmt: skip


def test_a_review_sets_the_day_of_the_next(record, tmp_path):
    story = notifying(record, tmp_path, FOR_EVER)
    story.record_fact("notification-review", "2027-04-12", **form("notification-review", next_on="2029-04-12"))
    assert story.owed("notification_review") == [("2027-04-10", "met", "2027-04-12"), ("2029-04-12", "open", None)]
    # Twelve weeks before Thursday 12 April 2029: Thursday 18 January.
    for day in ("2029-01-17", "2029-01-18"):
        story.tick(day)
    assert told(story, "notification_review", "2029-01-01") == [("-12 weeks", PRIYA, "2029-01-18")]
    story.record_fact("notification-review", "2029-04-10",
                      **form("notification-review", decision="not_applied", next_on="2031-04-10"))  # fmt: skip
    assert [state for _, state, _ in story.owed("notification_review")] == ["met", "met", "open"]


def test_once_ended_category_1_ends_that_day_and_the_check_comes(record, tmp_path):
    story = notifying(record, tmp_path, FOR_EVER)
    ended = form("notification-review", decision="ended", next_on=None)
    story.record_fact("notification-review", "2027-04-12", **ended)
    case = story.case()
    assert (str(case.eligible_until), case.closed_on) == ("2027-04-12", None)
    assert story.owed("end_of_sentence_check") == [("2027-04-12", "open", None)]
    story.tick("2027-04-12", 10)
    [question] = [one for one in story.problems() if one.startswith("end-of-sentence check")]
    assert "category 1 ended on 2027-04-12" in question
    assert not [one for one in story.owed("notification_review") if one[1] == "open"]
    story.record_fact("end-of-sentence-check", "2027-04-12", ends_on="2027-04-12", outcome="deregistered", by="Cora",
                      reason="The Superintendent ended it; nothing else holds him.")  # fmt: skip
    assert story.case().stage == "closed"
    assert story.problems() == []


def test_the_review_that_ended_it_has_met_what_was_owed(record, tmp_path):
    story = notifying(record, tmp_path, FOR_EVER)
    story.record_fact(
        "notification-review", "2027-04-12", **form("notification-review", decision="ended", next_on=None)
    )
    assert story.owed("notification_review") == [("2027-04-10", "met", "2027-04-12")]


def test_a_file_that_tells_the_sentence_again_does_not_bring_it_back(record, tmp_path):
    story = notifying(record, tmp_path, FOR_EVER)
    story.record_fact(
        "notification-review", "2027-04-12", **form("notification-review", decision="ended", next_on=None)
    )
    story.load("2027-04-13", FOR_EVER | {"unit": "South"})
    story.tick("2027-04-13")
    assert str(story.case().eligible_until) == "2027-04-12"
    assert [state for _, state, _ in story.owed("notification_review")] == ["met"]


def test_nothing_to_review_is_said(story):
    with pytest.raises(RefusedError, match="the person is under no notification without an end"):
        story.record_fact("notification-review", "2027-04-12", **form("notification-review"))
