"""A disclosure carried on at a meeting: it keeps its clock and its prompts, or takes the date the meeting gave it.

Decided on Thursday 7 May 2026, to be made by Tuesday 26 May; the meeting of Wednesday 27 May carries it on. Who makes
a disclosure is asked a working day before and on the day, the Chair a working day after (our defaults, for the date of
joint inspection 2015, 5.23). Monday 25 May 2026 is a bank holiday; none lies between then and the end of July.
"""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.documents.minutes import write_minutes
from casework.errors import RefusedError
from models.audit import AuditEntry
from models.disclosures import Disclosure
from models.meetings import Meeting
from models.record import Record
from tests.support.custody import THERE, begun
from tests.support.story import CLARE, PRIYA, Story, form, minuted
from tests.support.told_once import told_once

CARRIED = {"disclosure": 1, "position": "carried", "reason": "The landlord is abroad until the end of June."}
DECIDED = form("disclosure", due_on="2026-05-26")


def meets(story: Story, on: str, next_on: str, **changes: Any) -> None:
    story.record_fact("meeting", on, **minuted(*THERE, next_on=next_on, salt=on, **changes))


@pytest.fixture
@told_once
def approved(record: Record, tmp_path: Path) -> Story:
    """Decided and approved at the meeting of 7 May, and not made by its date."""
    story = begun(record, tmp_path, "community", licence_expiry_date="2026-08-03")
    meets(story, "2026-05-07", "2026-05-27", disclosure=DECIDED | {"approved_by": "Clare Example"})
    story.every_day("2026-05-07", "2026-05-26")
    return story


def carry(story: Story, **told: Any) -> None:
    meets(story, "2026-05-27", "2026-07-08", previous_disclosures=[CARRIED | told])


def asked(story: Story, revision: int) -> list[tuple[str, str, str]]:
    found = [row for row in story.prompts("disclosure") if row[3] > "2026-05-26"]
    return [(rung, to, on) for rung, its_revision, to, on in found if its_revision == revision]


def test_without_a_new_date_it_is_asked_for_as_before(approved: Story) -> None:
    """Due on the 26th: the Chair is told on the 27th, as if there had been no meeting."""
    carry(approved)
    approved.every_day("2026-05-27", "2026-06-05")
    assert approved.owed("disclosure") == [("2026-05-26", "open", None)]
    assert asked(approved, 1) == [("+1W", CLARE, "2026-05-27")]


def test_with_a_new_date_its_prompts_count_from_there(approved: Story) -> None:
    """Due Monday 29 June: told at once, asked again on Friday 26 and Monday 29; the Chair hears on Tuesday 30 June."""
    carry(approved, due_on="2026-06-29")
    approved.every_day("2026-05-27", "2026-07-03")
    assert approved.owed("disclosure") == [("2026-06-29", "open", None)]
    assert asked(approved, 2) == [
        ("at once", PRIYA, "2026-05-27"),
        ("-1W", PRIYA, "2026-06-26"),
        ("due", PRIYA, "2026-06-29"),
        ("+1W", CLARE, "2026-06-30"),
    ]
    assert asked(approved, 1) == [], "nothing is asked by the old date any more"


def test_a_date_soon_after_the_meeting_is_told_with_no_word_of_being_late(approved: Story) -> None:
    """Due on the day of the meeting itself: the working day before has gone by, so all is asked on Wednesday 27."""
    carry(approved, due_on="2026-05-27")
    approved.every_day("2026-05-27", "2026-05-28")
    assert {row[2] for row in asked(approved, 2) if row[1] == PRIYA} == {"2026-05-27"}
    assert approved.timescale("disclosure").ladder[0]["on"] == "2026-05-27"


def test_one_that_waits_for_its_approval_is_told_by_the_letter_alone(record: Record, tmp_path: Path) -> None:
    """Approved on Friday 29 May, after the meeting of the 27th gave it the date: the letter tells it, once."""
    story = begun(record, tmp_path, "community", licence_expiry_date="2026-08-03")
    meets(story, "2026-05-07", "2026-05-27", disclosure=DECIDED)
    story.tick("2026-05-07", 10)
    carry(story, due_on="2026-06-29")
    story.record_fact("disclosure-approval", "2026-05-29", **form("disclosure-approval"))
    story.every_day("2026-05-29", "2026-06-29")
    assert story.owed("disclosure") == [("2026-06-29", "open", None)]
    assert asked(story, 1) == [
        ("approved", PRIYA, "2026-05-29"),
        ("-1W", PRIYA, "2026-06-26"),
        ("due", PRIYA, "2026-06-29"),
    ]


def test_the_new_date_stands_in_the_trail_and_in_the_minutes(approved: Story) -> None:
    carry(approved, due_on="2026-06-29")
    with approved.record.reading() as session:
        one = session.scalars(select(Disclosure)).one()
        assert (str(one.proposed_on), str(one.due_on), str(one.dated_on)) == ("2026-05-07", "2026-06-29", "2026-05-27")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "disclosure-carried")).one()
        assert (entry.before, entry.after) == (
            {"due_on": "2026-05-26"},
            {"due_on": "2026-06-29", "reason": CARRIED["reason"]},
        )
        held = session.scalars(select(Meeting).where(Meeting.state == "held").order_by(Meeting.id.desc())).first()
        assert held is not None
        text = " ".join(write_minutes(session, held, 1)[0].split())
    assert f"Carried on to 29 June 2026: {CARRIED['reason']}" in text


def test_made_by_its_new_date_it_is_met(approved: Story) -> None:
    carry(approved, due_on="2026-06-29")
    approved.record_fact("disclosure-outcome", "2026-06-26", **form("disclosure-outcome"))
    assert approved.owed("disclosure") == [("2026-06-29", "met", "2026-06-26")]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"due_on": "2026-05-26"}, "disclosure 1: its new date 2026-05-26 lies before the meeting of 2026-05-27"),
        ({"reason": "as before"}, "disclosure 1 is carried on: say why it is not made yet"),
        (
            {"position": "not_made", "due_on": "2026-06-29"},
            "disclosure 1 is not_made: only one carried on has a new date",
        ),
    ],
)
def test_what_carries_nothing_is_refused(approved: Story, told: dict[str, str], said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        carry(approved, **told)
