"""A meeting that moves or is cancelled: one event for those invited, reminders that follow, the step still owed."""

import pytest

from models.meetings import Meeting
from models.record import Record
from tests.support.story import DARREN, MEETING_DIRECTORY, OLIVE, OPAL, PRIYA, Story, form
from tests.support.told_once import told_once

SLOT = {"minutes_long": 60, "place": "Civic Centre, room 3"}


@pytest.fixture
@told_once
def story(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN | {"police_offender_manager": "Priya", "police_offender_manager_email": PRIYA})
    story.tick("2026-06-01")
    story.record_fact("level", "2026-09-18", level=2, reason="High risk; agencies must work together.")
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-21")
    return story


def told(story: Story, kind: str = "meeting") -> list[tuple[str, int, str, str]]:
    return [(rung, revision, to, on) for rung, revision, to, on in story.prompts(kind) if to == OLIVE]


def test_everybody_with_an_address_is_invited_once(story):
    story.tick("2026-09-21", hour=9)
    invited = [m.recipient for m in story.messages() if m.kind == "invitation"]
    assert sorted(invited) == sorted([OLIVE, PRIYA, OPAL, "clare@probation.example"])


def test_the_reminders_follow_a_meeting_that_moves(story):
    story.record_fact("meeting-move", "2026-10-01", **form("meeting-move", starts_at="2026-10-21T14:00"))
    story.every_day("2026-10-01", "2026-10-20")
    assert told(story) == [
        ("invitation 0", 1, OLIVE, "2026-09-21"),
        ("invitation 1", 2, OLIVE, "2026-10-01"),
        ("-5W", 2, OLIVE, "2026-10-14"),
        ("-1W", 2, OLIVE, "2026-10-20"),
    ]


def test_a_move_within_the_day_is_told_too(story):
    story.record_fact("meeting-move", "2026-10-01", **form("meeting-move", starts_at="2026-10-14T14:00"))
    story.tick("2026-10-01")
    assert told(story) == [("invitation 0", 1, OLIVE, "2026-09-21"), ("invitation 1", 1, OLIVE, "2026-10-01")]


def test_an_invitation_that_had_not_left_is_overtaken_by_the_next(story):
    story.record_fact("meeting-move", "2026-10-01", **form("meeting-move", starts_at="2026-10-21T14:00"))
    story.tick("2026-10-01")
    from sqlalchemy import select

    from models.obligations import Prompt

    with story.record.reading() as session:
        withdrawn = dict(
            session.execute(
                select(Prompt.rung, Prompt.withdrawn).where(Prompt.recipient == OLIVE, Prompt.rung.like("invitation%"))
            ).all()
        )
    assert withdrawn == {"invitation 0": "a later change of the meeting takes its place", "invitation 1": None}


def test_only_those_whom_an_invitation_may_have_reached_hear_of_the_cancellation(story):
    from models.obligations import Message

    with story.record.writing() as session:
        session.query(Message).filter(Message.recipient == OLIVE, Message.kind == "invitation").update(
            {"state": "sent"}
        )
    story.record_fact("meeting-cancel", "2026-10-02", **form("meeting-cancel"))
    story.tick("2026-10-02")
    assert [m.recipient for m in story.messages() if m.kind == "cancellation"] == [OLIVE]


def test_a_cancelled_meeting_leaves_the_first_meeting_owed(story):
    story.record_fact("meeting-cancel", "2026-10-02", **form("meeting-cancel"))
    assert story.owed("first_meeting") == [("2026-10-16", "open", None)]
    assert story.timescale("meeting").state == "cancelled"


def test_a_meeting_that_nobody_records_is_asked_for(story):
    story.every_day("2026-10-15", "2026-10-20")
    asked = [(rung, to, on) for rung, _, to, on in story.prompts("meeting") if rung in ("+1W", "+3W")]
    assert asked == [
        ("+1W", "adam@mappa.example", "2026-10-15"),
        ("+3W", "clare@probation.example", "2026-10-19"),
        ("+3W", "cora@mappa.example", "2026-10-19"),
    ]


def test_the_event_keeps_its_number_and_counts_its_changes(story):
    story.record_fact("meeting-move", "2026-10-01", **form("meeting-move"))
    story.record_fact("meeting-cancel", "2026-10-02", **form("meeting-cancel"))
    with story.record.reading() as session:
        [meeting] = session.query(Meeting)
        assert (meeting.number, meeting.sequence, meeting.state) == (1, 2, "cancelled")


def test_an_agency_without_anybody_is_put_to_a_person(record, tmp_path):
    story = Story(record, tmp_path, [row for row in MEETING_DIRECTORY if row["role"] not in
                                     ("coordinator", "coordinator_manager", "smb_chair", "senior_manager")
                                     and row["agency"] != "prison"])  # fmt: skip
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.record_fact("level", "2026-09-18", level=2, reason="High risk; agencies must work together.")
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.tick("2026-09-21")
    assert story.problems() == ["meeting 1: nobody is known to invite for prison"]
