"""One plan, true today, in words that say something, and the assessments it rests on.

Source: Joint inspection 2015, 5.14 to 5.20, 6.7.

Rules: the plan is written anew within five working days of a meeting, of the news about somebody it names, and of a
review that asks for it; the Chair hears five working days after that. Monday 25 May 2026 is a bank holiday.
"""

import copy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from models.audit import AuditEntry
from models.plans import PlanVersion
from models.record import Record
from tests.support.custody import OUTSIDE, THERE, begun, told
from tests.support.story import CLARE, OLIVE, Story, anew, form, minuted
from tests.support.told_once import told_once

PLAN = form("plan")
DIED = form("contact-change", since="2026-05-15")
NO_UNANNOUNCED = "no unannounced visit is planned"


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return begun(record, tmp_path, "community")


@pytest.fixture
@told_once
def met(story: Story) -> Story:
    """A meeting on Thursday 21 May 2026: five working days are 22, 26, 27, 28 and 29 May."""
    meet(story, "2026-05-21", "2026-07-08")
    return story


def meet(story: Story, on: str, next_on: str, **changes: Any) -> None:
    story.record_fact("meeting", on, **minuted(*THERE, next_on=next_on, salt=on, **changes))


def written(salt: str = "", **changes: Any) -> dict[str, Any]:
    """A plan in other words than the last one, where there is a salt."""
    return (salted(copy.deepcopy(PLAN), salt) if salt else copy.deepcopy(PLAN)) | changes


def salted(value: Any, salt: str, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: salted(one, salt, name) for name, one in value.items()}
    if isinstance(value, list):
        return [salted(one, salt, key) for one in value]
    fixed = key in ("agency", "by", "person", "starts_on", "ends_on", "how_often") or isinstance(value, bool)
    return value if fixed else anew(value, salt)


def write(story: Story, on: str, salt: str = "", **changes: Any) -> str:
    return story.record_fact("plan", on, **written(salt, **changes)).summary


def refused(story: Story, on: str, salt: str = "", **changes: Any) -> str:
    with pytest.raises(RefusedError) as refusal:
        write(story, on, salt, **changes)
    return "\n".join(refusal.value.reasons)


def versions(story: Story) -> list[int]:
    with story.record.reading() as session:
        return list(session.scalars(select(PlanVersion.version).order_by(PlanVersion.version)))


# When it is owed


def test_after_a_meeting_the_plan_is_owed_in_five_working_days_and_the_chair_hears_after_ten(met):
    met.every_day("2026-05-21", "2026-06-08")
    assert met.owed("plan_update") == [("2026-05-29", "open", None)]
    assert told(met, "plan_update") == [("due", OLIVE, "2026-05-29"), ("+5W", CLARE, "2026-06-05")]


@pytest.mark.parametrize("on", ["2026-05-21", "2026-06-02"])
def test_a_plan_of_the_day_of_the_meeting_or_later_meets_it(met, on):
    write(met, on)
    assert met.owed("plan_update") == [("2026-05-29", "met", on)]


def test_a_plan_from_before_the_meeting_does_not_meet_it(story):
    write(story, "2026-05-20")
    meet(story, "2026-05-21", "2026-07-08")
    assert story.owed("plan_update") == [("2026-05-29", "open", None)]


def test_one_that_the_next_meeting_overtook_is_asked_for_by_that_meeting_alone(met):
    meet(met, "2026-07-08", "2026-09-02")
    assert met.owed("plan_update") == [("2026-05-29", "missed", None), ("2026-07-15", "open", None)]
    write(met, "2026-07-10")
    assert met.owed("plan_update")[1] == ("2026-07-15", "met", "2026-07-10")


def test_an_outage_of_weeks_catches_up_once(met):
    for day in ("2026-07-01", "2026-07-01", "2026-07-02"):
        met.tick(day)
    assert told(met, "plan_update") == [("due", OLIVE, "2026-07-01"), ("+5W", CLARE, "2026-07-01")]


def test_news_of_somebody_it_names_owes_a_new_plan(story):
    write(story, "2026-05-20")
    story.record_fact("contact-change", "2026-05-21", **DIED)
    assert story.owed("plan_update") == [("2026-05-29", "open", None)]
    write(story, "2026-05-26", "In May.", contact_restrictions=[])
    assert story.owed("plan_update") == [("2026-05-29", "met", "2026-05-26")]


