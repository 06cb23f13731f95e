"""What the person is told and says: recorded once, met, shown in the papers, and kept for the record of the meeting."""

from pathlib import Path

import pytest
from sqlalchemy import select

from casework.facts.person import in_their_words
from models.cases import Fact
from models.meetings import Meeting
from models.record import Record
from tests.casework.documents.reading import both, papers
from tests.casework.recording.test_refusals import refused
from tests.support.story import DARREN, MEETING_DIRECTORY, OLIVE, Story, form


def test_the_status_is_told_in_writing_or_it_is_said_why_not(story: Story) -> None:
    """Accepted on Fri 18 September 2026; twenty working days on is Fri 16 October (joint inspection 2015, 4.20)."""
    assert story.owed("status_told") == [("2026-10-16", "open", None)]
    story.record_fact("status-told", "2026-09-28", **form("status-told"))
    assert story.owed("status_told") == [("2026-10-16", "met", "2026-09-28")]
    story.record_fact("meeting-plan", "2026-09-29", **form("meeting-plan"))
    assert all("In writing, on Monday 28 September 2026" in seen for seen in both(papers(story, 1)))
    why = "The sister has asked that he does not learn of the meeting with the police."
    story.record_fact("status-told", "2026-09-30", **form("status-told", told="not_told", how=why))
    assert all(why in seen for seen in both(papers(story, 1)))


def test_nobody_is_told_of_a_status_that_is_not_decided(record: Record, tmp_path: Path) -> None:
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    assert refused(story, "status-told", "2026-06-02", **form("status-told")) == (
        "the case has no level yet: tell the person once it is set"
    )


@pytest.mark.parametrize("named", [True, False], ids=["by its number", "without it"])
def test_own_views_are_asked_for_once_and_stand_in_the_papers(story: Story, named: bool) -> None:
    """The meeting is on Wed 14 October 2026: asked for on Wed 30 September, ten working days before."""
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    assert story.owed("own_views") == [("2026-09-30", "open", None)]
    assert all("Nobody has recorded yet that the person was asked." in seen for seen in both(papers(story, 1)))
    story.tick("2026-09-30")
    assert [(rung, to) for rung, _, to, *_ in story.prompts("own_views")] == [("due", OLIVE)]
    views = form("own-views") if named else form("own-views", meeting=None)
    story.record_fact("own-views", "2026-10-05", **views)
    assert story.owed("own_views") == [("2026-09-30", "met", "2026-10-05")]
    for seen in both(papers(story, 1)):
        assert "What they wrote: 5 October 2026, asked by Olive Example" in seen
        assert views["text"] in seen
    with story.record.reading() as session:
        meeting = session.scalars(select(Meeting)).one()
        assert in_their_words(session, meeting) == views["text"], "nobody types it a second time"


def test_whoever_declines_need_not_say_why_and_others_are_quoted(story: Story) -> None:
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    assert "text: what did the person say?" in refused(
        story, "own-views", "2026-10-05", **form("own-views", answer="said", text=None)
    )
    assert "text: why could the person not be asked?" in refused(
        story, "own-views", "2026-10-05", **form("own-views", answer="not_asked", text=None)
    )
    story.record_fact("own-views", "2026-10-05", **form("own-views", answer="declined", text=None))
    assert all("They did not want to say anything" in seen for seen in both(papers(story, 1)))
    with story.record.reading() as session:
        told = in_their_words(session, session.scalars(select(Meeting)).one())
    assert told == "They were asked on Monday 5 October 2026 and did not want to say anything."


def test_a_meeting_that_was_held_answers_what_was_still_to_be_asked(met: Story) -> None:
    """Its record has what the person said; the next meeting, of Wed 27 January 2027, asks again on Wed 13."""
    told = form("meeting")["offender_views"]
    met.record_fact("meeting-plan", "2026-10-15", **form("meeting-plan", starts_at="2027-01-27T10:00"))
    assert [(due, state) for due, state, _ in met.owed("own_views")] == [
        ("2026-09-30", "met"), ("2027-01-13", "open"), ("2027-01-13", "open"),
    ]  # fmt: skip
    for seen in both(papers(met, 2)):
        assert "At the meeting of 14 October 2026" in seen
        assert told in seen


@pytest.mark.parametrize("asked", [True, False])
def test_what_they_say_again_when_asked_is_no_copy(met: Story, asked: bool) -> None:
    """Nothing is copied forward in silence (joint inspection 2015, 5.14): what the person says again was not copied."""
    said = form("meeting")["offender_views"]
    if asked:
        met.record_fact("own-views", "2027-01-11", **form("own-views", meeting=2, text=said))
    told = form("meeting", date="2027-01-27", meeting=2)
    refused_for = refused(met, "meeting", "2027-01-27", **told)
    assert ("offender_views: the same words" in refused_for) is not asked
    assert "victims: the same words" in refused_for


@pytest.mark.parametrize(
    ("success", "seen_as"),
    [
        ("A flat of his own in a year, and work.", "A flat of his own in a year, and work."),
        (None, "Nobody has said yet. Ask the offender manager."),
    ],
    ids=["said", "not said"],
)
def test_success_stands_in_the_plan_and_its_lack_is_told(met: Story, success: str | None, seen_as: str) -> None:
    """The plan asks what success will look like; the offender manager says it (joint inspection 2015, 6.14)."""
    met.record_fact("plan", "2026-10-20", **form("plan", success=success))
    assert all("What success will look like" in seen and seen_as in seen for seen in both(papers(met, 2)))


def test_nothing_of_it_is_kept_twice(story: Story) -> None:
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    for _ in range(2):
        story.record_fact("own-views", "2026-10-05", **form("own-views"))
    with story.record.reading() as session:
        assert len(session.scalars(select(Fact).where(Fact.kind == "own-views")).all()) == 1
