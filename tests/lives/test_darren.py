"""Scenario Darren (Joint inspection 2015, 3.7), the pre-release part, to the day."""

from datetime import date

import pytest

from models.record import Record
from tests.support.story import CHRIS, CORA, DARREN, LIONEL, MONA, OLIVE, OPAL, SIMON, Story, at, form


@pytest.fixture
def story(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    return story


def test_the_case_is_opened_with_its_category_and_timescales(story):
    story.tick("2026-06-01")
    case = story.case()
    assert (case.category, case.stage, case.eligible_until) == (2, "pre_release", date(2030, 7, 12))
    assert case.reference == "LON-2026-000001"
    assert story.timescale("prison_notice").due_on == date(2026, 7, 12)
    assert story.timescale("referral").due_on == date(2026, 9, 12)
    assert story.timescale("level_setting").due_on == date(2026, 9, 12)


def test_nothing_happens_and_every_rung_goes_out_on_its_day(story):
    story.every_day("2026-06-01", "2026-10-05")
    assert story.prompts("prison_notice") == [
        ("-1 month", 1, OPAL, "2026-06-12"),
        ("due", 1, OPAL, "2026-07-10"),
        ("+5W", 1, CORA, "2026-07-17"),
        # Above the coordinator is the prison's senior manager; the directory has none, so it comes back to her.
        ("+10W", 1, CORA, "2026-07-24"),
    ]
    assert story.prompts("referral") == [
        ("-1 month", 1, OLIVE, "2026-08-12"),
        ("-2 weeks", 1, OLIVE, "2026-08-28"),
        ("due", 1, OLIVE, "2026-09-11"),
        ("+1W", 1, LIONEL, "2026-09-14"),
        ("+5W", 1, CORA, "2026-09-18"),
        ("+10W", 1, SIMON, "2026-09-25"),
    ]
    assert story.prompts("level_setting") == [
        ("due", 1, CORA, "2026-09-11"),
        ("+5W", 1, MONA, "2026-09-18"),
        ("+10W", 1, CHRIS, "2026-09-25"),
    ]


def test_a_referral_received_on_9_september_is_timely_and_ends_the_prompts(story):
    story.every_day("2026-06-01", "2026-09-08")
    story.record_fact("referral", "2026-09-09", **form("referral"))
    story.every_day("2026-09-09", "2026-10-05")
    referral = story.timescale("referral")
    assert (referral.state, referral.met_on, referral.due_on) == ("met", date(2026, 9, 9), date(2026, 9, 12))
    assert [rung for rung, *_ in story.prompts("referral")] == ["-1 month", "-2 weeks"]
    assert story.case().stage == "screening"


def test_each_fact_meets_its_timescale(story):
    story.tick("2026-06-01")
    story.record_fact("prison-notice", "2026-07-09", release_date="2027-03-12")
    story.record_fact("level", "2026-09-20", level=2, reason="High risk; agencies must work together.")
    assert story.timescale("prison_notice").met_on == date(2026, 7, 9)
    level = story.timescale("level_setting")
    assert (level.state, level.met_on) == ("met", date(2026, 9, 20))
    assert story.case().level == 2


def test_a_second_tick_at_the_same_moment_adds_nothing(story):
    story.tick("2026-09-11")
    before = story.prompts()
    reports = story.tick("2026-09-11")
    assert story.prompts() == before
    assert sum(report.waited for report in reports) == 0


def test_a_prompt_is_not_raised_before_eight_in_the_morning(story):
    story.tick("2026-06-01")
    story.tick("2026-06-12", hour=7)
    assert story.prompts() == []
    story.tick("2026-06-12", hour=8)
    assert [rung for rung, *_ in story.prompts()] == ["-1 month"]


def test_an_outage_of_weeks_catches_up_once_together_and_says_how_late(story):
    story.tick("2026-06-01")
    story.tick("2026-07-20")
    with story.record.reading() as session:
        from models.obligations import Prompt

        late = {p.rung: p.late_by_days for p in session.query(Prompt) if p.rung != "identified"}
    assert late == {"-1 month": 38, "due": 10, "+5W": 3}
    story.tick("2026-07-21")
    assert len(story.prompts("prison_notice")) == 3


def test_the_digest_gathers_a_days_reminders_and_escalations_go_at_once(story):
    other = {**DARREN, "crn": "X320742", "forenames": "Derek"}
    story.load("2026-06-02", other)
    story.every_day("2026-06-02", "2026-06-12")
    digests = [m for m in story.messages() if m.recipient == OPAL]
    assert [(m.kind, m.subject) for m in digests] == [("digest", "2 prison notices to do, first by 12 July")]
    story.tick("2026-07-17")
    assert {m.kind for m in story.messages() if m.recipient == CORA and m.created_at >= at("2026-07-17")} == {
        "escalation"
    }


def test_a_file_loaded_today_can_be_replayed_from_last_spring(record, tmp_path):
    """Time is a parameter: what was loaded later than the moment of a tick waits for it all the same."""
    story = Story(record, tmp_path)
    story.load("2026-11-22", DARREN)
    story.tick("2026-06-12")
    story.tick("2026-07-10")
    assert [(rung, day) for rung, _, _, day in story.prompts("prison_notice")] == [
        ("-1 month", "2026-06-12"),
        ("due", "2026-07-10"),
    ]
