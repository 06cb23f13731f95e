"""A recall begins the way to release again; who is on leave is expected back (our defaults)."""

from pathlib import Path

import pytest

from casework.errors import RefusedError
from models.record import Record
from tests.support.custody import LOOKED_AT, begun, events, happened, happens, revisions, told
from tests.support.story import (
    CHRIS,
    CLARE,
    CORA,
    LIONEL,
    OLIVE,
    OPAL,
    PRIYA,
    Story,
    form,
)
from tests.support.told_once import told_once

# Recall


@pytest.fixture
@told_once
def recalled(record: Record, tmp_path: Path) -> Story:
    """Released on 12 March 2027, the prison having told of it in July 2026, and recalled on Friday 30 April."""
    story = begun(record, tmp_path)
    story.record_fact("prison-notice", "2026-07-09", release_date="2027-03-12")
    happens(story, "release", "2027-03-12")
    story.record_fact("event-review", "2027-03-15", **form("event-review", **LOOKED_AT))
    story.tick("2027-04-29")
    happens(story, "recall", "2027-04-30", prison="HMP Example", release_date="2027-11-26")
    return story


def test_a_recall_begins_the_way_to_release_anew_and_keeps_the_level(recalled):
    case = recalled.case()
    assert (case.location, case.prison, str(case.release_date), case.level) == (
        "custody",
        "HMP Example",
        "2027-11-26",
        2,
    )
    event = events(recalled)[-1]
    assert (event.level, event.category) == (2, 2)
    # Eight months before 26 November lie before the recall: owed on its day. At level 2 already, the case owes a
    # meeting four weeks before the release, Fri 29 October, and no referral; the level is set anew by Wed 26 May.
    assert sorted(revisions(recalled, "prison_notice")) == [("2026-07-12", "met", 1), ("2027-04-30", "open", 1)]
    assert [(due, state) for due, state, _ in recalled.owed("release_meeting")] == [("2027-10-29", "open")]
    assert "open" not in [state for _, state, _ in recalled.owed("referral")]
    assert sorted((due, state) for due, state, _ in recalled.owed("level_setting")) == [
        ("2026-09-12", "met"), ("2027-05-26", "open")]  # fmt: skip
    for kind in ("prison_notice", "level_setting"):
        [running] = [one for one in recalled.timescales(kind) if one.state == "open"]
        assert all(step["on"] >= "2027-04-30" for step in running.ladder)


def test_after_a_recall_prison_line_manager_and_chair_are_chased_in_turn(recalled):
    recalled.every_day("2027-05-03", "2027-05-18")
    assert told(recalled, "prison_notice", "2027-04-30") == [
        ("-1 month", OPAL, "2027-04-30"), ("due", OPAL, "2027-04-30"), ("+5W", CORA, "2027-05-10"),
        ("+10W", CORA, "2027-05-17")]  # fmt: skip
    assert told(recalled, "event_review", "2027-05-01") == [
        ("due", OLIVE, "2027-05-10"), ("+1W", LIONEL, "2027-05-11"), ("+1W", CORA, "2027-05-11"),
        ("+5W", CLARE, "2027-05-17")]  # fmt: skip
    assert told(recalled, "visor_partner", "2027-04-30") == [
        ("due", PRIYA, "2027-05-10"), ("+1W", CORA, "2027-05-11")]  # fmt: skip
    recalled.record_fact("prison-notice", "2027-05-19", release_date="2027-11-26")
    assert sorted(revisions(recalled, "prison_notice"))[-1] == ("2027-04-30", "met", 1)


def test_a_recall_without_a_date_asks_for_one(record, tmp_path):
    story = begun(record, tmp_path, "community")
    assert happens(story, "recall", "2027-04-30", prison="HMP Example").endswith("no release date is known")
    assert any(problem.startswith("in custody, and no release date") for problem in story.problems())


@pytest.mark.parametrize("event", ["recall", "further_charge"])
def test_an_event_told_late_stands_with_the_level_of_its_day(record, tmp_path, event):
    """Annual reports: returns carry the level at the moment of return. The step down to level 1 came after it."""
    story = begun(record, tmp_path, "community")
    story.record_fact("level", "2026-10-12", level=1, reason="The lead agency holds the whole plan by itself now.")
    data = {"recall": {"prison": "HMP Example"}, "further_charge": {"offence": "Wounding", "serious": True}}[event]
    story.record_fact("custody-event", "2026-10-14", date="2026-10-05", event=event, what="Told a week late.",
                      by="Olive", **data)  # fmt: skip
    assert events(story)[0].level == 2


# Leave


