"""Scenarios Rob and Jack: visits all announced, an assault, and phones that were "checked".

Source: Joint inspection 2015, 3.5; Joint inspection 2015, 5.12.
"""

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from casework.recording import example
from models.cases import Fact
from models.record import Record
from tests.support.story import CLARE, DARREN, MEETING_DIRECTORY, Story, attended, form, minuted
from tests.support.told_once import told_once

IN_THE_COMMUNITY = {
    "location": "community",
    "prison": "",
    "conditional_release_date": "2026-01-12",
    "police_offender_manager": "Priya",
    "police_offender_manager_email": "priya@police.example",
}
THERE = [attended("probation", "Olive"), attended("police", "Priya"), attended("neighbourhood_policing", "Nell")]
VISITS = [
    {"on": on, "agency": "police", "by": "Priya", "announced": True}
    for on in ("2026-04-01", "2026-04-15", "2026-04-29")
]


@pytest.fixture
@told_once
def rob(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-04-01", DARREN | IN_THE_COMMUNITY | {"forenames": "Rob"})
    story.tick("2026-04-01")
    story.record_fact("level", "2026-04-02", level=2, reason="High risk; police and probation must work together.")
    return story


@pytest.fixture
@told_once
def jack(record: Record, tmp_path) -> Story:
    young = {"forenames": "Jack", "date_of_birth": "2009-09-09", "lead_agency": "yot", "disposal": "dto",
             "term_months": "24", "sentence_date": "2025-03-03", "offence_date": "2025-01-05",
             "offence_code": "OF61018"}  # fmt: skip
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-05-01", DARREN | IN_THE_COMMUNITY | young)
    story.tick("2026-05-01")
    story.record_fact("level", "2026-05-04", level=2, reason="High risk; the youth offending team needs the police.")
    check = {
        "text": "Check what is on the three phones he left in the approved premises",
        "agency": "yot",
        "owner": {"name": "Yusuf", "email": "yusuf@yot.example"},
        "due_on": "2026-06-24",
    }
    there = [
        attended("yot", "Yusuf"),
        attended("police", "Priya"),
        attended("probation", "Olive"),
        attended("neighbourhood_policing", "Nell"),
        attended("childrens_social_care", "Carl"),
    ]
    story.tick("2026-06-10", hour=7)
    story.record_fact("meeting", "2026-06-10", **minuted(*there, next_on="2026-09-16", actions=[check]))
    return story


def test_rob_meets_on_6_may_and_the_clocks_follow(rob):
    rob.record_fact("meeting", "2026-05-06", **minuted(*THERE, next_on="2026-08-19"))
    assert rob.owed("minutes") == [("2026-05-20", "open", None)]
    assert rob.owed("level_2_review") == [("2026-08-26", "open", None)]


def test_three_visits_all_announced_put_the_question(rob):
    rob.record_fact("meeting", "2026-05-06", **minuted(*THERE, next_on="2026-08-19", visits=VISITS))
    assert rob.problems() == ["meeting 1: all 3 visits were announced: no unannounced visit in the plan"]


def test_one_unannounced_visit_takes_the_question_back(rob):
    rob.record_fact("meeting", "2026-05-06", **minuted(*THERE, next_on="2026-08-19", visits=VISITS))
    rob.tick("2026-05-06")
    unannounced = [{"on": "2026-06-01", "agency": "police", "by": "Priya", "announced": False}]
    rob.record_fact(
        "meeting", "2026-08-19", **minuted(*THERE, next_on="2026-12-02", visits=unannounced, salt="In August.")
    )
    assert rob.problems() == []


def test_the_assault_asks_for_four_decisions_and_an_urgent_meeting(rob):
    rob.record_fact("meeting", "2026-05-06", **minuted(*THERE, next_on="2026-08-19"))
    told = {"kind": "further_victimisation", "what": "He assaulted a new partner whom no agency knew of."}
    rob.record_fact("incident", "2026-06-10", **told)
    [question] = rob.problems()
    for asked in ("a breach", "a recall", "urgent meeting", "disclosure", "serious further offence"):
        assert asked in question
    decided = form("incident")
    rob.record_fact("incident", "2026-06-10", **decided)
    assert rob.problems() == []
    assert rob.owed("urgent_meeting") == [("2026-06-17", "open", None)]
    rob.tick("2026-06-10", hour=10)
    assert {to for _, _, to, _ in rob.prompts("urgent_meeting")} == {"cora@mappa.example", CLARE}
    assert rob.owed("disclosure") == [("2026-06-12", "open", None)]
    assert rob.owed("case_review") == [("2026-06-15", "open", None)]
    with rob.record.reading() as session:
        counted = session.scalars(select(Fact).where(Fact.kind == "incident")).all()
    assert {fact.data["kind"] for fact in counted} == {"further_victimisation"}


def test_the_urgent_meeting_is_met_by_the_next_meeting_held(rob):
    rob.record_fact("incident", "2026-06-10", **form("incident"))
    told = {
        "disclosure": 1,
        "position": "carried",
        "reason": "She has been at her sister's since; the police go on Friday.",
    }
    held = minuted(*THERE, next_on="2026-09-30", salt="Urgently.", previous_disclosures=[told])
    rob.record_fact("meeting", "2026-06-15", **held)
    assert rob.owed("urgent_meeting") == [("2026-06-17", "met", "2026-06-15")]


def test_jack_meets_on_10_june_and_the_clocks_follow(jack):
    assert jack.owed("minutes") == [("2026-06-24", "open", None)]
    assert jack.owed("level_2_review") == [("2026-09-30", "open", None)]
    assert jack.owed("action") == [("2026-06-24", "open", None)]


@pytest.mark.parametrize(
    "outcome",
    ["phones checked", "Phones checked for intelligence.", "Action completed: the three phones were checked", None],
)
def test_phones_checked_closes_nothing(jack, outcome):
    done = {"action": 1, "state": "done", "plan_effect": "Nothing changes in the plan yet."}
    with pytest.raises(RefusedError, match="what was found or achieved"):
        jack.record_fact("action-outcome", "2026-06-20", **done, **({"outcome": outcome} if outcome else {}))
    assert jack.owed("action") == [("2026-06-24", "open", None)]


def test_a_finding_without_its_effect_on_the_plan_closes_nothing(jack):
    finding = "One phone held forty messages to a girl of fourteen, sent in March."
    with pytest.raises(RefusedError, match="plan_effect"):
        jack.record_fact("action-outcome", "2026-06-20", action=1, state="done", outcome=finding)


def test_the_chair_is_chased_until_the_finding_is_recorded_and_linked_to_the_plan(jack):
    jack.every_day("2026-06-10", "2026-07-01")
    assert ("+5W", CLARE, "2026-07-01") in [(rung, to, on) for rung, _, to, on in jack.prompts("action")]
    jack.record_fact(
        "action-outcome",
        "2026-07-02",
        action=1,
        state="done",
        outcome="One phone held forty messages to a girl of fourteen, sent in March.",
        plan_effect="No unsupervised use of the internet; her school is told.",
    )
    assert jack.owed("action") == [("2026-06-24", "met", "2026-07-02")]
    with pytest.raises(RefusedError, match="the owner of an action does not accept it"):
        jack.record_fact("action-acceptance", "2026-07-03", action=1, by="Yusuf")
    jack.record_fact("action-acceptance", "2026-07-03", action=1, by="Clare Example")


def test_examples_are_forms_that_hold():
    assert example("incident")["kind"] == "further_victimisation"
