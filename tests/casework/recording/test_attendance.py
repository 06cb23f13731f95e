"""Agencies that stay away: the ladder of the policy up to the SMB Chair, per agency and case, to the day."""

import pytest

from casework.errors import RefusedError
from models.record import Record
from tests.support.story import (
    CHRIS,
    CLARE,
    CORA,
    DARREN,
    HANA,
    HOLLY,
    HUGO,
    MEETING_DIRECTORY,
    PRIYA,
    SAM,
    SID,
    Story,
    attended,
    form,
    minuted,
)
from tests.support.told_once import told_once

HOUSING = {
    "agency": "housing",
    "name": "Hana",
    "employer": "Camden Council",
    "role": "Housing officer",
    "contact": HANA,
    "why": "He has nowhere to live.",
}
GP = HOUSING | {"agency": "general_practice", "name": "Gita", "contact": "gita@practice.example"}
IN_THE_COMMUNITY = {"location": "community", "prison": "", "conditional_release_date": "2026-01-12",
                    "police_offender_manager": "Priya", "police_offender_manager_email": PRIYA}  # fmt: skip
CORE = [attended("probation", "Olive"), attended("police", "Priya", grade="Chief Inspector"),
        attended("neighbourhood_policing", "Nell")]  # fmt: skip


@told_once
def open_case(record: Record, folder, *wanted: dict[str, str], level: int = 2) -> Story:
    """A case in the community, accepted for multi-agency management, that asks for some agencies."""
    story = Story(record, folder, MEETING_DIRECTORY)
    story.load("2026-04-01", DARREN | IN_THE_COMMUNITY)
    story.tick("2026-04-01")
    story.record_fact("referral", "2026-04-02", **form("referral", agencies=list(wanted), circumstances={}))
    screened = {"decision": f"level_{level}", "thresholds": {"high_risk": True, "senior_representation": "A bed."}}
    story.record_fact("screening", "2026-04-08", **form("screening", **screened))
    story.tick("2026-04-08")
    return story


def meet(story: Story, on: str, next_on: str, *rows, level: int = 2, **changes) -> None:
    story.record_fact("meeting", on, **minuted(*CORE, *rows, level=level, next_on=next_on, salt=on, **changes))


def raised(story: Story) -> list[tuple[str, str, str]]:
    return [(rung, to, on) for rung, _, to, on in story.prompts("attendance")]


@pytest.fixture
def story(record: Record, tmp_path) -> Story:
    return open_case(record, tmp_path, HOUSING)


AWAY = attended("housing", "Hana", "absent")


def test_the_whole_ladder_from_the_representative_to_the_smb_chair(story):
    meet(story, "2026-05-06", "2026-08-19", AWAY)
    assert story.owed("attendance") == [("2026-05-13", "open", None)]
    story.every_day("2026-05-06", "2026-06-30")
    # Fifteen working days from Wednesday 6 May, with the bank holiday of 25 May between.
    assert raised(story) == [
        ("at once", HANA, "2026-05-06"),
        ("+5W", HUGO, "2026-05-13"),
        ("+10W", HOLLY, "2026-05-20"),
        ("+15W", CHRIS, "2026-05-28"),
    ]
    to_them = [m for m in story.messages() if m.recipient in (HANA, HUGO, HOLLY, CHRIS) and m.kind != "stuck_list"]
    kinds = {m.recipient: m.kind for m in to_them}
    assert kinds[CHRIS] == "attendance_letter"
    assert story.owed("attendance") == [("2026-05-13", "open", None)]


def test_a_late_report_stops_the_ladder(story):
    meet(story, "2026-05-06", "2026-08-19", AWAY)
    story.every_day("2026-05-06", "2026-05-14")
    story.record_fact("attendance-report", "2026-05-15", agency="housing", how="report",
                      text="A tenancy is offered from July; the officer comes to the next meeting.")  # fmt: skip
    story.every_day("2026-05-15", "2026-06-30")
    assert [to for _, to, _ in raised(story)] == [HANA, HUGO]
    assert story.owed("attendance") == [("2026-05-13", "met", "2026-05-15")]


def test_a_reason_stops_it_once_the_chair_accepts_it(story):
    meet(story, "2026-05-06", "2026-08-19", AWAY)
    reason = {"agency": "housing", "how": "reason_accepted", "text": "The only officer was in hospital that week."}
    with pytest.raises(RefusedError, match="accepted_by"):
        story.record_fact("attendance-report", "2026-05-07", **reason)
    with pytest.raises(RefusedError, match="that is Clare Example"):
        story.record_fact("attendance-report", "2026-05-07", **reason, accepted_by="Hana")
    story.record_fact("attendance-report", "2026-05-07", **reason, accepted_by="Clare Example")
    assert story.owed("attendance")[0][1] == "met"