def test_a_review_of_an_event_may_ask_for_a_new_plan(story):
    story.record_fact("custody-event", "2026-05-20", event="conditions_changed", what="A new zone.", by="Olive",
                      conditions="Not to enter Harehills, Leeds, at any time.")  # fmt: skip
    story.record_fact("event-review", "2026-05-21", **form("event-review"))
    assert story.owed("plan_update") == [("2026-05-29", "open", None)]


# Who is dead, moved, renamed


def test_a_plan_that_names_somebody_who_died_is_refused_until_it_is_struck_or_says_so(story):
    write(story, "2026-05-20")
    story.record_fact("contact-change", "2026-05-21", **DIED)
    reasons = refused(story, "2026-05-22", "In May.")
    assert "contact_restrictions.uma example: it names Uma Example, who died on 2026-05-15: strike it" in reasons
    watched = {"contact_restrictions": [], "victim_safety": "The police watch the house of UMA  EXAMPLE at night."}
    assert "it names Uma Example" in refused(story, "2026-05-22", "In May.", **watched)
    assert versions(story) == [1]
    write(story, "2026-05-22", "In May.", contact_restrictions=[],
          victim_safety="Uma Example has died; her daughter is told of the release now.")  # fmt: skip
    assert versions(story) == [1, 2]


@pytest.mark.parametrize("words", ["Uma Example's address is flagged.", "They flag Uma Example\u2019s address."])
def test_whose_something_is_names_the_dead_too(story, words):
    story.record_fact("contact-change", "2026-05-21", **DIED)
    assert "victim_safety: it names Uma Example" in refused(story, "2026-05-22", contact_restrictions=[],
                                                            victim_safety=words)  # fmt: skip


def test_what_is_late_does_not_show_that_a_death_is_known(story):
    story.record_fact("contact-change", "2026-05-21", **DIED)
    rung = {"contact_restrictions": [], "supervision": "He does not ring Uma Example late at night."}
    assert "supervision: it names Uma Example" in refused(story, "2026-05-22", **rung)


@pytest.mark.parametrize("section", ["victim_safety", "conclusion"])
def test_the_plan_of_a_meeting_does_not_name_the_dead_either(story, section):
    story.record_fact("contact-change", "2026-05-21", **DIED)
    told_plan = minuted(*THERE, next_on="2026-07-08", salt="May")
    told_plan["plan"][section] = "The police flag the address of Uma Example, and ring her weekly."
    with pytest.raises(RefusedError, match=rf"plan\.{section}: it names Uma Example, who died on 2026-05-15"):
        story.record_fact("meeting", "2026-05-26", **told_plan)
    told_plan["plan"][section] = "The flag on the address of Uma Example, who has died, is taken off."
    story.record_fact("meeting", "2026-05-26", **told_plan)


def test_somebody_renamed_is_called_by_the_new_name(story):
    renamed = form("contact-change", what="name_changed", since="2026-05-15", now_called="Uma Other")
    story.record_fact("contact-change", "2026-05-21", **renamed)
    assert "contact_restrictions: Uma Example is called Uma Other since 2026-05-15" in refused(story, "2026-05-22")
    write(
        story, "2026-05-22", contact_restrictions=[{"person": "Uma Other", "restriction": "No contact by any means."}]
    )


def test_somebody_no_longer_at_risk_is_struck_or_confirmed_by_somebody(story):
    write(story, "2026-05-20")
    story.record_fact("contact-change", "2026-05-21",
                      **form("contact-change", what="no_longer_at_risk", since="2026-05-15"))  # fmt: skip
    reasons = refused(story, "2026-05-22", "In May.", contact_restrictions=PLAN["contact_restrictions"])
    assert "Uma Example is no longer at risk since 2026-05-15: strike it, or confirm it" in reasons
    why = {"confirmed_by": "Olive Example", "because": "She still asks that he does not write."}
    write(story, "2026-05-22", "In May.", contact_restrictions=PLAN["contact_restrictions"],
          carried_forward={"contact_restrictions.uma example": why})  # fmt: skip


# Words that say something


