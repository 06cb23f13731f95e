"""Invitations when processes die or meet: who is required is listed once, invited once, and hears a change once."""

import signal
from collections import Counter

import pytest
from sqlalchemy import select

from models.audit_seals import verify
from models.checkpoints import MEETING_POINTS
from models.meetings import Participant
from models.obligations import Prompt
from models.record import Record
from tests.support.killed import work
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, at, form
from tests.support.told_once import told_once
from tests.tasks.test_several_processes import together

CASES = 9
PLANNED, MOVED = "2026-09-21", "2026-10-01"


@pytest.fixture
@told_once
def story(record: Record, tmp_path) -> Story:
    """Nine cases at level 2, each with a meeting planned and nobody invited yet."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", *({**DARREN, "crn": f"X3207{n:02d}", "forenames": f"Darren {n}"} for n in range(CASES)))
    story.tick("2026-06-01")
    for n in range(CASES):
        crn = f"X3207{n:02d}"
        story.record_fact("level", "2026-09-18", crn=crn, level=2, reason="High risk; agencies must work together.")
        story.record_fact("meeting-plan", PLANNED, crn=crn, **form("meeting-plan"))
    record.close()
    return story


def assert_each_once(story: Story, rung: str) -> None:
    with story.record.reading() as session:
        listed = Counter(session.execute(select(Participant.meeting_id, Participant.agency)).all())
        assert set(listed.values()) == {1}
        # Probation, police, prison and the Chair of each meeting.
        assert len(listed) == 4 * CASES
        told = Counter(
            tuple(row)
            for row in session.execute(
                select(Prompt.timescale_id, Prompt.revision, Prompt.recipient).where(Prompt.rung == rung)
            )
        )
        assert set(told.values()) == {1}
        assert len(told) == 4 * CASES
        assert list(verify(session)) == []


@pytest.mark.parametrize("occurrence", [1, 2])
@pytest.mark.parametrize("point", MEETING_POINTS)
def test_killed_anywhere_everybody_is_invited_once(story, point, occurrence):
    url = story.record.url
    assert work(url, "meetings", at(PLANNED), point, occurrence, chunk=4) == -signal.SIGKILL
    assert work(url, "meetings", at(PLANNED)) == 0
    assert_each_once(story, "invitation 0")


@pytest.mark.parametrize("point", MEETING_POINTS)
def test_killed_at_a_change_everybody_hears_of_it_once(story, point):
    url = story.record.url
    assert work(url, "meetings", at(PLANNED)) == 0
    for n in range(CASES):
        story.record_fact("meeting-move", MOVED, crn=f"X3207{n:02d}", **form("meeting-move"))
    story.record.close()
    assert work(url, "meetings", at(MOVED), point, chunk=4) == -signal.SIGKILL
    assert work(url, "meetings", at(MOVED)) == 0
    assert_each_once(story, "invitation 1")


def test_several_processes_invite_everybody_once(story):
    together(story.record.url, "meetings", PLANNED)
    assert_each_once(story, "invitation 0")
