"""Events that the figures count: with the category and level of their day, and told once."""

from pathlib import Path

import pytest

from models.record import Record
from tests.support.story import DARREN, Story
from tests.support.taken_on import cases, events, happened, spell, taken_on

TODAY = "2026-06-01"
OF_THE_DAY = ("number", "category", "level", "unit")


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    story = Story(record, tmp_path)
    taken_on(
        story,
        TODAY,
        spell("2020-01-01", "2021-12-31", category=2, unit="North"),
        spell("2022-01-01", category=1, level=2, unit="South"),
    )
    return story


def event(kind: str, day: str, **more: str) -> dict[str, str]:
    return {"crn": "X500001", "kind": kind, "date": day, "category": "", "level": "", "detail": ""} | more


def test_an_event_has_the_category_and_level_of_its_day(story: Story) -> None:
    report = happened(story, TODAY, event("licence_recall", "2021-12-31"), event("licence_recall", "2022-01-01"),
                      event("notification_breach", "2019-12-31"))  # fmt: skip
    assert (report.added, report.rejected) == (3, 0)
    assert events(story, *OF_THE_DAY) == [(1, None, None, "South"), (1, 2, 1, "North"), (1, 1, 2, "South")]
    assert events(story, "case_id") == [(cases(story)[0].id,)] * 3


def test_what_the_file_says_of_the_time_goes_before(story: Story) -> None:
    happened(story, TODAY, event("licence_recall", "2022-05-01", category="3", level="3"))
    assert events(story, *OF_THE_DAY) == [(1, 3, 3, "South")]


def test_two_of_one_kind_and_day_are_two_and_the_same_file_again_is_none(story: Story) -> None:
    """Returns to custody are events, not people (the annual report of Norfolk 2019 counts more than it has people)."""
    rows = [
        event("licence_recall", "2022-05-01", detail="First"),
        event("licence_recall", "2022-05-01", detail="Second"),
    ]
    assert happened(story, TODAY, *rows).added == 2
    # In whatever order they come.
    again = happened(story, "2026-06-02", *reversed(rows))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    changed = happened(story, "2026-06-02", rows[0], {**rows[1], "detail": "Second, corrected", "level": "3"})
    assert (changed.changed, changed.unchanged) == (1, 1)
    assert changed.changes == ["line 3: licence_recall of 2022-05-01: level 2 -> 3, detail"]
    assert events(story, "number", "detail", "level") == [(1, "First", 2), (2, "Second, corrected", 3)]


def test_rows_that_tell_the_very_same_count_and_are_told_of(story: Story) -> None:
    report = happened(story, TODAY, *[event("licence_recall", "2022-05-01")] * 2)
    assert report.warnings == ["lines 2 and 3 tell the same event (licence_recall of 2022-05-01); both count"]
    assert len(events(story, "id")) == 2


@pytest.mark.parametrize(
    ("changes", "column", "because"),
    [
        (
            {"crn": "X999999"},
            "crn",
            "X999999 is not on record: load the registrations or the sentences of this person first",
        ),
        ({"date": "2026-06-02"}, "date", "2026-06-02 is in the future; a fact has happened by 2026-06-01"),
        ({"date": ""}, "date", "is empty; enter a value"),
    ],
)
def test_a_bad_row_comes_back(story: Story, changes: dict[str, str], column: str, because: str) -> None:
    report = happened(story, TODAY, event("release", "2022-05-01", **changes))
    assert [(r.line, r.column, r.reason) for r in report.rejects] == [(2, column, because)]
    assert events(story, "id") == []


def test_a_kind_that_is_none_names_those_there_are(story: Story) -> None:
    [reject] = happened(story, TODAY, event("arson", "2022-05-01")).rejects
    assert reject.column == "kind"
    assert "notification_breach, order_sopo, order_shpo, order_shpo_travel, order_notification" in reject.reason


def test_somebody_known_by_a_sentence_alone_has_events(story: Story) -> None:
    story.load(TODAY, DARREN)
    happened(story, TODAY, event("release", "2026-05-01", crn="X320741"))
    assert events(story, "case_id", "area", *OF_THE_DAY) == [(None, "London", 1, None, None, "North")]
