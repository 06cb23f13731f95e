"""Two records of one person, both taken on: registrations, events and spells go to the kept case, and back again."""

from pathlib import Path

import pytest

from models.record import Record
from tests.support.story import Story
from tests.support.taken_on import cases, events, happened, registrations, spell, spells, taken_on

TODAY = "2026-06-01"
OTHER = {"crn": "X500002", "surname": "Invented", "forenames": "Beau"}
RECALL = {"kind": "licence_recall", "date": "2021-05-04", "category": "", "level": "", "detail": ""}


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    story = Story(record, tmp_path)
    taken_on(story, TODAY, spell("2022-01-01"), spell("2020-01-01", category=2, level=2, **OTHER),
             spell("2010-01-01", "2011-12-31", **OTHER))  # fmt: skip
    happened(story, TODAY, {"crn": "X500002", **RECALL}, {"crn": "X500001", **RECALL, "date": "2023-05-04"})
    story.tick(TODAY)
    return story


def merge(story: Story) -> None:
    story.record_fact("merge", "2026-06-08", crn="X500001", other="X500002", decision="one_person",
                      reason="Both have the same fingerprints.", by="Cora")  # fmt: skip


def test_the_kept_case_has_all_that_was_told_of_either_and_the_other_no_spell(story: Story) -> None:
    merge(story)
    [kept] = cases(story)
    assert (kept.category, kept.categories, kept.level) == (1, [1, 2], 2)
    assert {row[2] for row in registrations(story, "person_id")} == {kept.person_id}
    assert {row[0] for row in events(story, "person_id")} == {kept.person_id}
    # Level 1 had held since 2022 on the kept case; the higher level of the two holds from the merge.
    assert spells(story, "categories", "level", "case_id") == [
        ("2020-01-01", "2021-12-31", [2], 2, kept.id),
        ("2022-01-01", "2026-06-07", [1, 2], 1, kept.id),
        ("2026-06-08", "-", [1, 2], 2, kept.id),
    ]
    # The older episode, which had ended, stays a case of its own.
    assert [row[:2] for row in spells(story, crn="X500002")] == [("2010-01-01", "2011-12-31")]


def test_the_file_of_either_crn_told_again_changes_nothing(story: Story) -> None:
    merge(story)
    report = taken_on(story, "2026-06-09", spell("2022-01-01"), spell("2020-01-01", category=2, level=2, **OTHER),
                      spell("2010-01-01", "2011-12-31", **OTHER))  # fmt: skip
    assert (report.added, report.changed, report.unchanged) == (0, 0, 3)
    again = happened(story, "2026-06-09", {"crn": "X500002", **RECALL})
    assert (again.added, again.changed) == (0, 0)


def test_parted_again_each_has_its_own(story: Story) -> None:
    before = (spells(story), spells(story, crn="X500002"), registrations(story, "case_id", "person_id"))
    merge(story)
    story.record_fact("split", "2026-06-15", crn="X500001", other="X500002",
                      reason="The fingerprints are another person's.", by="Cora")  # fmt: skip
    assert (spells(story), spells(story, crn="X500002"), registrations(story, "case_id", "person_id")) == before
