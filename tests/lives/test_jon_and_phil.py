"""Scenarios Jon and Phil: category 3 at level 2, free at the end of the sentence, without licence.

Source: Joint inspection 2015, 5.21, 5.22.
"""

import pytest

from casework.errors import RefusedError
from models.record import Record
from tests.support.story import CLARE, CORA, DARREN, MEETING_DIRECTORY, PRIYA, SIMON, Story, attended, form, minuted

CRN = "X320746"
# Assault occasioning actual bodily harm, ten months: too short for category 2. Free on Friday 28 May 2027, no licence.
JON = DARREN | {
    "crn": CRN,
    "forenames": "Jon",
    "offence_code": "OF61102",
    "offence_date": "2026-03-01",
    "disposal": "imprisonment",
    "term_months": "10",
    "sentence_date": "2026-08-03",
    "conditional_release_date": "2027-05-28",
    "licence_expiry_date": "",
    "sentence_expiry_date": "2027-05-28",
    "police_offender_manager": "Priya",
    "police_offender_manager_email": PRIYA,
}
THERE = [attended("probation", "Olive"), attended("police", "Priya"), attended("prison", "Opal"),
         attended("victim_liaison", "Vera"), attended("approved_premises", "Anna"),
         attended("childrens_social_care", "Ruth Example"), attended("housing", "Hana")]  # fmt: skip
CHECK = {"ends_on": "2027-05-28", "by": "Cora", "reason": "Two years without an incident; every agency agreed."}


@pytest.fixture(params=["Jon", "Phil"])
def story(request: pytest.FixtureRequest, record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-09-01", JON | {"forenames": request.param})
    story.tick("2026-09-01")
    story.record_fact("referral", "2026-11-02", crn=CRN, **form("referral", category=3))
    accepted = form("screening", decision="category_3_accepted", level=2)
    story.record_fact("screening", "2026-11-10", crn=CRN, **accepted)
    return story


def met(story: Story) -> Story:
    there = [*THERE, attended("neighbourhood_policing", "Nell")]
    story.record_fact("meeting", "2027-02-24", crn=CRN, **minuted(*there, next_on="2027-05-26"))
    return story


def test_the_meeting_of_24_february_sets_the_clocks(story):
    met(story)
    assert story.owed("minutes", CRN) == [("2027-03-10", "open", None)]
    assert story.owed("level_2_review", CRN) == [("2027-06-16", "open", None)]


def test_the_exit_plan_is_prompted_twelve_eight_and_four_weeks_before_the_end(story):
    assert story.owed("exit_plan", CRN) == [("2027-03-05", "open", None)]
    assert story.owed("end_of_sentence_check", CRN) == [("2027-05-28", "open", None)]
    for day in ("2027-03-04", "2027-03-05", "2027-04-01", "2027-04-02", "2027-04-29", "2027-04-30", "2027-05-27",
                "2027-05-28"):  # fmt: skip
        story.tick(day)
    assert [(rung, to, on) for rung, _, to, on in story.prompts("exit_plan")] == [
        ("-12 weeks", "olive@probation.example", "2027-03-05"),
        ("-8 weeks", "olive@probation.example", "2027-04-02"),
        ("-4 weeks", CLARE, "2027-04-30"),
        ("the end", SIMON, "2027-05-28"),
    ]


def test_a_plan_covers_accommodation_engagement_victims_iom_and_what_is_left(story):
    for blank in ("accommodation", "engagement", "victims", "integrated_offender_management", "outstanding_risks"):
        with pytest.raises(RefusedError, match=blank):
            story.record_fact("exit-plan", "2027-03-05", crn=CRN, **form("exit-plan", **{blank: "see above"}))
    story.record_fact("exit-plan", "2027-03-05", crn=CRN, **form("exit-plan"))
    assert story.owed("exit_plan", CRN) == [("2027-03-05", "met", "2027-03-05")]


def test_the_end_of_the_sentence_ends_nothing_by_itself(story):
    met(story)
    story.every_day("2027-05-20", "2027-06-02")
    case = story.case(CRN)
    assert (case.category, case.closed_on) == (3, None)
    [question] = [q for q in story.problems() if q.startswith("end-of-sentence check")]
    assert "sentence ended on 2027-05-28" in question
    assert "category 3 ends only by a decision" in question
    assert "the minutes of meeting 1 are not final" in question
    assert [(rung, to, on) for rung, _, to, on in story.prompts("end_of_sentence_check")] == [
        ("-1 week", CORA, "2027-05-21"),
        ("due", CORA, "2027-05-28"),
        # Monday 31 May is a bank holiday.
        ("+1W", CLARE, "2027-06-01"),
    ]


def test_it_is_closed_only_when_nothing_is_open_or_somebody_says_why(story):
    met(story)
    with pytest.raises(RefusedError) as refused:
        story.record_fact("end-of-sentence-check", "2027-05-28", crn=CRN, outcome="deregistered", **CHECK)
    assert "the minutes of meeting 1 are not final: settle it first" in str(refused.value)
    assert "victims_told: there is victim contact" in str(refused.value)
    why = {"despite_open": "The minutes are with the Chair, and follow.", "victims_told": "By letter of 27 May."}
    story.record_fact("end-of-sentence-check", "2027-05-28", crn=CRN, outcome="deregistered", **why, **CHECK)
    case = story.case(CRN)
    assert (str(case.closed_on), case.stage) == ("2027-05-28", "closed")
    assert case.closed_reason.startswith("de-registered: Two years without an incident")
    assert {t.state for kind in ("level_2_review", "meeting") for t in story.timescales(kind, CRN)} <= {
        "missed",
        "cancelled",
        "met",
    }
    assert story.owed("end_of_sentence_check", CRN) == [("2027-05-28", "met", "2027-05-28")]
    # What the meeting left to do is still owed, and can be done.
    assert story.owed("minutes", CRN) == [("2027-03-10", "open", None)]
    for on, step, by in (("29", "draft", "Adam"), ("30", "approve", "Clare Example"), ("31", "final", "Adam")):
        story.record_fact("minutes", f"2027-05-{on}", crn=CRN, step=step, by=by)
    assert story.owed("minutes", CRN) == [("2027-03-10", "met", "2027-05-31")]


def test_it_may_stay_open_beyond_the_sentence_by_decision(story):
    met(story)
    story.record_fact("end-of-sentence-check", "2027-05-28", crn=CRN, outcome="stays_open", **CHECK)
    story.tick("2027-06-10")
    case = story.case(CRN)
    assert (case.category, case.level, case.closed_on) == (3, 2, None)
    assert not any(q.startswith("end-of-sentence check") for q in story.problems())
    assert story.owed("level_2_review", CRN) == [("2027-06-16", "open", None)]


def test_category_3_is_closed_at_any_time_once_the_risk_is_reduced(story):
    met(story)
    told = "The victim liaison officer told her on the 13th."
    closure = form("closure", despite_open="The minutes are with the Chair, and follow.", victims_told=told)
    story.record_fact("closure", "2027-04-14", crn=CRN, **closure)
    assert story.case(CRN).closed_reason.startswith("risk reduced")
    with pytest.raises(RefusedError, match="was closed on 2027-04-14"):
        story.record_fact("meeting-plan", "2027-04-15", crn=CRN, **form("meeting-plan", starts_at="2027-05-01T10:00"))
