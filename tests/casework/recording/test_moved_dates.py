"""A changed release date is a new revision: what was met stays met, what was prompted may prompt again."""

from datetime import date

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from models.events import CustodyEvent
from models.record import Record
from policy.book import compile_book
from tests.support.story import CORA, DARREN, OLIVE, OPAL, Story
from tests.support.told_once import told_once


@pytest.fixture
@told_once
def story(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-12")
    return story


def move(story: Story, day: str, release: str | None) -> None:
    story.record_fact("release-date", day, which="conditional_release_date", release_date=release, reason="Added days")


def test_a_later_release_prompts_again_for_the_new_date(story):
    move(story, "2026-06-15", "2027-05-14")
    notice = story.timescale("prison_notice")
    assert (notice.revision, notice.due_on) == (2, date(2026, 9, 14))
    story.tick("2026-08-14")
    assert story.prompts("prison_notice") == [("-1 month", 1, OPAL, "2026-06-12"), ("-1 month", 2, OPAL, "2026-08-14")]


def test_what_was_met_stays_met(story):
    story.record_fact("prison-notice", "2026-06-15")
    move(story, "2026-06-16", "2027-05-14")
    notice = story.timescale("prison_notice")
    assert (notice.state, notice.revision, notice.due_on) == ("met", 1, date(2026, 7, 12))
    assert story.timescale("referral").revision == 2


def test_a_date_set_back_to_what_it_was_is_a_new_revision_too(story):
    move(story, "2026-06-15", "2027-05-14")
    move(story, "2026-06-16", "2027-03-12")
    assert story.timescale("referral").revision == 3
    assert story.timescale("referral").due_on == date(2026, 9, 12)


def test_a_release_date_taken_away_cancels_and_its_return_resumes(story):
    move(story, "2026-06-15", None)
    assert story.timescale("referral").state == "cancelled"
    move(story, "2026-06-16", "2027-03-12")
    notice = story.timescale("prison_notice")
    assert (notice.state, notice.revision) == ("open", 1)
    story.tick("2026-07-10")
    assert [rung for rung, *_ in story.prompts("prison_notice")] == ["-1 month", "due"]


def test_a_later_file_moves_the_date_as_a_person_would(story):
    report = story.load("2026-06-15", {**DARREN, "conditional_release_date": "2027-05-14"})
    assert report.changed == 1
    assert "conditional_release_date 2027-03-12 -> 2027-05-14" in report.changes[0]
    assert story.timescale("referral").due_on == date(2026, 11, 14)
    assert story.timescale("referral").revision == 2


def test_a_parole_date_that_goes_by_stands_until_a_person_takes_it_away(record, tmp_path):
    """No date slides by itself: prison and offender manager are asked on the day, the coordinator each day after."""
    story = Story(record, tmp_path)
    story.load("2026-06-01", {**DARREN, "parole_eligibility_date": "2026-08-03"})
    story.tick("2026-06-01")
    assert story.timescale("referral").due_on == date(2026, 2, 3)
    story.tick("2026-08-03")
    assert story.case().release_date == date(2026, 8, 3)
    story.every_day("2026-08-04", "2026-08-09")
    assert story.case().release_date == date(2026, 8, 3)
    # Monday 3 August; then Tuesday to Friday, and none on Saturday and Sunday.
    assert [(day, who) for _, _, who, day in story.prompts("release")] == [
        ("2026-08-03", OPAL), ("2026-08-03", OLIVE),
        *((f"2026-08-0{day}", CORA) for day in (4, 5, 6, 7))]  # fmt: skip
    story.record_fact("release-date", "2026-08-10", which="parole_eligibility_date", release_date=None,
                      reason="The Parole Board did not direct release.")  # fmt: skip
    assert story.case().release_date == date(2027, 3, 12)
    assert story.timescale("referral").due_on == date(2026, 9, 12)
    story.every_day("2026-08-10", "2026-08-14")
    assert len(story.prompts("release")) == 6


def test_a_file_that_tells_of_a_release_is_a_release_on_its_day(story):
    """What should have been done before it was missed; the release is confirmed, and a level is due outside."""
    story.load("2026-06-20", {**DARREN, "location": "community"})
    assert {story.timescale(kind).state for kind in ("prison_notice", "referral")} == {"missed"}
    assert story.case().release_date is None
    assert story.owed("release") == [("2027-03-12", "met", "2026-06-20")]
    # Twenty working days from Saturday 20 June 2026: Friday 17 July.
    assert ("2026-07-17", "open", None) in story.owed("level_setting")
    with story.record.reading() as session:
        [event] = session.scalars(select(CustodyEvent)).all()
        assert (event.kind, str(event.on_date)) == ("release", "2026-06-20")
    story.load("2026-06-21", {**DARREN, "location": "community"})
    with story.record.reading() as session:
        assert len(session.scalars(select(CustodyEvent)).all()) == 1, "told twice, it happened once"


def test_level_1_ends_the_referral_and_level_2_does_not(story):
    story.record_fact("level", "2026-06-15", level=2, reason="Agencies must work together.")
    assert story.timescale("referral").state == "open"
    story.record_fact("level", "2026-06-16", level=1, reason="The lead agency manages this alone.")
    assert story.timescale("referral").state == "cancelled"


def test_a_running_ladder_is_not_touched_by_a_later_policy(story):
    changed = """
version = "P2012-L"
in_force_from = 2026-06-20
base = "P2012"
area = "London"
[timescales.referral]
offset = "-9 months"
"""
    story.record.policies = compile_book([("london.toml", changed)])
    story.tick("2026-06-22")
    before = story.timescale("referral")
    assert (before.due_on, before.policy_version) == (date(2026, 9, 12), "P2012")
    move(story, "2026-06-23", "2027-05-14")
    after = story.timescale("referral")
    assert (after.due_on, after.policy_version) == (date(2026, 8, 14), "P2012-L")


def test_a_prison_notice_with_another_release_date_is_put_to_the_person(story):
    with pytest.raises(RefusedError, match="the prison gives 2027-05-14, the record has 2027-03-12"):
        story.record_fact("prison-notice", "2026-06-15", release_date="2027-05-14")


def test_the_same_fact_told_twice_changes_nothing(story):
    story.record_fact("prison-notice", "2026-06-15")
    again = story.record_fact("prison-notice", "2026-06-15")
    assert "nothing changed" in again.summary


def test_prompts_reach_the_offender_manager_the_latest_file_names(story):
    story.load("2026-06-20", {**DARREN, "offender_manager_email": "otto@probation.example"})
    story.tick("2026-08-12")
    assert [p[2] for p in story.prompts("referral")] == ["otto@probation.example"]
    assert OLIVE not in [p[2] for p in story.prompts("referral")]


def test_a_release_date_that_goes_by_leaves_what_is_overdue_open(story):
    """Nobody has recorded the release yet: the referral is still owed the day after, and goes on up the ladder."""
    story.tick("2027-03-13")
    referral = story.timescale("referral")
    assert (referral.state, referral.revision) == ("open", 1)
    assert story.case().release_date == date(2027, 3, 12)


def test_in_custody_without_a_date_to_come_is_a_question_for_a_person(record, tmp_path):
    from sqlalchemy import select

    from models.cases import Problem

    story = Story(record, tmp_path)
    life = {
        **DARREN,
        "disposal": "life",
        "term_months": "",
        "conditional_release_date": "",
        "licence_expiry_date": "",
    }
    story.load("2026-06-01", life)
    story.tick("2026-06-01")
    assert story.case().release_date is None
    open_questions = select(Problem.reason).where(Problem.stage == "pre_release", Problem.resolved_at.is_(None))
    with record.reading() as session:
        assert "no release date still to come" in session.scalars(open_questions).one()
    story.record_fact(
        "release-date",
        "2026-06-02",
        which="parole_eligibility_date",
        release_date="2027-03-12",
        reason="Parole Board's next review",
    )
    assert story.timescale("referral").due_on == date(2026, 9, 12)
    with record.reading() as session:
        assert session.scalars(open_questions).all() == []