BARE = ("licence conditions", "SHPO", "see above", "n/a", "  ")
ONLY_NAMED = ("licence conditions", "Standard licence conditions.", "licence conditions apply")
ONLY_BREACH = ("Breach.", "Recall if he breaches.", "If the licence is breached, immediate recall",
               "Breach and recall will be considered.")  # fmt: skip


@pytest.mark.parametrize("section", ["supervision", "monitoring_and_control", "victim_safety", "conclusion"])
def test_bare_words_are_refused_in_every_section(story, section):
    for words in BARE:
        assert section in refused(story, "2026-05-22", **{section: words}), words
    assert versions(story) == []


def test_licence_conditions_and_orders_are_written_out(story):
    for words in ONLY_NAMED:
        assert "licence_conditions.0.text: it says only" in refused(
            story, "2026-05-22", licence_conditions=[{"text": words}]
        )
        orders = [{"order": "shpo", "text": words}]
        assert "orders.0.text: it says only" in refused(story, "2026-05-22", orders=orders)


def test_a_contingency_names_more_than_breach_and_recall(story):
    for words in ONLY_BREACH:
        assert "says no more than breach or recall" in refused(story, "2026-05-22", contingency=words), words


def test_without_conditions_it_says_why(story):
    bare = written(licence_conditions=[], orders=[])
    with pytest.raises(RefusedError, match="no_conditions_because says why"):
        story.record_fact("plan", "2026-05-22", **bare)
    story.record_fact("plan", "2026-05-22", **bare, no_conditions_because="The sentence ended without a licence.")


def test_copied_sections_need_somebody_who_knows_that_they_are_true(story):
    write(story, "2026-05-20")
    reasons = refused(story, "2026-05-26")
    for section in ("supervision", "contingency", "licence_conditions", "exclusion_zones", "contributions.police",
                    "contact_restrictions.uma example", "conclusion"):  # fmt: skip
        assert f"{section}: the same words as on 2026-05-20: change them, or confirm" in reasons
    why = {"confirmed_by": "Olive Example", "because": "Seen on Monday: it is as it was."}
    again = written("In May.", supervision=PLAN["supervision"].upper())
    with pytest.raises(RefusedError, match="supervision: the same words"):
        story.record_fact("plan", "2026-05-26", **again)
    slip = again | {"carried_forward": {"supervision": why, "conclusions": why}}
    with pytest.raises(RefusedError, match=r"carried_forward\.conclusions: no section of this name is the same"):
        story.record_fact("plan", "2026-05-26", **slip)
    story.record_fact("plan", "2026-05-26", **(again | {"carried_forward": {"supervision": why}}))
    assert versions(story) == [1, 2]


def test_a_first_version_has_nothing_to_carry_and_none_is_older_than_the_last(story):
    why = {"confirmed_by": "Olive Example", "because": "Seen on Monday: it is as it was."}
    assert "this is the first version" in refused(story, "2026-05-22", carried_forward={"supervision": why})
    write(story, "2026-05-22")
    assert "2026-05-21 is before version 1, written on 2026-05-22" in refused(story, "2026-05-21", "In May.")


def test_no_unannounced_visit_is_a_question_that_the_next_version_takes_back(story):
    announced = [PLAN["visits"][0] | {"announced": True}]
    assert NO_UNANNOUNCED in write(story, "2026-05-20", visits=announced)
    assert story.problems() == [NO_UNANNOUNCED]
    write(story, "2026-05-22", "In May.", visits=[])
    assert story.problems() == ["no visits are planned"]
    write(story, "2026-05-26", "In June.")
    assert story.problems() == []


def test_a_plan_with_an_unannounced_visit_answers_the_question_of_a_meeting(story):
    """A meeting that hears of announced visits alone asks whether any is planned that is not."""
    visit = {"on": "2026-05-11", "agency": "police", "by": "Priya", "announced": True}
    meet(story, "2026-05-21", "2026-07-08", visits=[visit])
    asked = "meeting 1: all 1 visits were announced: no unannounced visit in the plan"
    assert story.problems() == [asked]
    announced = [PLAN["visits"][0] | {"announced": True}]
    write(story, "2026-05-22", visits=announced)
    assert story.problems() == [asked, NO_UNANNOUNCED]
    write(story, "2026-05-26", "In May.")
    assert story.problems() == []


def test_of_somebody_in_custody_nobody_asks_for_visits(record, tmp_path):
    story = begun(record, tmp_path, "custody")
    write(story, "2026-05-22", visits=[])
    assert story.problems() == []


