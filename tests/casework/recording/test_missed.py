"""A duty that was overtaken without being done is missed on the record, with its day, and prompts nobody again.

The plan is due five working days after a meeting (joint inspection 2015, 4.19): of Thursday 21 May 2026 on Friday 29
May, as Monday 25 May is a bank holiday.
"""

from pathlib import Path

import pytest

from models.record import Record
from tests.casework.recording.test_plan import meet, write
from tests.support.custody import begun, told
from tests.support.story import CLARE, OLIVE, Story
from tests.support.told_once import told_once
from views.person_page import person_page

PROMPTED = [("due", OLIVE, "2026-05-29"), ("+5W", CLARE, "2026-06-05")]


@pytest.fixture
@told_once
def overtaken(record: Record, tmp_path: Path) -> Story:
    """No plan was written after the meeting of 21 May, and the next met on 8 July."""
    story = begun(record, tmp_path, "community")
    meet(story, "2026-05-21", "2026-07-08")
    story.every_day("2026-05-21", "2026-06-08")
    meet(story, "2026-07-08", "2026-09-02")
    return story


def stands(story: Story, day: str) -> tuple[str, str | None, str | None]:
    """Return the state, the day it was missed and the reason of the duty due on a day."""
    [one] = [one for one in story.timescales("plan_update") if str(one.due_on) == day]
    return one.state, one.missed_on and one.missed_on.isoformat(), one.reason


def test_what_the_next_meeting_overtook_is_missed_on_its_day(overtaken: Story) -> None:
    assert stands(overtaken, "2026-05-29") == ("missed", "2026-07-08", "the next meeting was held")
    with overtaken.record.reading() as session:
        page = person_page(session, "X320741").case
        assert page is not None
        plans = [one.how_it_stands for one in page.timescales if one.kind == "plan_update"]
    assert plans == ["missed on 2026-07-08: the next meeting was held", "open"]


def test_what_is_missed_prompts_nobody_again(overtaken: Story) -> None:
    overtaken.every_day("2026-07-08", "2026-07-14")
    assert told(overtaken, "plan_update") == PROMPTED


def test_what_was_done_in_time_and_recorded_late_is_met_after_all(overtaken: Story) -> None:
    """A plan tells its own day: that of 7 July, recorded on the 9th, was written before the meeting of the 8th."""
    write(overtaken, "2026-07-07")
    assert overtaken.owed("plan_update") == [("2026-05-29", "met", "2026-07-07"), ("2026-07-15", "open", None)]
    assert stands(overtaken, "2026-05-29") == ("met", None, None)


def test_what_closing_overtook_before_it_was_due_ended_then(record: Record, tmp_path: Path) -> None:
    """Level 2 is reviewed 16 weeks after 21 May: by 10 September; the person died on 28 August."""
    story = begun(record, tmp_path, "community")
    meet(story, "2026-05-21", "2026-09-09")
    story.record_fact(
        "closure", "2026-08-28", why="died", reason="Notice of the coroner.", victims_told="By letter.", by="Cora"
    )
    [review] = story.timescales("level_2_review")
    assert (review.state, str(review.due_on), str(review.missed_on)) == ("missed", "2026-09-10", "2026-08-28")
    with story.record.reading() as session:
        page = person_page(session, "X320741").case
        assert page is not None
        [words] = [one.how_it_stands for one in page.timescales if one.kind == "level_2_review"]
    assert words == "ended before it was due, on 2026-08-28: the case was closed"
    checks = {state for _, state, _ in story.owed("end_of_sentence_check")}
    assert checks == {"met"}, "whoever closes the case decides what becomes of it"
