"""What tests of documents start from: a case that was referred, and the same after its first meeting."""

import pytest

from models.record import Record
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, form
from tests.support.told_once import told_once

PRIYA_NAMED = {"police_offender_manager": {"name": "Priya Example", "email": "priya@police.example"}}


@pytest.fixture
@told_once
def story(sqlite_record: Record, tmp_path) -> Story:
    """Darren, referred, accepted at level 2, with a named police offender manager."""
    story = Story(sqlite_record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN | {"offence_description": "Manslaughter", "rosh_level": "high"})
    story.tick("2026-06-01")
    story.record_fact("referral", "2026-09-09", **form("referral"))
    story.record_fact("screening", "2026-09-18", **form("screening"))
    story.record_fact("circumstances", "2026-09-20", **PRIYA_NAMED)
    return story


@pytest.fixture
@told_once
def met(story: Story) -> Story:
    """The same after the first meeting, which set one action and missed the prison."""
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-22")
    told = form("meeting")
    told["information"].append({"agency": "police", "text": "A neighbour has complained of him twice."})
    story.record_fact("meeting", "2026-10-14", **told)
    return story
