"""A file and a person who tell different release dates: a question with an owner and a clock, asked once.

Darren's file gives 12 March 2027; his licence ends on 12 July 2030. A question is asked of the coordinator, at once and
in five working days (our defaults): asked on Thursday 2 April 2026, before Easter, that is Monday 13 April.
"""

from pathlib import Path

import pytest

from models.record import Record
from tests.support.custody import INSIDE, begun, told
from tests.support.story import CORA, Story, form

FILE, MOVED = "2027-03-12", "2030-05-31"
WHY = "Added days after an adjudication."


@pytest.fixture
def moved(record: Record, tmp_path: Path) -> Story:
    """Somebody in custody whose release date a person moved by three years, with a slip of the pen."""
    story = begun(record, tmp_path, level=None)
    move(story, "2026-04-01", MOVED)
    return story


def move(story: Story, on: str, to: str) -> None:
    story.record_fact("release-date", on, which="conditional_release_date", release_date=to, reason=WHY)


def confirm(story: Story, on: str, day: str) -> None:
    story.record_fact("dates-check", on, **(form("dates-check") | {"release_date": day}))


def asked(story: Story) -> list[str]:
    return [one for one in story.problems() if "the file gives the release date" in one]


def test_the_right_file_that_comes_again_is_a_question_and_not_unchanged(moved: Story) -> None:
    report = moved.load("2026-04-02", INSIDE)
    assert (report.in_question, report.changed, report.unchanged) == (1, 0, 0)
    assert f"the release date {FILE}, and the record has {MOVED}" in report.warnings[0]
    moved.tick("2026-04-02")
    [question] = moved.timescales("question")
    assert (str(question.due_on), question.owner_role) == ("2026-04-13", "coordinator")
    assert told(moved, "question")[0] == ("at once", CORA, "2026-04-02")


def test_the_same_file_raises_nothing_anew(moved: Story) -> None:
    for day in ("2026-04-02", "2026-04-07", "2026-04-08"):
        assert moved.load(day, INSIDE).in_question == 1
        moved.tick(day)
    assert len(asked(moved)) == 1
    assert len(moved.timescales("question")) == 1
    assert [rung for rung, *_ in told(moved, "question")] == ["at once"]


def test_a_date_moved_back_answers_it(moved: Story) -> None:
    moved.load("2026-04-02", INSIDE)
    moved.tick("2026-04-02")
    move(moved, "2026-04-07", FILE)
    assert moved.owed("question") == [("2026-04-13", "met", "2026-04-07")]
    report = moved.load("2026-04-08", INSIDE)
    assert (report.in_question, report.unchanged) == (0, 1)


def test_dates_that_are_confirmed_are_not_asked_about_again_until_one_moves(moved: Story) -> None:
    moved.load("2026-04-02", INSIDE)
    moved.tick("2026-04-02")
    confirm(moved, "2026-04-07", MOVED)
    assert moved.owed("question") == [("2026-04-13", "met", "2026-04-07")]
    assert moved.load("2026-04-08", INSIDE).unchanged == 1
    move(moved, "2026-04-09", "2030-06-28")
    assert moved.load("2026-04-10", INSIDE).in_question == 1


def test_a_file_that_tells_the_date_of_the_record_takes_the_question_back(moved: Story) -> None:
    moved.load("2026-04-02", INSIDE)
    moved.load("2026-04-07", INSIDE | {"conditional_release_date": MOVED})
    assert asked(moved) == []


def test_a_dry_run_asks_nobody(moved: Story) -> None:
    from casework.loading import load_sentences
    from tests.support.story import at, write_csv

    path = write_csv(moved.folder / "again.csv", [INSIDE])
    report = load_sentences(moved.record, path, as_at=at("2026-04-02"), actor="loader", dry_run=True)
    assert (report.in_question, asked(moved)) == (1, [])


def test_an_empty_cell_and_a_file_that_tells_something_new_ask_nothing(moved: Story) -> None:
    assert moved.load("2026-04-02", INSIDE | {"conditional_release_date": ""}).in_question == 0
    report = moved.load("2026-04-07", INSIDE | {"conditional_release_date": "2027-05-28"})
    assert (report.in_question, report.changed) == (0, 1)
