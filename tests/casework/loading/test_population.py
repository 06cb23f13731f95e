"""How many people live where: one number an area and year, which a later file corrects."""

from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit_seals import verify
from models.record import Record
from models.registrations import Population
from tests.support.story import Story
from tests.support.taken_on import counted

TODAY = "2026-06-01"
LONDON = {"area": "London", "year": "2013", "aged_10_and_over": "7326800"}


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return Story(record, tmp_path)


def on_record(story: Story) -> list[tuple[str, int, int]]:
    with story.record.reading() as session:
        assert list(verify(session)) == []
        columns = select(Population.area, Population.year, Population.aged_10_and_over)
        return [tuple(row) for row in session.execute(columns.order_by(Population.area, Population.year))]


def test_a_row_is_known_by_area_and_year(story: Story) -> None:
    assert counted(story, TODAY, LONDON, {**LONDON, "year": "2014"}).added == 2
    again = counted(story, "2026-06-02", LONDON, {**LONDON, "area": "LONDON", "year": "2014"})
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    corrected = counted(story, "2026-06-02", {**LONDON, "aged_10_and_over": "7326801"})
    assert corrected.changes == ["line 2: population 2013 of London: aged_10_and_over: 7326800 -> 7326801"]
    assert on_record(story) == [("London", 2013, 7_326_801), ("London", 2014, 7_326_800)]


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"year": "2027"}, "2027 is in the future"),
        ({"year": "2000"}, "'2000' is not a year from 2001, the first of MAPPA, such as 2014"),
        ({"aged_10_and_over": "7,326,800"}, "'7,326,800' is not a number of people in digits alone, such as 7326800"),
        ({"aged_10_and_over": "0"}, "'0' is not a number of people in digits alone, such as 7326800"),
    ],
)
def test_a_number_that_cannot_be_right_is_refused(story: Story, changes: dict[str, str], because: str) -> None:
    report = counted(story, TODAY, {**LONDON, **changes})
    assert [reject.reason for reject in report.rejects] == [because]
    assert on_record(story) == []


def test_a_dry_run_leaves_nothing(story: Story) -> None:
    assert counted(story, TODAY, LONDON, dry_run=True).added == 1
    assert on_record(story) == []
