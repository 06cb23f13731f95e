"""A registration told in error is withdrawn: no category, no level and no day rests on it any more.

Source of the need: Joint inspection 2015, 4.3: registrations that were wrong, or told twice, stayed open.
"""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from figures.data_quality import data_quality
from models.cases import Case
from models.obligations import Timescale
from models.record import Record
from policy.vocabulary import Category
from tests.support.story import DARREN, Story
from tests.support.taken_on import cases, registrations, spell, spells, taken_on

TODAY, LATER = "2026-06-01", "2026-06-03"
WRONG: dict[str, Any] = {
    "registered_on": "2022-01-01", "category": 1, "level": 2, "by": "Cora", "reason": "It is of another person."
}  # fmt: skip
RIGHT = spell("2020-01-01", location="community")
RAISED = spell("2022-01-01", level=2, location="community")


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return Story(record, tmp_path)


def withdraw(story: Story, crn: str = "X500001", **data: Any) -> str:
    return story.record_fact("withdraw-registration", LATER, crn=crn, **WRONG | data).summary


def flaws(story: Story) -> list[str]:
    with story.record.reading() as session:
        return [line.fault.value for line in data_quality(session) if line.fault.value != "no_offender_manager"]


def test_of_two_that_run_the_wrong_one_goes_with_its_level_its_days_and_its_flaws(story: Story) -> None:
    taken_on(story, TODAY, RIGHT, RAISED)
    story.tick(TODAY)
    assert flaws(story) == ["levels_overlap", "no_police_offender_manager", "two_open"]
    assert cases(story)[0].level == 2
    said = withdraw(story)
    assert said == "the registration of 2022-01-01 under category 1 is withdrawn"
    [case] = cases(story)
    assert (case.closed_on, case.category, case.level, str(case.level_set_on)) == (None, 1, 1, "2020-01-01")
    assert spells(story, "level") == [("2020-01-01", "-", 1)]
    assert flaws(story) == []


def test_a_file_that_tells_it_again_does_not_bring_it_back(story: Story) -> None:
    taken_on(story, TODAY, RIGHT, RAISED)
    withdraw(story)
    before = spells(story, "id", "level")
    report = taken_on(story, "2026-06-04", RIGHT, RAISED)
    assert report.warnings == ["line 3: this registration was withdrawn on 2026-06-03, and stays so"]
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    assert spells(story, "id", "level") == before
    assert registrations(story, "withdrawn_because") == [
        ("2020-01-01", "-", None), ("2022-01-01", "-", "It is of another person."),
    ]  # fmt: skip


def test_a_category_that_it_alone_gave_is_gone_and_the_sentence_stays(story: Story) -> None:
    story.load(TODAY, DARREN)
    story.tick(TODAY)
    taken_on(story, TODAY, spell("2022-01-01", level=2, crn="X320741"))
    story.tick("2026-06-02")
    assert cases(story, "X320741")[0].categories == [1, 2]
    withdraw(story, "X320741")
    [case] = cases(story, "X320741")
    assert (case.closed_on, case.category, case.categories, case.level) == (None, 2, [2], None)
    # The end of the licence on record, 12 July 2030, is the end of category 2, and of all, again.
    assert str(case.eligible_until) == "2030-07-12"


def test_a_case_that_rested_on_it_alone_is_closed_counts_nowhere_and_was_owed_nothing(story: Story) -> None:
    taken_on(story, TODAY, RAISED)
    story.tick(TODAY)
    assert withdraw(story).endswith("rested on it alone, and counts nowhere")
    [case] = cases(story)
    assert str(case.closed_on) == LATER
    assert case.closed_reason == "its only registration was withdrawn: It is of another person."
    assert spells(story) == []
    with story.record.reading() as session:
        assert set(session.scalars(select(Timescale.state))) <= {"cancelled", "met"}
    story.tick("2026-06-04")
    assert spells(story) == []


def test_a_decision_on_category_3_keeps_the_case(story: Story) -> None:
    taken_on(story, TODAY, spell("2022-01-01", category=3, level=2))
    story.record_fact("level", "2026-06-02", crn="X500001", level=2, category=3, reason="Threats of violence.")
    assert withdraw(story, category=3) == "the registration of 2022-01-01 under category 3 is withdrawn"
    [case] = cases(story)
    assert (case.closed_on, case.level, case.categories) == (None, 2, [int(Category.OTHER_DANGEROUS)])


def test_a_level_alone_keeps_nobody(story: Story) -> None:
    taken_on(story, TODAY, RAISED)
    story.record_fact("level", "2026-06-02", crn="X500001", level=3, reason="Threats of violence.")
    withdraw(story)
    assert str(cases(story)[0].closed_on) == LATER


def test_one_of_a_closed_case_is_withdrawn_there(story: Story) -> None:
    taken_on(story, TODAY, spell("2015-01-01", "2016-03-31"), RIGHT)
    ended, running = cases(story)
    wrong = {"registered_on": "2015-01-01", "level": 1}
    meant = "belongs to another case of this person: give the reference of that case$"
    with pytest.raises(RefusedError, match=f"no registration of {running.reference} fits.*{meant}"):
        withdraw(story, **wrong)
    withdraw(story, ended.reference, **wrong)
    assert spells(story, "case_id") == [("2020-01-01", "-", running.id)]
    with story.record.reading() as session:
        stands = session.get_one(Case, ended.id)
        assert (str(stands.closed_on), stands.closed_reason) == (
            "2016-03-31", "its only registration was withdrawn: It is of another person.",
        )  # fmt: skip


def test_what_does_not_fit_is_refused_with_what_there_is(story: Story) -> None:
    taken_on(story, TODAY, RIGHT)
    known = "on record: 2020-01-01, category 1, level 1$"
    for other in ({"registered_on": "2020-01-02", "level": 1}, {"registered_on": "2020-01-01", "level": None}):
        with pytest.raises(RefusedError, match=known):
            withdraw(story, **other)
    with pytest.raises(RefusedError, match="category: "):
        withdraw(story, category=5)


def test_a_case_that_people_decided_on_counts_though_a_sentence_of_it_was_withdrawn(story: Story) -> None:
    # Managed under category 3 by a decision of people, and closed by one: no part of it was opened in error.
    taken_on(story, TODAY, spell("2022-01-01", category=3, level=2))
    story.record_fact("level", "2026-06-02", crn="X500001", level=2, category=3, reason="Threats of violence.")
    story.load("2026-06-02", DARREN | {"crn": "X500001"})
    story.tick("2026-06-02")
    story.record_fact(
        "withdraw-sentence", LATER, crn="X500001", offence_code="COML022", sentence_date="2023-11-12",
        decision="withdrawn", by="Cora", reason="It is of another person.",
    )  # fmt: skip
    taken_on(story, "2026-06-20", spell("2022-01-01", "2026-06-19", category=3, level=2))
    assert cases(story)[0].closed_on is None
    story.record_fact(
        "closure", "2026-07-03", crn="X500001", why="risk_reduced", reason="The risk has fallen.",
        despite_open="Agreed by the panel.", by="Cora",
    )  # fmt: skip
    assert str(cases(story)[0].closed_on) == "2026-07-03"
    assert spells(story, "category")[-1][1] == "2026-07-03"
