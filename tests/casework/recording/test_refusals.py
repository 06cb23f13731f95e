"""Bad input about referrals, meetings and what follows: what is said, and that nothing was changed by it."""

import copy
from typing import Any

import pytest
from sqlalchemy import func, select

from casework.errors import RefusedError
from models.audit import AuditEntry
from models.cases import Case, Fact
from models.meetings import Action, Meeting, Participant
from models.record import Record
from tests.support.story import DARREN, MEETING_DIRECTORY, PRIYA, Story, attended, form, minuted
from tests.support.told_once import told_once

THERE = [attended("probation", "Olive"), attended("police", "Priya"), attended("prison", "Opal")]
FIND = {"text": "Find a room for him", "agency": "housing", "owner": {"name": "Hana"}, "due_on": "2026-11-11"}


@pytest.fixture
@told_once
def story(sqlite_record: Record, tmp_path) -> Story:
    story = Story(sqlite_record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN | {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA})
    story.tick("2026-06-01")
    story.record_fact("level", "2026-09-18", level=2, reason="High risk; agencies must work together.")
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-21")
    return story


def counts(story: Story) -> list[int]:
    with story.record.reading() as session:
        return [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Fact, AuditEntry, Meeting, Participant, Action)
        ]


def refused(story: Story, kind: str, day: str, **data: Any) -> str:
    """Return what is said to a form that is refused, and hold that it left nothing behind."""
    before = counts(story)
    with pytest.raises(RefusedError) as refusal:
        story.record_fact(kind, day, **data)
    assert counts(story) == before, "a refusal left something behind"
    return "\n".join(refusal.value.reasons)


def meeting(**changes: Any) -> dict[str, Any]:
    return minuted(*THERE, next_on="2027-01-27") | changes


def test_a_meeting_for_a_closed_case_says_when_it_was_closed(story):
    with story.record.writing() as session:
        case = session.scalars(select(Case)).one()
        case.closed_on = case.opened_on
    reasons = refused(story, "meeting-plan", "2026-09-22", **form("meeting-plan"))
    assert "has no open case" in reasons
    assert "LON-2026-000001 was closed on 2026-06-01" in reasons


def test_an_attendee_of_an_unknown_agency_names_the_agencies_there_are(story):
    reasons = refused(
        story, "meeting", "2026-10-14", **minuted(*THERE, attended("fire_brigade", "Finn"), next_on="2027-01-27")
    )
    assert "attendance.3.agency: 'fire_brigade' is no agency; the agencies are police, probation, prison" in reasons


def test_an_action_without_an_owner_asks_for_one(story):
    ownerless = {name: value for name, value in FIND.items() if name != "owner"}
    assert "actions.0.owner: Field required" in refused(story, "meeting", "2026-10-14", **meeting(actions=[ownerless]))
    blank = FIND | {"owner": {"name": ""}}
    assert "actions.0.owner.name" in refused(story, "meeting", "2026-10-14", **meeting(actions=[blank]))


def test_an_action_with_a_date_in_the_past_names_both_dates(story):
    reasons = refused(story, "meeting", "2026-10-14", **meeting(actions=[FIND | {"due_on": "2026-10-01"}]))
    assert "'Find a room for him': due_on 2026-10-01 lies before the meeting of 2026-10-14" in reasons


def test_the_chair_is_never_the_owner_by_default(story):
    reasons = refused(story, "meeting", "2026-10-14", **meeting(actions=[FIND | {"owner": {"name": "Clare Example"}}]))
    assert "the Chair does not own actions by default" in reasons


@pytest.mark.parametrize(
    ("section", "key"),
    [("level_decision", "reason"), ("disclosure", "reason"), ("plan", "contingency"), ("article_8", "declared")],
)
def test_a_decision_without_its_reason_is_told_by_its_place(story, section, key):
    told = meeting()
    told[section] = copy.deepcopy(told[section])
    told[section][key] = False if key == "declared" else ""
    assert f"{section}.{key}" in refused(story, "meeting", "2026-10-14", **told)


