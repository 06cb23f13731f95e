"""An open question about a case, an undecided incident and a problem with its data have an owner, a clock and a ladder.

Our defaults: a question in five working days, one about an incident in two, both asked of the coordinator; a problem
with the data, once it has lasted a day, in five working days of the administrator. Asked on Wednesday 10 June 2026:
five working days are Wednesday 17, two Friday 12.
"""

from pathlib import Path

import pytest

from casework import problems
from models.record import Record
from tests.casework.recording.test_release_dates import by_form
from tests.support.custody import begun, told
from tests.support.story import ADAM, CHRIS, CORA, MONA, Story, at, form
from tests.support.told_once import told_once

ON = "2026-06-10"
WHAT = "A neighbour heard him shout at a woman at the door."
DECIDED = {name: form("incident")[name] for name in
           ("enforcement", "urgent_meeting", "disclosure", "serious_further_offence")}  # fmt: skip


@pytest.fixture
@told_once
def outside(record: Record, tmp_path: Path) -> Story:
    return begun(record, tmp_path, "community")


@pytest.fixture
@told_once
def inside(record: Record, tmp_path: Path) -> Story:
    return begun(record, tmp_path, level=None)


def incident(story: Story, on: str, **decisions: object) -> None:
    story.record_fact("incident", on, **({"date": ON, "kind": "breach", "what": WHAT} | decisions))


def test_an_undecided_incident_is_asked_about_until_it_is_decided(outside: Story) -> None:
    incident(outside, ON)
    assert outside.owed("question") == [("2026-06-12", "open", None)]
    assert outside.timescale("question").label == "incident, asked on 10 June 2026"
    outside.every_day("2026-06-11", "2026-06-22")
    # A working day after Friday 12 is Monday 15; five are Friday 19. Nothing was decided: the next list is of the 22nd.
    assert told(outside, "question") == [("at once", CORA, "2026-06-11"), ("due", CORA, "2026-06-12"),
                                         ("+1W", MONA, "2026-06-15"), ("+5W", CHRIS, "2026-06-19")]  # fmt: skip
    assert str(outside.timescale("question").stuck_since) == "2026-06-19"
    incident(outside, "2026-06-23", **DECIDED)
    assert outside.owed("question") == [("2026-06-12", "met", "2026-06-23")]


def test_a_case_in_custody_without_a_release_date_is_asked_about(inside: Story) -> None:
    by_form(inside, ON, None)
    assert inside.owed("question") == [("2026-06-17", "open", None)]
    by_form(inside, "2026-06-15", "2027-05-31")
    assert inside.owed("question") == [("2026-06-17", "met", "2026-06-15")]


def test_what_fails_for_more_than_a_day_is_somebodys_and_what_works_again_is_not(outside: Story) -> None:
    number = str(outside.case().id)
    for day, hour in (("2026-06-09", 8), ("2026-06-09", 20), ("2026-06-10", 9)):
        with outside.record.writing() as session:
            problems.note_failure(session, "exit_planning", number, ValueError("no such end"), at(day, hour))
        outside.tick(day, 21 if hour == 20 else hour)
        assert outside.owed("data_problem") == ([("2026-06-16", "open", None)] if day == ON else [])
    assert told(outside, "data_problem")[0][:2] == ("at once", ADAM)
    with outside.record.writing() as session:
        problems.settle(session, "exit_planning", [number], at("2026-06-11", 9))
    outside.tick("2026-06-11", 10)
    assert outside.owed("data_problem") == [("2026-06-16", "met", "2026-06-11")]