def test_who_is_not_back_from_leave_is_asked_after_up_to_the_chair(record, tmp_path):
    story = happened(record, tmp_path, "temporary_release")
    story.every_day("2026-12-25", "2027-01-04")
    # Back by Monday 28 December, a bank holiday: the last working day before it is the 24th, the next is the 29th.
    assert story.owed("return_due") == [("2026-12-28", "open", None)]
    assert told(story, "return_due") == [
        ("due", OLIVE, "2026-12-24"),
        ("+1W", OLIVE, "2026-12-29"), ("+1W", PRIYA, "2026-12-29"), ("+1W", CORA, "2026-12-29"),
        ("+3W", CLARE, "2026-12-31")]  # fmt: skip
    assert happens(story, "returned", "2027-01-05").endswith("event 1")
    assert story.owed("return_due") == [("2026-12-28", "met", "2027-01-05")]
    assert len(story.owed("event_review")) == 1, "that somebody is back is no event to be looked at"


def test_who_is_back_in_time_is_asked_after_no_more(record, tmp_path):
    story = happened(record, tmp_path, "temporary_release")
    happens(story, "returned", "2026-12-27")
    story.every_day("2026-12-28", "2027-01-06")
    assert told(story, "return_due") == [("due", OLIVE, "2026-12-24")]


def test_who_absconds_from_leave_and_comes_back_is_back_from_both(record, tmp_path):
    story = happened(record, tmp_path, "temporary_release")
    happens(story, "absconded", "2026-12-29")
    story.every_day("2026-12-30", "2027-01-06")
    second = story.timescales("event_review")[0]
    # At large: the next working day, the Chair a day later, the SMB Chair three working days after it was due.
    assert str(second.due_on) == "2026-12-30"
    assert [(step["rung"], step["on"], step["to"]) for step in second.ladder[:4]][1:] == [
        ("due", "2026-12-30", ["offender_manager", "coordinator"]),
        ("+1W", "2026-12-31", ["chair", "coordinator"]),
        ("+3W", "2027-01-05", ["smb_chair"])]  # fmt: skip
    assert ("+3W", CHRIS, "2027-01-05") in told(story, "event_review")
    assert happens(story, "returned", "2027-01-06").endswith("event 1, 2")
    assert story.owed("return_due") == [("2026-12-28", "met", "2027-01-06")]
    assert [state for _, state, _ in story.owed("event_review")] == ["open", "open"]


def test_who_is_back_from_one_leave_is_still_expected_back_from_the_next(record, tmp_path):
    """Two leaves are on record: one from 22 to 25 May, and one from 22 June that nobody has begun."""
    story = happened(record, tmp_path, "hospital_leave")
    happens(story, "hospital_leave", "2026-05-21", starts_on="2026-06-22", until="2026-06-25",
            coordinator_told_on="2026-05-21")  # fmt: skip
    happens(story, "returned", "2026-05-25")
    assert story.owed("return_due") == [("2026-05-25", "met", "2026-05-25"), ("2026-06-25", "open", None)]


def test_who_is_released_is_no_longer_expected_back(record, tmp_path):
    story = happened(record, tmp_path, "temporary_release")
    happens(story, "release", "2026-12-28")
    story.tick("2027-01-05")
    assert story.owed("return_due")[0][1] != "open"
    assert [rung for rung, *_ in told(story, "return_due")] == ["due"]


def test_hospital_leave_is_told_to_the_coordinator_before_it_begins(record, tmp_path):
    story = begun(record, tmp_path, "hospital")
    leave = {"event": "hospital_leave", "what": "An escorted day at home.", "by": "Max", "until": "2026-05-25"}
    for day in ("2026-05-22", "2026-05-23"):
        with pytest.raises(RefusedError, match="is not before the leave of 2026-05-22: the coordinator is told first"):
            story.record_fact("custody-event", "2026-05-26", starts_on="2026-05-22", coordinator_told_on=day, **leave)
    happens(story, "hospital_leave", "2026-05-20", starts_on="2026-05-22", until="2026-05-25",
            coordinator_told_on="2026-05-20")  # fmt: skip
    story.every_day("2026-05-21", "2026-05-29")
    # Monday 25 May is a bank holiday: asked on Friday 22 May, then one and three working days after.
    assert told(story, "return_due") == [
        ("due", OLIVE, "2026-05-22"),
        ("+1W", OLIVE, "2026-05-26"), ("+1W", PRIYA, "2026-05-26"), ("+1W", CORA, "2026-05-26"),
        ("+3W", CLARE, "2026-05-28")]  # fmt: skip
