"""Who decides, and by what: the thresholds of a level, screening by the unit alone, the prison that identifies."""

import pytest
from sqlalchemy import select

from casework.documents.papers import write_papers
from casework.errors import RefusedError
from models.cases import Case
from models.meetings import Meeting
from models.referrals import Referral
from tests.support.story import CORA, DARREN, MEETING_DIRECTORY, OPAL, Story, form

NONE_MET = {"thresholds": {}}
FINED = {
    "offence_code": "ZZ99009",
    "disposal": "fine",
    "term_months": "",
    "conditional_release_date": "",
    "licence_expiry_date": "",
    "location": "community",
    "prison": "",
}
WHY = "The agencies must work together on this."


@pytest.fixture
def low(record, tmp_path) -> Story:
    """Darren, whose risk of serious harm nobody has put on record."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    return story


def level_of(story: Story) -> int | None:
    with story.record.reading() as session:
        return session.scalars(select(Case.level)).one()


# MAPPA guidance, 7.3 to 7.5: level 2 for high or very high risk, exceptionally for others, and after level 3.
@pytest.mark.parametrize("level", [2, 3])
def test_a_level_that_nothing_carries_is_refused(low: Story, level: int) -> None:
    with pytest.raises(RefusedError, match="thresholds: level 2 or 3 needs high_risk"):
        low.record_fact("level", "2026-09-18", level=level, reason=WHY, **NONE_MET)
    assert level_of(low) is None


def test_words_that_say_nothing_carry_no_level(low: Story) -> None:
    told = {"thresholds": {"other_agencies_needed": "as discussed"}}
    with pytest.raises(RefusedError, match="thresholds: level 2 or 3 needs high_risk"):
        low.record_fact("level", "2026-09-18", level=2, reason=WHY, **told)


def test_level_3_says_what_needs_senior_people(low: Story) -> None:
    with pytest.raises(RefusedError, match=r"thresholds\.senior_representation: for level 3"):
        low.record_fact("level", "2026-09-18", level=3, reason=WHY, thresholds={"high_risk": True})


@pytest.mark.parametrize(
    "met", [{"high_risk": True}, {"other_agencies_needed": "Three tenancies in two boroughs."},
            {"stepped_down_from_3": True}],
)  # fmt: skip
def test_each_threshold_carries_level_2(low: Story, met: dict[str, object]) -> None:
    low.record_fact("level", "2026-09-18", level=2, reason=WHY, thresholds=met)
    assert level_of(low) == 2


def test_what_the_record_shows_need_not_be_told(low: Story) -> None:
    """A high risk on record carries level 2; level 3 before carries the step down."""
    low.load("2026-06-02", DARREN | {"rosh_level": "very_high"})
    low.record_fact("level", "2026-09-18", level=2, reason=WHY, **NONE_MET)
    assert level_of(low) == 2


def test_a_step_down_from_level_3_is_on_record(low: Story) -> None:
    low.record_fact("level", "2026-09-18", level=3, reason=WHY)
    low.record_fact("level", "2026-10-18", level=2, reason="Nothing needs senior people any more.", **NONE_MET)
    assert level_of(low) == 2


def test_level_1_has_no_threshold(low: Story) -> None:
    low.record_fact("level", "2026-09-18", level=1, reason="The lead agency's plan is robust.")
    assert level_of(low) == 1


def test_category_3_is_never_at_level_1_told_with_the_level_or_on_record(low: Story) -> None:
    """London annual report 2013-14, note (d): category 3 needs level 2 or 3."""
    crn = "X320742"
    low.load("2026-06-02", DARREN | FINED | {"crn": crn})
    for level, refused in ((1, True), (2, False)):
        told = {"level": level, "category": 3, "reason": "He threatens his neighbours, and has a knife."}
        if refused:
            with pytest.raises(RefusedError, match="category 3 is never at level 1"):
                low.record_fact("level", "2026-09-18", crn=crn, **told)
        else:
            low.record_fact("level", "2026-09-18", crn=crn, **told)
    with pytest.raises(RefusedError, match="category 3 is never at level 1; the options are level 2, level 3"):
        low.record_fact("level", "2026-10-18", crn=crn, level=1, reason="The risk has come down a good deal.")


def screened(story: Story, *agencies: str) -> str:
    story.record_fact("referral", "2026-09-09", **form("referral"))
    took_part = [{"agency": agency, "name": f"{agency} Example", "role": "Officer"} for agency in agencies]
    return story.record_fact("screening", "2026-09-18", **form("screening", took_part=took_part)).summary


def papers(story: Story) -> str:
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    with story.record.reading() as session:
        return " ".join(write_papers(session, session.scalars(select(Meeting)).one())[0].split())


def test_a_screening_by_the_unit_alone_is_marked_as_a_departure(low: Story) -> None:
    """Joint inspection 2015, 4.6, 4.22: a panel of agencies is the good practice."""
    said = "the MAPPA unit screened this alone: no other agency took part"
    assert screened(low, "mappa_unit").endswith(f"level 2; departure from good practice: {said}")
    with low.record.reading() as session:
        assert session.scalars(select(Referral)).one().screening["departure"] == said
    assert f"Departure from good practice: T{said[1:]}" in papers(low)


def test_one_by_a_single_agency_is_too_and_one_by_two_is_not(low: Story) -> None:
    assert "one agency screened this alone" in screened(low, "probation", "probation")


def test_agencies_that_screen_together_depart_from_nothing(low: Story) -> None:
    assert screened(low, "mappa_unit", "police") == "screened on 2026-09-18: level 2"
    assert "Departure" not in papers(low)


def test_the_prison_can_be_the_one_that_identifies(record, tmp_path) -> None:
    """Joint inspection 2015, 4.1: five agencies identify within three days, the prison service among them.

    Sentenced on Friday 5 June 2026: due Monday 8 June, the coordinator hears of it on Tuesday 9 June.
    """
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    unknown = DARREN | {"offence_code": "ZZ99009", "sentence_date": "2026-06-05", "conditional_release_date":
                        "2028-06-05", "licence_expiry_date": "2029-06-05"}  # fmt: skip
    story.load("2026-06-05", unknown | {"identifying_agency": "prison"})
    story.every_day("2026-06-05", "2026-06-10")
    assert [(rung, to, on) for rung, _, to, on in story.prompts("identification")] == [
        ("due", OPAL, "2026-06-08"),
        ("+1W", CORA, "2026-06-09"),
    ]


def test_any_other_agency_identifies_nobody(low: Story) -> None:
    report = low.load("2026-06-02", DARREN | {"identifying_agency": "housing"})
    assert [reject.column for reject in report.rejects] == ["identifying_agency"]
