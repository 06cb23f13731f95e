"""Deriving duties anew: an old record gets what it lacks, quietly, and once; a dry run leaves nothing."""

from pathlib import Path

import pytest
from sqlalchemy import text

from casework.recompute import recompute
from models.record import Record
from policy.book import compile_book
from tests.support.story import DARREN, Story, at

ASKED_SINCE = ("release", "dates_check", "level_setting")


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    """Darren, as a record has him that was kept before anybody was asked for these: in June 2026."""
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    with record.engine.begin() as connection:
        connection.execute(text("DELETE FROM timescale WHERE kind IN ('release', 'dates_check', 'level_setting')"))
    return story


def derive(story: Story, day: str, *, dry_run: bool = False) -> dict[str, list[str]]:
    found = recompute(story.record, at(day), "operator", dry_run=dry_run)
    return {one.case: one.changes for one in found}


def test_a_dry_run_tells_what_would_change_and_changes_nothing(story: Story) -> None:
    told = derive(story, "2026-06-15", dry_run=True)
    assert set(told) == {"LON-2026-000001"}
    assert sorted(change.split()[0] for change in told["LON-2026-000001"]) == sorted(ASKED_SINCE)
    assert [story.timescales(kind) for kind in ASKED_SINCE] == [[], [], []]


def test_what_is_lacking_is_owed_from_then_on_and_a_second_time_changes_nothing(story: Story) -> None:
    derive(story, "2026-06-15")
    assert [state for kind in ASKED_SINCE for _, state, _ in story.owed(kind)] == ["open"] * 3
    assert derive(story, "2026-06-16") == {}


def test_no_ladder_is_climbed_for_the_past(story: Story) -> None:
    """On 21 September 2026 two of the level's rungs have gone by, 11 and 18 September; 25 September is to come."""
    story.every_day("2026-06-02", "2026-06-03")
    derive(story, "2026-09-21")
    story.tick("2026-09-21", 10)
    assert story.prompts("level_setting") == []
    story.every_day("2026-09-22", "2026-09-25")
    assert [(rung, day) for rung, _, _, day in story.prompts("level_setting")] == [("+10W", "2026-09-25")]


def test_a_running_ladder_follows_the_policy_in_force(story: Story) -> None:
    earlier = 'version = "L"\nin_force_from = 2026-06-10\nbase = "P2012"\narea = "London"\n'
    earlier += '[timescales.referral]\noffset = "-7 months"\nsource = "London SMB, June 2026"\nstatus = "confirmed"\n'
    story.record.policies = compile_book([("london.toml", earlier)])
    story.tick("2026-06-12")
    assert story.owed("referral") == [("2026-09-12", "open", None)]
    told = derive(story, "2026-06-15")
    assert "referral moved from 2026-09-12 to 2026-08-12, revision 2" in told["LON-2026-000001"]
    assert story.owed("referral") == [("2026-08-12", "open", None)]
