"""What does not fit: each fault made, seen with its day and what to do, and gone once it is put right."""

from pathlib import Path

import pytest

from figures.data_quality import OVER, TO_DO, Fault, data_quality
from models.record import Record
from tests.support.story import DARREN, OLIVE, Story
from tests.support.taken_on import spell, taken_on

TODAY = "2026-06-01"
TOGETHER = "Several agencies must act together now."
NOBODY_NAMED = ("no_offender_manager", TODAY)


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    return Story(record, tmp_path)


def faults(story: Story, area: str | None = None) -> list[tuple[str, str]]:
    """Return (fault, since) of every line, without that nobody is named: a registration names nobody."""
    with story.record.reading() as session:
        found = [(line.fault.value, str(line.since)) for line in data_quality(session, area)]
    return [one for one in found if one[0] not in ("no_offender_manager", "no_police_offender_manager")]


def to_do(story: Story) -> set[str]:
    with story.record.reading() as session:
        return {line.to_do for line in data_quality(session)}


def test_history_that_breaks_the_rules_is_listed_until_it_is_put_right(story: Story) -> None:
    taken_on(story, TODAY, spell("2010-01-01", category=3, level=1))
    assert faults(story) == [("category_3_level", "2010-01-01")]
    assert TO_DO[Fault.CATEGORY_3_LEVEL] in to_do(story)
    taken_on(story, TODAY, spell("2010-01-01", "2012-12-31", category=3, level=1), spell("2013-01-01", level=2))
    assert OVER in to_do(story)


def test_two_that_run_are_listed_once_a_case(story: Story) -> None:
    taken_on(story, TODAY, spell("2010-01-01"), spell("2012-01-01", level=2))
    assert faults(story) == [("levels_overlap", "2012-01-01"), ("two_open", "2012-01-01")]
    taken_on(story, "2026-06-02", spell("2010-01-01", "2011-12-31"))
    assert faults(story) == []


def test_a_category_that_no_sentence_gives_differs(story: Story) -> None:
    """Joint inspection 2015, 4.3: categories that do not match between systems."""
    story.load(TODAY, DARREN)
    story.tick(TODAY)
    as_registered = {
        **spell("2024-01-01", category=1, level=2),
        **{n: DARREN[n] for n in ("crn", "surname", "forenames", "date_of_birth")},
    }
    taken_on(story, TODAY, as_registered)
    story.tick("2026-06-02")
    assert faults(story) == [("category_differs", "2024-01-01")]
    with story.record.reading() as session:
        [line] = [line for line in data_quality(session) if line.fault is Fault.CATEGORY_DIFFERS]
    assert line.what == "Registered under category 1; the sentences on record give category 2."


def test_a_level_that_was_decided_here_differs_from_the_registration(story: Story) -> None:
    taken_on(story, TODAY, spell("2020-01-01"))
    story.tick(TODAY)
    story.record_fact("level", "2026-06-08", crn="X500001", level=2, reason=TOGETHER)
    assert faults(story) == [("level_differs", "2026-06-08")]
    taken_on(story, "2026-06-09", spell("2020-01-01", "2026-06-07"), spell("2026-06-08", level=2))
    assert faults(story) == []


def test_a_registration_that_ended_while_somebody_works_on_the_case(story: Story) -> None:
    taken_on(story, TODAY, spell("2020-01-01"))
    story.tick(TODAY)
    story.record_fact("level", "2026-06-08", crn="X500001", level=2, reason=TOGETHER)
    taken_on(story, "2026-06-20", spell("2020-01-01", "2026-06-15"))
    # A file ends no case on which somebody has recorded something.
    assert story.case("X500001").closed_on is None
    assert faults(story) == [("registration_ended", "2026-06-16")]


def test_nobody_named_is_listed_and_at_level_2_nobody_of_the_police(story: Story) -> None:
    """Joint inspection 2015, 5.5: a named police offender manager for everybody at level 2 and 3."""
    taken_on(story, TODAY, spell("2020-01-01", level=2))
    with story.record.reading() as session:
        assert [(line.fault.value, str(line.since)) for line in data_quality(session)] == [
            NOBODY_NAMED,
            ("no_police_offender_manager", "2020-01-01"),
        ]
    story.load(TODAY, {**DARREN, "offender_manager_email": OLIVE})
    story.tick(TODAY)
    with story.record.reading() as session:
        assert {line.crn for line in data_quality(session)} == {"X500001"}


def test_an_area_sees_its_own_list(story: Story) -> None:
    taken_on(story, TODAY, spell("2010-01-01", category=3), spell("2010-01-01", category=3, crn="X500002", area="Kent"))
    assert faults(story, "Kent") == faults(story, "London") == [("category_3_level", "2010-01-01")]
    assert len(faults(story)) == 2
