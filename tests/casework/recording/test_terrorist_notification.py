"""Category 4 ends with a notification period that does not run in custody (Counter-Terrorism Act 2008 s.53(7)).

Preparation of terrorist acts, at 17: ten years (s.53(1)(c)). Released on 14 November 2016: until 13 November 2026.
"""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from casework.recompute import recompute
from casework.timescales import refresh
from models.cases import Case
from models.record import Record
from tests.support.custody import happens
from tests.support.story import DARREN, MEETING_DIRECTORY, Story, at
from tests.support.told_once import told_once

TERROR = DARREN | {
    "date_of_birth": "1997-01-01",
    "offence_code": "TR06007",
    "offence_date": "2014-01-05",
    "disposal": "extended",
    "term_months": "156",
    "sentence_date": "2014-06-02",
    "approved_parole_date": "2016-11-14",
    "conditional_release_date": "2020-06-01",
    "licence_expiry_date": "2027-06-01",
    "location": "community",
    "prison": "",
}
RECALL = {"prison": "HMP Example", "release_date": "2027-06-01"}


@told_once
def known(record: Record, folder: Path, **row: str) -> Story:
    story = Story(record, folder, MEETING_DIRECTORY)
    story.load("2026-03-02", TERROR | row)
    story.tick("2026-03-02")
    return story


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return known(record, tmp_path)


def check(story: Story, on: str, ends_on: str, outcome: str = "deregistered") -> None:
    reason = "As agreed at the meeting of the agencies."
    data = {"ends_on": ends_on, "outcome": outcome, "reason": reason, "by": "Cora"}
    story.record_fact("end-of-sentence-check", on, **data)


def checks(story: Story) -> list[tuple[str, str]]:
    return [(due, state) for due, state, _ in story.owed("end_of_sentence_check") if state != "cancelled"]


def standing(story: Story) -> tuple[list[int], date | None, list[str]]:
    case = story.case()
    return case.categories, case.eligible_until, story.problems()


def test_it_runs_from_the_release_that_the_dates_tell(story):
    assert standing(story) == ([4], date(2026, 11, 13), [])
    assert checks(story) == [("2026-11-13", "open")]


def test_a_recall_and_a_release_move_it_and_so_does_the_next_recall(story):
    """Fri 1 to Fri 29 May 2026 are 28 days: 11 December. Mon 6 to Thu 16 July are ten more: 21 December."""
    happens(story, "recall", "2026-05-01", **RECALL)
    assert standing(story) == ([4], None, [])
    assert checks(story) == []
    happens(story, "release", "2026-05-29")
    assert standing(story) == ([4], date(2026, 12, 11), [])
    happens(story, "recall", "2026-07-06", **RECALL)
    happens(story, "release", "2026-07-16")
    assert standing(story) == ([4], date(2026, 12, 21), [])
    assert checks(story) == [("2026-12-21", "open")]


def test_the_case_does_not_close_over_a_recall(story):
    """Recalled on Thursday 12 November 2026, a day before the end; released on Monday 7 December: 25 days."""
    happens(story, "recall", "2026-11-12", **RECALL)
    story.tick("2026-11-16")
    assert standing(story) == ([4], None, [])
    with pytest.raises(RefusedError, match="2026-11-13 is no end of this case"):
        check(story, "2026-11-16", "2026-11-13")
    happens(story, "release", "2026-12-07")
    assert standing(story) == ([4], date(2026, 12, 8), [])
    story.tick("2026-12-09")
    assert "category 4 ended on 2026-12-08" in story.problems()[0]


def test_a_recall_told_late_takes_the_question_of_the_end_back(story):
    """The end of 13 November was asked about before the recall of the 9th was told: that question has no answer."""
    story.tick("2026-11-14")
    assert "category 4 ended on 2026-11-13" in story.problems()[0]
    story.record_fact("custody-event", "2026-11-16", event="recall", what="The prison told it late.", by="Olive",
                      date="2026-11-09", **RECALL)  # fmt: skip
    assert standing(story) == ([4], None, [])
    story.tick("2026-11-17")
    assert (story.problems(), story.case().closed_on) == ([], None)


def test_an_older_record_gets_the_end_by_the_moves_it_has(story):
    """As it was kept before custody was left out, with an end too early."""
    with story.record.writing() as session:
        case = session.scalars(select(Case)).one()
        case.holds, case.eligible_until = [[4, "2026-06-01"]], date(2026, 6, 1)
        refresh(session, [case], at("2026-03-02", 12), "before")
    [told] = recompute(story.record, at("2026-03-03"), "operator")
    assert any("2026-11-13" in change for change in told.changes)
    assert standing(story) == ([4], date(2026, 11, 13), [])


def test_what_the_record_does_not_tell_is_a_question_that_names_its_answer(record, tmp_path):
    """Sent to prison, outside when the record began, and no date tells since when."""
    story = known(record, tmp_path, approved_parole_date="", conditional_release_date="")
    categories, until, [question] = standing(story)
    assert (categories, until) == ([4], None)
    assert "end of category 4" in question
    assert "s.53(7)" in question
    decided = {"decision": "eligible", "category": 4, "until": "2026-11-13", "reason": "The prison told the release."}
    story.record_fact("identification", "2026-03-03", **decided)
    assert standing(story) == ([4], date(2026, 11, 13), [])
    # 28 days that begin after the decision.
    happens(story, "recall", "2026-05-01", **RECALL)
    happens(story, "release", "2026-05-29")
    assert standing(story) == ([4], date(2026, 12, 11), [])


def test_a_file_that_tells_of_custody_stops_it_and_its_release_is_asked_about(story):
    """The file does not tell since when: nothing ends meanwhile, and once they are out a person names the end."""
    story.load("2026-09-01", TERROR | {"location": "custody", "prison": "HMP Example"})
    story.tick("2026-09-01")
    assert standing(story)[:2] == ([4], None)
    story.load("2026-12-01", TERROR | {"location": "community", "prison": ""})
    story.tick("2026-12-01")
    categories, until, questions = standing(story)
    assert (categories, until) == ([4], None)
    assert any("end of category 4" in question for question in questions)
