"""A visit that the plan promises is due until one is recorded, with its finding; what a meeting tells counts too.

Source: Joint inspection 2015, 5.16 and 6.26 to 6.28.
"""

from pathlib import Path
from typing import Any

import pytest

from casework.errors import RefusedError
from casework.facts.plan_sections import sections
from models.record import Record
from tests.casework.documents.reading import both, minutes
from tests.support.custody import begun
from tests.support.story import Story, attended, form, minuted
from tests.support.told_once import told_once

DUE = "visit"


@pytest.fixture
@told_once
def story(record: Record, tmp_path: Path) -> Story:
    """In the community, with a plan of Mon 4 May 2026: the police visit every two weeks, unannounced."""
    story = begun(record, tmp_path, "community")
    story.record_fact("plan", "2026-05-04", **form("plan"))
    return story


def made(story: Story, on: str, **changes: Any) -> str:
    return str(story.record_fact("visit", on, **form("visit", **changes)))


def test_each_visit_is_due_and_meets_the_one_before_it(story: Story) -> None:
    assert story.owed(DUE) == [("2026-05-18", "open", None)]
    assert "nobody was in, and the visit is still due" in made(story, "2026-05-14", seen=False)
    made(story, "2026-05-15", announced=True)
    assert story.owed(DUE) == [("2026-05-18", "open", None)]
    made(story, "2026-05-16")
    assert story.owed(DUE) == [("2026-05-18", "met", "2026-05-16"), ("2026-05-30", "open", None)]


def test_a_visit_says_what_was_found(story: Story) -> None:
    with pytest.raises(RefusedError, match="finding"):
        made(story, "2026-05-16", finding="see above")


def met(story: Story, on: str, next_on: str, salt: str) -> None:
    agencies = ("probation", "police", "neighbourhood_policing", "victim_liaison")
    there = [attended(agency, agency.capitalize()) for agency in agencies]
    story.record_fact("meeting", on, **minuted(*there, next_on=next_on, salt=salt))


def test_a_meeting_asks_where_each_visit_recorded_since_the_last_was_announced(story: Story) -> None:
    """Rob was visited three times, each time announced (3.5): told once, on the day of each visit, and not again.

    The visit of 14 May, at which nobody was in, is none; that of 3 June belongs to the next meeting.
    """
    story.record_fact("level", "2026-05-06", level=2, reason="High risk; police and probation must work together.")
    made(story, "2026-05-14", seen=False)
    for on in ("2026-05-11", "2026-05-15"):
        made(story, on, announced=True)
    met(story, "2026-05-27", "2026-07-08", "In May.")
    asked = "meeting 1: all 2 visits were announced: no unannounced visit in the plan"
    assert story.problems() == [asked]
    for seen in both(minutes(story, 1)):
        assert "0 of 2" in seen
        assert "Announced" in seen
        assert "Unannounced, nobody in" in seen
        assert form("visit")["finding"] in seen
    made(story, "2026-06-03")
    met(story, "2026-07-08", "2026-10-21", "In July.")
    assert story.problems() == []
    assert all("1 of 1" in seen for seen in both(minutes(story, 2)))


def test_words_that_do_not_say_how_often_are_named(story: Story) -> None:
    visits = form("plan")["visits"]
    told = story.record_fact(
        "plan",
        "2026-05-20",
        **form("plan", supervision="Seen every Monday from now on, at the office in Hove.")
        | {"visits": [visits[0] | {"how_often": "As agreed with the police"}],
           "carried_forward": confirmed(form("plan"))},
    )  # fmt: skip
    assert "not followed up: visits 'As agreed with the police'" in str(told)
    assert story.owed(DUE) == [("2026-05-18", "missed", None)]


def confirmed(plan: dict[str, Any]) -> dict[str, Any]:
    """Confirm each part that stands word for word."""
    parts = [name for name in sections(plan) if name != "supervision" and not name.startswith("visits")]
    return {name: {"confirmed_by": "Olive Example", "because": "I read it again, and it holds."} for name in parts}
