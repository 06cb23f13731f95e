"""Minutes say what a meeting lacked, and papers what somebody needs who comes in place of another."""

import re

import pytest
from sqlalchemy import update

from models.cases import Case
from policy.book import shipped_book
from tests.casework.documents.reading import both, minutes, papers
from tests.casework.recording.test_refusals import refused
from tests.support.story import PRIYA, Story, attended, form, minuted

THERE = {"probation": "Olive", "police": "Rae", "prison": "Opal", "childrens_social_care": "Ruth Example",
         "victim_liaison": "Vera", "approved_premises": "Anna", "neighbourhood_policing": "Nell"}  # fmt: skip
NOT_INFORMED = "This meeting was not fully informed"


def held(story: Story, *more: dict, salt: str = "", day: str = "2026-10-14", **names: str) -> None:
    there = [attended(agency, name) for agency, name in (THERE | names).items()]
    actions = [{"text": "Trace the uncle", "agency": "police", "owner": {"name": "Priya Example"},
                "due_on": "2027-02-03"}]  # fmt: skip
    told = {"actions": [] if salt else actions, "next_on": "2027-04-14" if salt else "2027-01-27"}
    if salt:
        told["previous_actions"] = [{"action": 1, "position": "carried", "reason": "The police in Leeds were asked."}]
    story.record_fact("meeting", day, **minuted(*there, *more, salt=salt, **told))


@pytest.fixture
def terrorist(story: Story) -> Story:
    """The case is category 4: the counter-terrorism unit must come or send an update (joint inspection 2015, 6.32)."""
    with story.record.writing() as session:
        session.execute(update(Case).values(category=4, categories=[4]))
    return story


@pytest.mark.parametrize(("status", "said"), [("absent", True), ("apologies", True), ("attended", False)])
def test_without_the_counter_terrorism_unit_the_minutes_say_not_fully_informed(
    terrorist: Story, status: str, said: bool
) -> None:
    held(terrorist, attended("counter_terrorism_unit", "Una", status))
    assert [NOT_INFORMED in seen for seen in both(minutes(terrorist, 1))] == [said, said]
    terrorist.record_fact("meeting-plan", "2026-10-15", **form("meeting-plan", starts_at="2027-01-20T10:00"))
    assert ["which was not fully informed" in seen for seen in both(papers(terrorist, 2))] == [said, said]


def test_minutes_say_where_the_manager_came_without_the_practitioner(story: Story) -> None:
    """Police managers came, and not the officer who works with the person (joint inspection 2015, 5.5, 5.7)."""
    police = {"police_offender_manager": {"name": "Priya Example", "email": PRIYA}}
    story.record_fact("circumstances", "2026-09-21", **police)
    held(story)
    for seen in both(minutes(story, 1)):
        assert "Police: Priya Example works with the person, and neither came nor sent a report." in seen
        assert "Probation: Olive works" not in seen
    # Who manages the case since then changes nothing in the minutes of that meeting.
    story.record_fact("circumstances", "2026-11-02", police_offender_manager={"name": "Rae", "email": PRIYA})
    assert all("Police: Priya Example works with the person" in seen for seen in both(minutes(story, 1)))


def test_a_substitute_reads_what_the_agency_said_last_time_and_has_to_do(story: Story) -> None:
    held(story)
    papers_of_2 = both(papers(story, 2))
    for seen in papers_of_2:
        assert "if you come for the first time" in seen.lower()
        assert "1. Trace the uncle, Priya Example, due 3 February 2027" in seen
        assert "He keeps every appointment." in seen
    held(story, salt="Later words", day="2027-01-27", police="Rae", prison="Otto")
    assert all("6 of 7 agencies; somebody else came from Prison" in seen for seen in both(minutes(story, 2)))


def test_screening_for_the_personality_disorder_pathway_is_asked_and_stands_in_the_papers(story: Story) -> None:
    """The pathway screens who needs a psychologist (London annual report 2013-14): nobody said is no "no"."""
    asked = {one.question: name for name, one in shipped_book().policies[0].circumstances.items()}
    assert asked["Have they been screened for the personality disorder pathway?"] == "personality_screened"
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    said = "Has been screened for the personality disorder pathway"
    for told, words in (({}, "Not known"), ({"personality_screened": True}, "Yes")):
        if told:
            story.record_fact("circumstances", "2026-09-22", **told)
        for seen in both(papers(story, 1)):
            assert re.search(f"{said}:? {words}", seen)


def test_the_facts_of_a_silent_practice_may_come_another_way(met: Story) -> None:
    """General practitioners seldom came or answered (joint inspection 2015, 6.54)."""
    how = form("attendance-report", how="another_route", text="The mental health trust gave the facts, with consent.")
    assert refused(met, "attendance-report", "2026-10-20", **how) == (
        "how: only for a general practice may the facts come another way: ask the agency for its report"
    )
