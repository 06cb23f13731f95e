"""MARAC, SARA, child protection conferences and the Chair's word on the plan: recorded once, and met by it."""

from tests.casework.recording.test_refusals import refused
from tests.support.story import Story, form


def test_domestic_abuse_asks_for_marac_and_sara_until_they_are_recorded(story: Story) -> None:
    """Told on Mon 21 September 2026: MARAC by Mon 5 October, SARA by Mon 19 (our days)."""
    story.record_fact("circumstances", "2026-09-21", domestic_abuse=True)
    story.record_fact("circumstances", "2026-09-24", domestic_abuse=True, tagged=True)
    assert story.owed("marac") == [("2026-10-05", "open", None)]
    assert story.owed("sara_assessment") == [("2026-10-19", "open", None)]
    story.record_fact("conference", "2026-10-02", **form("conference"))
    assert story.owed("marac") == [("2026-10-05", "met", "2026-10-02"), ("2026-11-04", "open", None)]
    story.record_fact("conference", "2026-10-23", **form("conference", outcome="The sister has an alarm at home now."))
    assert {state for _, state, _ in story.owed("marac")} == {"met"}
    story.record_fact("risk-assessment", "2026-10-22", **form("risk-assessment", tool="oasys", analysis=None))
    assert story.owed("sara_assessment") == [("2026-10-19", "open", None)]
    story.record_fact("risk-assessment", "2026-10-23", **form("risk-assessment", tool="sara", analysis=None))
    assert story.owed("sara_assessment") == [("2026-10-19", "met", "2026-10-23")]


def test_a_child_at_risk_that_a_referral_told_of_asks_for_the_conference(story: Story) -> None:
    told = form("referral")["circumstances"]
    assert story.owed("child_protection") == []
    story.record_fact("referral", "2026-09-28", **form("referral", circumstances=told | {"children_at_risk": True}))
    assert story.owed("child_protection") == [("2026-10-12", "open", None)], "ten working days from Mon 28 September"
    none = form("conference", which="child_protection", held_on=None, reason="The nephew lives abroad with his aunt.")
    story.record_fact("conference", "2026-10-05", **none)
    assert story.owed("child_protection") == [("2026-10-12", "met", "2026-10-05")]


def test_a_conference_says_when_or_why_not(story: Story) -> None:
    assert "held_on: when is it? If there is none, 'reason' says why" in refused(
        story, "conference", "2026-10-02", **form("conference", held_on=None)
    )
    assert "outcome: it has not been held yet" in refused(
        story, "conference", "2026-10-02", **form("conference", outcome="An alarm for the sister.")
    )


def test_the_chair_confirms_only_a_plan_that_is_on_record(met: Story) -> None:
    """Held on Wed 14 October 2026: the Chair's word by Wed 28 (joint inspection 2015, 5.18)."""
    assert met.owed("plan_confirmed") == [("2026-10-28", "open", None)]
    assert refused(met, "plan-confirmed", "2026-10-26", **form("plan-confirmed")) == (
        "the plan has no version since meeting 1 of 2026-10-14: have the lead agency record it"
    )
    assert refused(met, "plan-confirmed", "2026-10-26", **form("plan-confirmed", meeting=7)) == (
        "meeting: no such meeting of this case was held"
    )
    met.record_fact("plan", "2026-10-20", **form("plan"))
    met.record_fact("plan-confirmed", "2026-10-26", **form("plan-confirmed"))
    assert met.owed("plan_confirmed") == [("2026-10-28", "met", "2026-10-26")]