def test_the_plan_of_another_agency_says_why_it_is_another(story):
    assert "agency: probation leads, and its plan is MAPPA's" in refused(story, "2026-05-22", agency="police")
    write(story, "2026-05-22", agency="police", differs_because="The police lead on the visits until August.")


def test_a_condition_that_has_ended_is_struck(story):
    ended = {"text": "Not to enter Leeds at all.", "ends_on": "2026-05-21"}
    for section, one in (
        ("licence_conditions", ended),
        ("orders", ended | {"order": "shpo"}),
        ("exclusion_zones", ended),
    ):
        assert "it ended on 2026-05-21: strike it" in refused(story, "2026-05-22", **{section: [one]}), section
    write(story, "2026-05-21", licence_conditions=[ended])


# Risk assessments


def test_an_assessment_has_four_eyes(story):
    with pytest.raises(RefusedError, match="a supervisor authorises an assessment, not its author"):
        story.record_fact("risk-assessment", "2026-05-21", **form("risk-assessment", authorised_by="olive example"))
    with pytest.raises(RefusedError, match="which tool was it"):
        story.record_fact("risk-assessment", "2026-05-21", **form("risk-assessment", tool="other"))
    story.record_fact("risk-assessment", "2026-05-21", **form("risk-assessment", tool="other", other_tool="HCR-20"))
    assert story.case().rosh_level == "high"


def test_a_change_of_the_risk_is_explained(story):
    first = form("risk-assessment", analysis=None)
    story.record_fact("risk-assessment", "2026-05-21", **first)
    story.record_fact("risk-assessment", "2026-05-22", **first)
    with pytest.raises(RefusedError, match="analysis: the risk was high and is very high: what changed"):
        story.record_fact("risk-assessment", "2026-05-26", **(first | {"level": "very_high"}))
    worse = {"level": "very_high", "analysis": "He has found out where she lives, and bought a knife."}
    story.record_fact("risk-assessment", "2026-05-26", **(first | worse))
    assert story.case().rosh_level == "very_high"
    with story.record.reading() as session:
        changes = [
            e.after for e in session.scalars(select(AuditEntry).order_by(AuditEntry.id)) if e.action == "risk-level"
        ]
    assert changes == [{"rosh_level": "high"}, {"rosh_level": "very_high"}]


@pytest.mark.parametrize("what", ["order", "file"])
def test_the_risk_assessed_stands_whatever_is_told_besides(story, what):
    """An order made, or a file that says nothing of the risk, does not take an assessment away."""
    story.record_fact("risk-assessment", "2026-05-21", **form("risk-assessment", analysis=None))
    if what == "order":
        story.record_fact("order", "2026-05-22", **form("order"))
    else:
        story.load("2026-05-22", OUTSIDE | {"unit": "South"})
        story.tick("2026-05-22")
    assert story.case().rosh_level == "high"


# Joint inspection 2015, 5.14, 5.15, 5.16, 5.24, with the variants that came after them.
SAYS_NOTHING = ("see summary in body of notes", "breach if fails to comply", "as per licence", "all licence conditions",
                "see SHPO", "see SHPO x", "home visits", "As per the OASys risk management plan")  # fmt: skip


@pytest.mark.parametrize("words", SAYS_NOTHING)
def test_the_words_that_inspectors_found_are_refused_in_the_plan_and_at_the_meeting(story, words):
    for section in ("supervision", "monitoring_and_control", "victim_safety", "contingency"):
        assert section in refused(story, "2026-05-22", **{section: words})
        plan = minuted(*THERE, next_on="2026-07-08")["plan"] | {section: words}
        with pytest.raises(RefusedError, match=f"plan.{section}"):
            meet(story, "2026-05-21", "2026-07-08", plan=plan)


@pytest.mark.parametrize("put_in", ["{} x", "{} As before.", "{} -", "x {}", "{} See above."])
def test_a_word_more_does_not_make_a_copy_new(story, put_in):
    write(story, "2026-05-20")
    reasons = refused(story, "2026-05-26", "In May.", supervision=put_in.format(PLAN["supervision"]))
    assert "supervision: " in reasons
    assert "same words as on 2026-05-20: change them, or confirm" in reasons