def test_the_second_absence_starts_at_the_second_rung_the_third_at_the_third(story):
    for on, next_on in (("2026-05-06", "2026-08-19"), ("2026-08-19", "2026-12-02"), ("2026-12-02", "2027-03-17")):
        meet(story, on, next_on, AWAY)
        story.tick(on)
    at_once = {on: [(rung, to) for rung, to, day in raised(story) if day == on] for on in ("2026-08-19", "2026-12-02")}
    earlier = {("+5W", HUGO), ("+10W", HOLLY), ("+15W", CHRIS)}
    assert set(at_once["2026-08-19"]) - earlier == {("at once", HANA)}
    second, third = story.timescales("attendance")[1:]
    assert [(step["rung"], step["on"], step["to"]) for step in second.ladder[:4]] == [
        ("at once", "2026-08-19", ["representative"]),
        ("+5W", "2026-08-19", ["senior_manager"]),
        ("+10W", "2026-08-26", ["smb_member"]),
        # The bank holiday of 31 August lies between.
        ("+15W", "2026-09-03", ["smb_chair"]),
    ]
    assert [(step["rung"], step["on"], step["to"]) for step in third.ladder[:3]] == [
        ("at once", "2026-12-02", ["representative"]),
        ("+10W", "2026-12-02", ["smb_member"]),
        ("+15W", "2026-12-09", ["smb_chair"]),
    ]


def test_an_absence_whose_reason_was_accepted_does_not_count(story):
    meet(story, "2026-05-06", "2026-08-19", AWAY)
    story.record_fact("attendance-report", "2026-05-07", agency="housing", how="reason_accepted",
                      text="The only officer was in hospital that week.", accepted_by="Clare Example")  # fmt: skip
    meet(story, "2026-08-19", "2026-12-02", AWAY)
    assert [step["rung"] for step in story.timescales("attendance")[1].ladder] == ["at once", "+5W", "+10W", "+15W"]


def test_at_level_3_the_smb_chair_comes_after_five_working_days(record, tmp_path):
    story = open_case(record, tmp_path, HOUSING, level=3)
    cppc = {"decision": "no", "reason": "No central funding or guidance is needed."}
    meet(story, "2026-05-06", "2026-06-24", AWAY, level=3, critical_public_protection_case=cppc)
    story.every_day("2026-05-06", "2026-06-10")
    assert raised(story) == [
        ("at once", HANA, "2026-05-06"),
        ("+5W", HUGO, "2026-05-13"),
        ("+5W", HOLLY, "2026-05-13"),
        ("+5W", CHRIS, "2026-05-13"),
    ]
    assert story.owed("minutes") == [("2026-05-13", "open", None)]


def test_an_absent_responsible_authority_goes_to_chair_and_smb_chair_at_once(story):
    rows = [attended("probation", "Olive"), attended("police", "Priya", "absent"),
            attended("neighbourhood_policing", "Nell"), attended("housing", "Hana")]  # fmt: skip
    story.record_fact("meeting", "2026-05-06", **minuted(*rows, next_on="2026-08-19"))
    story.every_day("2026-05-06", "2026-06-10")
    assert raised(story) == [
        ("at once", PRIYA, "2026-05-06"),
        ("at once, to chairs", CLARE, "2026-05-06"),
        ("at once, to chairs", CHRIS, "2026-05-06"),
        ("+5W", SID, "2026-05-13"),
        ("+10W", SAM, "2026-05-20"),
    ]


def test_a_general_practice_gets_its_own_letter_and_then_another_way_is_sought(record, tmp_path):
    story = open_case(record, tmp_path, GP)
    meet(story, "2026-05-06", "2026-08-19", attended("general_practice", "Gita", "absent"))
    story.every_day("2026-05-06", "2026-06-10")
    assert raised(story) == [
        ("at once", "gita@practice.example", "2026-05-06"),
        ("+5W", "gita@practice.example", "2026-05-13"),
        ("+10W", CORA, "2026-05-20"),
    ]
    letters = [m.kind for m in story.messages() if m.recipient == "gita@practice.example" and m.kind != "invitation"]
    assert letters.count("gp_letter") == 2
    # Its silence is recorded, and the facts come from elsewhere (joint inspection 2015, 6.54): nobody asks any more.
    asked = {"agency": "general_practice", "by": "coordinator", "to": "representative", "answer": "no_answer"}
    told = story.record_fact("attendance-contact", "2026-06-11", **asked, note="Two letters and two calls.")
    assert "no answer" in str(told)
    route = {"agency": "general_practice", "how": "another_route"}
    text = "The mental health trust gave the facts, with his consent: no new medicine since May."
    told = story.record_fact("attendance-report", "2026-06-12", **route, text=text)
    assert "the facts came another way" in str(told)
    assert story.owed("attendance") == [("2026-05-13", "met", "2026-06-12")]
    story.every_day("2026-06-13", "2026-06-26")
    assert len(raised(story)) == 3


def test_apologies_with_a_report_are_no_absence_and_apologies_alone_are(story):
    report = attended("housing", "Hana", "apologies_with_report", report="A tenancy is offered from July.")
    meet(story, "2026-05-06", "2026-08-19", report)
    assert story.owed("attendance") == []
    meet(story, "2026-08-19", "2026-12-02", attended("housing", "Hana", "apologies"))
    assert len(story.owed("attendance")) == 1


def test_a_report_that_is_not_there_is_no_report(story):
    with pytest.raises(RefusedError, match="need the report"):
        meet(story, "2026-05-06", "2026-08-19", attended("housing", "Hana", "apologies_with_report"))


def test_an_outage_of_weeks_catches_up_and_each_rung_goes_once(story):
    meet(story, "2026-05-06", "2026-08-19", AWAY)
    story.tick("2026-05-06")
    story.tick("2026-07-01")
    story.tick("2026-07-02")
    assert [(to, on) for _, to, on in raised(story)] == [
        (HANA, "2026-05-06"),
        (HUGO, "2026-07-01"),
        (HOLLY, "2026-07-01"),
        (CHRIS, "2026-07-01"),
    ]
