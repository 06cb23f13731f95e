"""The day of release on record: by law, or brought forward for one person (Criminal Justice Act 1961 s.23).

Darren's release date is moved to Sunday 14 March 2027: the door opens on Friday 12.
"""

from datetime import date

import pytest
from sqlalchemy import select

from casework.errors import RefusedError
from casework.facts.attendance import attendance_facts, undated_of
from models.cases import Case
from models.record import Record
from policy.attendance import required_on
from policy.book import shipped_book
from policy.release import ONE_DAY
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


EARLIER = {"release_date": SUNDAY, "opens_on": "2027-03-10", **WHY}


@pytest.mark.parametrize(
    ("decided", "last", "named"),
    [(False, "2027-03-12", "Friday 12 March 2027"), (True, "2027-03-10", "Wednesday 10 March 2027")],
)
def test_nothing_is_paused_beyond_the_day_on_which_the_door_opens(
    story: Story, decided: bool, last: str, named: str
) -> None:
    """Not to Saturday 13 March, though the date is Sunday 14: by s.23 the person left on Friday, or as was decided."""
    if decided:
        story.record_fact("release-day", "2027-02-15", **EARLIER)
    stop = {"kind": "referral", "way": "stop_clock", "reason": "The psychologist reports next week.",
            "authority": "Mona Example, head of the MAPPA unit", "by": "Cora Example"}  # fmt: skip
    beyond = str(date.fromisoformat(last).replace(day=int(last[-2:]) + 1))
    with pytest.raises(RefusedError) as refused:
        story.record_fact("pause", "2027-02-20", until=beyond, **stop)
    assert refused.value.reasons == [f"until: the person leaves custody on {named}; nothing is paused beyond it"]
    assert story.record_fact("pause", "2027-02-20", until=last, **stop).summary.endswith(f"is paused until {last}")


@pytest.mark.parametrize(("decided", "first"), [(False, date(2026, 12, 18)), (True, date(2026, 12, 16))])
def test_neighbourhood_policing_comes_from_twelve_weeks_before_the_door_opens(
    story: Story, decided: bool, first: date
) -> None:
    """Joint inspection 2015, 5.7. Friday 12 March 2027 less 12 weeks is 18 December 2026; Wednesday 10 March, 16."""
    if decided:
        story.record_fact("release-day", "2026-08-03", **EARLIER)
    numbers = shipped_book().for_area("London", first).attendance
    with story.record.reading() as session:
        [case] = session.scalars(select(Case).order_by(Case.id)).all()
        known = attendance_facts(session, [case])[case.id]
    asked = {day: [one.agency for one in required_on(known, day, numbers)] for day in (first - ONE_DAY, first)}
    assert "neighbourhood_policing" not in asked[first - ONE_DAY]
    assert "neighbourhood_policing" in asked[first]


def test_a_meeting_that_was_held_before_the_day_was_known_is_read_by_its_date() -> None:
    kept = {"category": 2, "lead_agency": "probation", "circumstances": {}}
    assert undated_of(kept | {"release_date": SUNDAY}).door_opens_on == date(2027, 3, 14)
    assert undated_of(kept | {"door_opens_on": "2027-03-12"}).door_opens_on == date(2027, 3, 12)
    assert undated_of(kept | {"door_opens_on": None}).door_opens_on is None