@pytest.mark.parametrize("words", ["see above", "See above.", "as per the last meeting", "Ditto", "n/a", "no change"])
def test_a_disclosure_that_points_elsewhere_is_refused(story, words):
    reasons = refused(
        story, "meeting", "2026-10-14", **meeting(disclosure={"decision": "do_not_disclose", "reason": words})
    )
    assert "disclosure.reason" in reasons


@pytest.mark.parametrize("words", ["licence conditions", "Licence conditions.", "SHPO", "Standard licence conditions"])
def test_a_plan_that_only_names_its_conditions_is_refused(story, words):
    told = meeting()
    told["plan"] = told["plan"] | {"licence_conditions": words}
    reasons = refused(story, "meeting", "2026-10-14", **told)
    assert f"plan.licence_conditions: it says only {words!r}: write the conditions out, word for word" in reasons


def test_everything_that_is_missing_is_said_at_once(story):
    told = meeting(level_decision={"level": 2, "reason": "Three agencies hold parts of the plan."}, next_meeting=None)
    told["attendance"] = told["attendance"][:2]
    told["risk_views"] = told["risk_views"][:1]
    reasons = refused(story, "meeting", "2026-10-14", **{k: v for k, v in told.items() if v is not None})
    assert "attendance: prison was required (the person is in custody), and nothing is said of it" in reasons
    assert "risk_views: police was there, and its view of the risk is missing" in reasons
    assert "next_meeting: at level 2 the next date is set at the meeting, by 2027-02-03" in reasons


def test_a_next_meeting_later_than_the_level_allows_wants_a_reason(story):
    late = {"starts_at": "2027-03-03T10:00", "minutes_long": 60, "place": "Civic Centre"}
    reasons = refused(story, "meeting", "2026-10-14", **meeting(next_meeting=late))
    assert "2027-03-03 is later than level 2 allows (2027-02-03); late_because says why" in reasons
    late["late_because"] = "He is in hospital until the end of February."
    story.record_fact("meeting", "2026-10-14", **meeting(next_meeting=late))
    assert story.owed("level_2_review") == [("2027-02-03", "open", None)]


def test_level_3_asks_about_critical_public_protection_and_the_grade_of_the_police(story):
    story.record_fact("meeting-cancel", "2026-10-01", **form("meeting-cancel"))
    story.record_fact("level", "2026-10-02", level=3, reason="A bed must be found at once; senior people decide.")
    told = minuted(attended("probation", "Olive"), attended("police", "Priya", grade="Inspector"),
                   attended("prison", "Opal"), level=3, next_on="2026-12-01")  # fmt: skip
    reasons = refused(story, "meeting", "2026-10-14", **told)
    assert "critical_public_protection_case: level 3 asks at every meeting" in reasons
    assert "attendance, police: at level 3 the policy asks for chief inspector or above; grade_reason" in reasons
    told["attendance"][1]["grade_reason"] = "The Chief Inspector is at a murder inquiry and has briefed her."
    told["critical_public_protection_case"] = {"decision": "no", "reason": "No central funding is wanted."}
    story.record_fact("meeting", "2026-10-14", **told)


def test_nothing_is_copied_forward_in_silence(story):
    story.record_fact("meeting", "2026-10-14", **meeting(media_strategy="The press office knows, and says nothing."))
    again = minuted(*THERE, attended("neighbourhood_policing", "Nell"), next_on="2027-05-12")
    reasons = refused(story, "meeting", "2027-01-27", **again)
    assert "plan.supervision: the same words as on 2026-10-14: change them, or confirm in 'carried_forward'" in reasons
    assert "disclosure.reason: the same words as on 2026-10-14: a disclosure is considered" in reasons
    assert "media_strategy: it was in the record of 2026-10-14: write what is true now, or say in 'struck'" in reasons
    names = [line.partition(":")[0] for line in reasons.splitlines() if "'carried_forward'" in line]
    confirmed = {"confirmed_by": "Olive", "because": "I saw him on Monday, and all of it still holds."}
    again |= {
        "carried_forward": dict.fromkeys(names, confirmed),
        "struck": {"media_strategy": "Nobody has asked for a year."},
        "disclosure": {"decision": "do_not_disclose", "reason": "His new landlord lets to adults alone."},
    }
    story.record_fact("meeting", "2027-01-27", **again)


