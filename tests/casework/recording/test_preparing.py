"""What is recorded before a release and after it: the prison's report, licence conditions, homes, Jobcentre Plus.

Source: Joint inspection 2015, 6.40, 6.57 to 6.63 and 6.68.
"""

from pathlib import Path

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from models.meetings import Meeting
from models.record import Record
from tests.casework.documents.reading import papers
from tests.support.story import DARREN, Story, form

IN_PREMISES = form("accommodation")


def required(story: Story) -> set[str]:
    with story.record.reading() as session:
        [planned] = session.scalars(select(Meeting).where(Meeting.state == "planned"))
        return {one.agency for one in planned.participants if one.required}


def test_the_prisons_report_is_asked_before_the_meeting_and_stands_in_its_papers(story: Story) -> None:
    """The meeting of Wed 14 October 2026; five working days before it is Wed 7."""
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    assert story.owed("prison_report") == [("2026-10-07", "open", None)]
    assert "MAPPA F" not in papers(story, 1)[0]
    story.record_fact("prison-report", "2026-10-06", **form("prison-report"))
    assert story.owed("prison_report") == [("2026-10-07", "met", "2026-10-06")]
    for written in papers(story, 1):
        assert "He goes round the no-contact condition" in written


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([], "at least 1 item"),
        ([{"topic": "conduct", "what": "12/03 cell spin. " * 100, "why": "It shows how he lives there."}],
         r"item 1: it has 1\d\d\d characters, and at most 1500 are allowed"),
        ([{"topic": "conduct", "what": "Two warnings since May.", "why": "See above"}], "items.0.why"),
        ([form("prison-report")["items"][0]] * 2, "item 2: it says what an earlier item says"),
    ],
    ids=["nothing", "pasted", "without its meaning", "twice"],
)  # fmt: skip
def test_a_pasted_record_is_no_report(story: Story, items: list[dict[str, str]], reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        story.record_fact("prison-report", "2026-10-06", items=items, by="Opal")


def test_licence_conditions_are_taken_from_the_plan_where_none_are_told(story: Story) -> None:
    """To be released on Fri 12 March 2027: eight weeks before is Fri 15 January."""
    assert story.owed("licence_conditions") == [("2027-01-15", "open", None)]
    with pytest.raises(RefusedError, match="no plan with licence conditions is on record"):
        story.record_fact("licence-conditions", "2027-01-11", **form("licence-conditions"))
    story.record_fact("plan", "2026-10-20", **form("plan"))
    told = story.record_fact("licence-conditions", "2027-01-11", **form("licence-conditions"))
    assert "licence conditions of version 1 of the plan proposed to HMP Example: 1" in str(told)
    assert story.owed("licence_conditions") == [("2027-01-15", "met", "2027-01-11")]


def test_a_stay_in_approved_premises_invites_their_manager_and_asks_for_the_next_home(story: Story) -> None:
    """From Fri 12 March 2027; eight weeks on is Fri 7 May. The referral said that approved premises were to come."""
    story.record_fact("meeting-plan", "2026-09-21", **form("meeting-plan"))
    story.record_fact("circumstances", "2026-09-22", approved_premises=False)
    story.tick("2026-09-23")
    assert "approved_premises" not in required(story)
    story.record_fact("accommodation", "2026-09-24", **IN_PREMISES)
    story.tick("2026-09-25")
    assert "approved_premises" in required(story), "nobody is asked a second time whether they live there"
    assert story.owed("release_housing") == [("2027-02-12", "met", "2026-09-24")]
    assert "Elm House, Camden" in papers(story, 1)[0]
    story.record_fact("custody-event", "2027-03-12", event="release", what="Left at nine in the morning.", by="Opal")
    assert story.owed("move_on_plan") == [("2027-05-07", "open", None)]
    moved = {"dwelling": "social_landlord", "place": "Mill Lane", "since": "2027-06-04", "until": None}
    story.record_fact("accommodation", "2027-05-03", **form("accommodation", **moved))
    assert story.owed("move_on_plan") == [("2027-05-07", "met", "2027-05-03")]
    circumstances = story.case().circumstances or {}
    assert (circumstances["approved_premises"], circumstances["registered_social_landlord"]) == (False, True)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"until": None}, "approved premises is for a time: give the planned end"),
        ({"until": "2027-03-01"}, "until: 2027-03-01 is before it begins"),
        ({"housing_officer": None}, "housing_officer: name who at the housing authority"),
        ({"social_landlords": "none"}, "social_landlords"),
    ],
)
def test_a_stay_has_an_end_an_officer_and_a_word_on_landlords(
    story: Story, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        story.record_fact("accommodation", "2026-09-24", **form("accommodation", **changes))


def test_jobcentre_plus_is_told_of_restrictions_that_are_on_record(record: Record, tmp_path: Path) -> None:
    """Released on Fri 12 March 2027: by Fri 19."""
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.record_fact("circumstances", "2026-09-22", employment_restrictions=False)
    with pytest.raises(RefusedError, match="no restriction on employment is on record"):
        story.record_fact("jobcentre-notice", "2026-09-24", **form("jobcentre-notice"))
    story.record_fact("circumstances", "2026-09-24", employment_restrictions=True)
    story.record_fact("custody-event", "2027-03-12", event="release", what="Left at nine in the morning.", by="Opal")
    assert story.owed("jobcentre_notice") == [("2027-03-19", "open", None)]
    story.record_fact("jobcentre-notice", "2027-03-15", **form("jobcentre-notice"))
    assert story.owed("jobcentre_notice") == [("2027-03-19", "met", "2027-03-15")]
