"""The day of release on record: by law, or brought forward for one person (Criminal Justice Act 1961 s.23).

Darren's release date is moved to Sunday 14 March 2027: the door opens on Friday 12.
"""

from datetime import date

import pytest

from casework.errors import RefusedError
from models.record import Record
from tests.support.story import DARREN, OLIVE, OPAL, Story
from views.cases import case_of_person

WHY = {"reason": "No housing office is open between Friday and Monday.", "by": "Opal"}
SUNDAY = "2027-03-14"


@pytest.fixture
def story(record: Record, tmp_path) -> Story:
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN | {"conditional_release_date": SUNDAY})
    story.tick("2026-06-01")
    return story


def shown(story: Story) -> tuple[date | None, date | None]:
    """Return the release date and the day on which the door opens, as the page shows them."""
    with story.record.reading() as session:
        view = case_of_person(session, "X320741")
    return view.release_date, view.door_opens_on


def test_the_page_shows_the_date_and_the_day_on_which_the_door_opens(story: Story) -> None:
    assert shown(story) == (date(2027, 3, 14), date(2027, 3, 12))
    assert story.owed("referral") == [("2026-09-14", "open", None)]
    assert story.owed("release") == [("2027-03-12", "open", None)]


def test_a_release_brought_forward_is_asked_after_on_its_day(story: Story) -> None:
    told = story.record_fact("release-day", "2027-02-15", release_date=SUNDAY, opens_on="2027-03-10", **WHY)
    assert told.summary == "the release of 2027-03-14 is brought forward to Wednesday 10 March 2027"
    assert shown(story) == (date(2027, 3, 14), date(2027, 3, 10))
    assert story.owed("release") == [("2027-03-10", "open", None)]
    assert story.owed("referral") == [("2026-09-14", "open", None)]
    story.every_day("2027-03-09", "2027-03-10")
    assert {(rung, to, day) for rung, _, to, day in story.prompts("release")} == {
        ("due", OPAL, "2027-03-10"),
        ("due", OLIVE, "2027-03-10"),
    }


def test_the_decision_is_taken_back_and_ends_with_the_date_it_was_about(story: Story) -> None:
    story.record_fact("release-day", "2027-02-15", release_date=SUNDAY, opens_on="2027-03-10", **WHY)
    story.record_fact("release-day", "2027-02-16", release_date=SUNDAY, opens_on=None, **WHY)
    assert shown(story)[1] == date(2027, 3, 12)
    story.record_fact("release-day", "2027-02-17", release_date=SUNDAY, opens_on="2027-03-11", **WHY)
    story.record_fact("release-date", "2027-02-18", which="conditional_release_date", release_date="2027-03-21",
                      reason="Added days after an adjudication.")  # fmt: skip
    assert shown(story) == (date(2027, 3, 21), date(2027, 3, 19))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"opens_on": "2027-03-09"}, "opens_on: the door opens on Friday 12 March 2027: it may be opened on "
                                     "2027-03-10 or 2027-03-11"),
        ({"opens_on": "2027-03-12"}, "opens_on: the door opens on Friday 12 March 2027"),
        ({"opens_on": "2027-03-10", "release_date": "2027-03-12"}, "release_date: the prison gives 2027-03-12, the "
                                                                   "record has 2027-03-14"),
    ],
)  # fmt: skip
def test_only_what_the_law_allows(story: Story, data: dict[str, str], reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        story.record_fact("release-day", "2027-02-15", **{"release_date": SUNDAY} | data | WHY)
    assert refused.value.reasons[0].startswith(reason)