def test_minutes_are_not_approved_by_their_writer_nor_by_anybody_but_the_chair(story):
    story.record_fact("meeting", "2026-10-14", **meeting())
    assert "have no draft yet" in refused(story, "minutes", "2026-10-20", step="approve", by="Clare Example")
    story.record_fact("minutes", "2026-10-20", step="draft", by="Adam")
    reasons = refused(story, "minutes", "2026-10-21", step="approve", by="adam")
    assert "by: minutes are not approved by their writer; the Chair approves them" in reasons
    assert "that is Clare Example" in refused(story, "minutes", "2026-10-21", step="approve", by="Olive")
    assert "the Chair approves it first" in refused(story, "minutes", "2026-10-21", step="final", by="Adam")
    assert "are not final yet" in refused(story, "visor-posting", "2026-10-21", by="Adam")


def test_a_new_draft_makes_a_new_version_and_the_earlier_one_is_kept(story):
    from models.meetings import MinutesVersion

    story.record_fact("meeting", "2026-10-14", **meeting())
    for on, step, by in (("20", "draft", "Adam"), ("21", "approve", "Clare Example"), ("22", "draft", "Adam")):
        story.record_fact("minutes", f"2026-10-{on}", step=step, by=by)
    with story.record.reading() as session:
        assert [(m.version, m.state) for m in session.query(MinutesVersion)] == [(1, "approved"), (2, "draft")]
    assert "version 2 is draft" in refused(story, "minutes", "2026-10-23", step="final", by="Adam")


def test_an_incomplete_referral_is_kept_sent_back_and_meets_no_clock(story):
    lacking = form("referral", added_value="", countersigned_by="", special_issues="see above")
    lacking["agencies"][0]["contact"] = ""
    lacking["risk_of_serious_harm"]["imminence"] = ""
    told = story.record_fact("referral", "2026-09-22", **lacking)
    for wanted in ("Risk of serious harm, imminence: how soon", "Added value:", "Special issues:", "Countersigned by:",
                   "Agencies, number 1 (children's social care): contact"):  # fmt: skip
        assert wanted in told.summary
    assert story.owed("referral") == [("2026-09-12", "open", None)]
    assert story.owed("screening_decision") == []
    assert story.timescale("resubmission").state == "open"
    story.record_fact("referral", "2026-09-25", **form("referral"))
    assert story.owed("referral") == [("2026-09-12", "met", "2026-09-25")]
    assert story.timescale("resubmission").state == "met"


def test_screening_puts_legality_before_need_and_need_before_level(story):
    story.record_fact("referral", "2026-09-22", **form("referral"))
    no = {"answer": "no", "reason": "He was never convicted of a listed offence."}
    assert "legality comes before need" in refused(story, "screening", "2026-09-23", **form("screening", eligible=no))
    assert "'need' says no" in refused(story, "screening", "2026-09-23", **form("screening", need=no))
    assert "thresholds: level 2 or 3 needs" in refused(
        story, "screening", "2026-09-23", **form("screening", thresholds={})
    )
    assert "thresholds.senior_representation" in refused(
        story, "screening", "2026-09-23", **form("screening", decision="level_3")
    )
    assert "category 3, and this is none" in refused(
        story, "screening", "2026-09-23", **form("screening", decision="category_3_accepted", level=2)
    )
    assert "reason" in refused(story, "screening", "2026-09-23", **form("screening", reason=""))


