"""Scenario Stephen: category 3 at level 2 by referral, and police actions without a police manager.

Source: Joint inspection 2015, 5.5.
"""

import pytest

from casework.errors import RefusedError
from models.record import Record
from tests.support.story import CHRIS, CLARE, MEETING_DIRECTORY, SAM, SID, Story, attended, form, minuted
from tests.support.told_once import told_once

STEPHEN = {
    "crn": "X320743",
    "surname": "Invented",
    "forenames": "Stephen",
    "date_of_birth": "1988-02-02",
    "area": "London",
    "lead_agency": "probation",
    "offender_manager": "Olive",
    "offender_manager_email": "olive@probation.example",
    "line_manager_email": "lionel@probation.example",
    # Assault occasioning actual bodily harm: in Schedule 15, but a term of eight months does not qualify.
    "offence_code": "OF61102",
    "offence_date": "2026-06-01",
    "disposal": "suspended",
    "term_months": "8",
    "sentence_date": "2026-09-01",
    "location": "community",
    "rosh_level": "very_high",
}
CRN = STEPHEN["crn"]
THERE = [attended("probation", "Olive"), attended("police", "Dan", grade="Detective Inspector"),
         attended("neighbourhood_policing", "Nell"), attended("victim_liaison", "Vera"),
         attended("approved_premises", "Anna"), attended("childrens_social_care", "Ruth Example")]  # fmt: skip
PRIYA_OWNS = {
    "text": "Visit him unannounced and report on his partner",
    "agency": "police",
    "owner": {"name": "Priya", "email": "priya@police.example"},
    "due_on": "2026-12-23",
}


@pytest.fixture
@told_once
def story(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-09-02", STEPHEN)
    story.tick("2026-09-02")
    story.record_fact("referral", "2026-10-01", crn=CRN, **form("referral", category=3))
    return story


def accepted(story: Story) -> Story:
    story.record_fact("screening", "2026-10-08", crn=CRN, **form("screening", decision="category_3_accepted", level=2))
    return story


def named(story: Story) -> Story:
    accepted(story)
    story.record_fact(
        "circumstances",
        "2026-12-15",
        crn=CRN,
        police_offender_manager={"name": "Priya", "email": "priya@police.example"},
    )
    return story


def test_a_referral_for_category_3_opens_a_case_that_waits_for_screening(story):
    case = story.case(CRN)
    assert (case.category, case.stage) == (None, "screening")
    assert story.owed("screening_decision", CRN) == [("2026-10-11", "open", None)]


def test_accepted_he_is_category_3_at_level_2(story):
    accepted(story)
    case = story.case(CRN)
    assert (case.category, case.categories, case.level, case.stage) == (3, [3], 2, "managed")
    assert story.owed("first_meeting", CRN) == [("2026-11-05", "open", None)]


def test_rejected_the_case_that_was_only_the_question_is_closed(story):
    story.record_fact(
        "screening",
        "2026-10-08",
        crn=CRN,
        **form("screening", decision="category_3_rejected", thresholds={}),
    )
    case = story.case(CRN)
    assert str(case.closed_on) == "2026-10-08"
    assert story.owed("screening_decision", CRN)[0][1] != "open"


def test_a_police_action_waits_for_a_named_police_offender_manager(story):
    accepted(story)
    with pytest.raises(RefusedError, match="no police action without a named police offender manager"):
        story.record_fact(
            "meeting", "2026-12-16", crn=CRN, **minuted(*THERE, next_on="2027-03-31", actions=[PRIYA_OWNS])
        )


def test_the_inspector_who_attends_does_not_own_the_action_unless_it_is_delegated(story):
    named(story)
    inspector = PRIYA_OWNS | {"owner": {"name": "Dan", "grade": "Detective Inspector"}}
    with pytest.raises(RefusedError, match="not the named police offender manager"):
        story.record_fact(
            "meeting", "2026-12-16", crn=CRN, **minuted(*THERE, next_on="2027-03-31", actions=[inspector])
        )
    delegated = inspector | {"delegation": "Priya is on leave until January; Dan carries it out himself."}
    story.record_fact("meeting", "2026-12-16", crn=CRN, **minuted(*THERE, next_on="2027-03-31", actions=[delegated]))
    assert story.owed("action", CRN) == [("2026-12-23", "open", None)]


def test_minutes_and_the_next_meeting_to_the_day_over_christmas(story):
    named(story)
    story.record_fact("meeting", "2026-12-16", crn=CRN, **minuted(*THERE, next_on="2027-03-31", actions=[PRIYA_OWNS]))
    # Ten working days: 25 and 28 December and 1 January are none.
    assert story.owed("minutes", CRN) == [("2027-01-04", "open", None)]
    assert story.owed("level_2_review", CRN) == [("2027-04-07", "open", None)]


def test_the_action_is_not_done_and_climbs_to_the_smb_member(story):
    named(story)
    story.record_fact("meeting", "2026-12-16", crn=CRN, **minuted(*THERE, next_on="2027-03-31", actions=[PRIYA_OWNS]))
    story.every_day("2026-12-16", "2027-01-12")
    assert [(rung, to, on) for rung, _, to, on in story.prompts("action")] == [
        ("at once", "priya@police.example", "2026-12-16"),
        ("-5W", "priya@police.example", "2026-12-16"),
        ("-1W", "priya@police.example", "2026-12-22"),
        ("due", "priya@police.example", "2026-12-23"),
        ("+1W", "priya@police.example", "2026-12-24"),
        # The police have no line manager in the directory: the senior manager stands in.
        ("+1W", SID, "2026-12-24"),
        ("+5W", "clare@probation.example", "2027-01-04"),
        ("+10W", SAM, "2027-01-11"),
    ]
    assert CLARE == "clare@probation.example"
    assert CHRIS not in {to for _, _, to, _ in story.prompts("action")}


def test_stepping_down_to_level_1_is_refused_with_the_options(story):
    named(story)
    with pytest.raises(RefusedError, match="the options are level 2, level 3, or closing the case") as refused:
        story.record_fact("meeting", "2026-12-16", crn=CRN, **minuted(*THERE, level=1))
    assert any(reason.startswith("level_decision.level") for reason in refused.value.reasons)
    with pytest.raises(RefusedError, match="never at level 1"):
        story.record_fact("level", "2026-12-17", crn=CRN, level=1, reason="The risk has come down a good deal.")
    assert story.case(CRN).level == 2