def test_category_3_is_never_at_level_1(story):
    reasons = refused(story, "level", "2026-09-22", level=1, category=3, reason="The risk has come down a good deal.")
    assert "category 3 is never at level 1" in reasons


def test_an_open_action_has_to_be_told_of_at_the_next_meeting(story):
    story.record_fact("meeting", "2026-10-14", **meeting(actions=[FIND]))
    rows = [*THERE, attended("neighbourhood_policing", "Nell")]
    told = minuted(*rows, next_on="2027-05-12", salt="January.")
    reasons = refused(story, "meeting", "2027-01-27", **told)
    assert "previous_actions: action 1 is open: done with its outcome, not_done or carried, with a reason" in reasons
    done = [{"action": 1, "position": "done", "outcome": "Done.", "plan_effect": "It changes nothing."}]
    assert "says only that it was done" in refused(
        story, "meeting", "2027-01-27", **(told | {"previous_actions": done})
    )


def test_a_meeting_held_on_another_day_than_planned_is_moved_first(story):
    reasons = refused(story, "meeting", "2026-10-20", **meeting())
    assert "meeting 1 is planned for 2026-10-14, not 2026-10-20" in reasons


def test_a_meeting_is_not_planned_at_level_1_nor_into_the_past(sqlite_record, tmp_path):
    story = Story(sqlite_record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    past = form("meeting-plan", starts_at="2026-09-01T10:00")
    reasons = refused(story, "meeting-plan", "2026-09-21", **past)
    assert "level: the case has no level yet" in reasons
    assert "starts_at: 2026-09-01 lies before the day it is arranged, 2026-09-21" in reasons


def test_a_case_reference_stands_for_a_crn(story):
    recorded = story.record_fact("circumstances", "2026-09-22", crn="lon-2026-000001", tagged=True)
    assert recorded.case == "LON-2026-000001"


def test_a_disclosure_says_what_is_told_to_whom(story):
    blind = {"decision": "disclose", "reason": "The landlord has to know before he signs."}
    reasons = refused(story, "meeting", "2026-10-14", **meeting(disclosure=blind))
    assert "give to_whom, what, how, by, agency, due_on, proposed_by too" in reasons


def test_the_declaration_is_the_chairs(story):
    told = meeting(article_8={"declared": True, "by": "Olive"})
    assert "is the Chair's, and that is Clare Example" in refused(story, "meeting", "2026-10-14", **told)


def test_a_confirmation_of_a_section_that_is_not_there_is_a_slip(story):
    confirmed = {"confirmed_by": "Olive", "because": "I saw him on Monday, and all of it still holds."}
    reasons = refused(story, "meeting", "2026-10-14", **meeting(carried_forward={"plan.supervison": confirmed}))
    assert "carried_forward.plan.supervison: no section of this name is the same as last time" in reasons
    reasons = refused(story, "meeting", "2026-10-14", **meeting(struck={"plan.contingency": "Not needed any more."}))
    assert (
        "struck.plan.contingency: no section of this name was there at the last meeting and is left out now" in reasons
    )


def test_whoever_comes_besides_takes_nobodys_invitation(story):
    """The coordinator is of the Chair's agency, and a second officer is listed before the one who was invited."""
    cora = attended("mappa_unit", "Cora", email="cora@mappa.example")
    rows = [cora, attended("police", "Pat"), *THERE]
    story.record_fact("meeting", "2026-10-14", **minuted(*rows, next_on="2027-01-27"))
    with story.record.reading() as session:
        listed = {(p.agency, p.name, p.email, p.role == "chair") for p in session.query(Participant)}
    assert ("police", "Priya", PRIYA, False) in listed
    assert ("police", "Pat", None, False) in listed
    assert ("mappa_unit", "Clare Example", "clare@probation.example", True) in listed
    assert ("mappa_unit", "Cora", "cora@mappa.example", False) in listed
