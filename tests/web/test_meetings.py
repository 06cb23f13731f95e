"""The meetings: to come, held, month by month; several cases of one sitting stand together; filters in the address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from models.record import Record
from tests.support.story import ADAM, CLARE, CORA, DARREN, HANA, MEETING_DIRECTORY, OPAL, Story, at, form
from tests.web.visiting import Desk

SECOND = {"crn": "X320742", "forenames": "Dan", "date_of_birth": "1985-03-05"}
THIRD = {"crn": "X320743", "forenames": "Dave", "date_of_birth": "1985-03-06"}
CLARES = {"name": "Clare", "email": CLARE}
TODAY = "2026-10-14"


@pytest.fixture
def desk(record: Record, tmp_path: Path) -> Iterator[Desk]:
    """Three cases: two in one sitting of today, one elsewhere at the end of the month."""
    story = Story(record, tmp_path, MEETING_DIRECTORY)
    story.load("2026-06-01", DARREN, DARREN | SECOND, DARREN | THIRD)
    story.tick("2026-06-01")
    for crn, starts, place, chair in (
        ("X320741", "2026-10-14T10:00", "Civic Centre, room 3", CLARES),
        ("X320742", "2026-10-14T11:00", "Civic Centre, Room 3", CLARES),
        ("X320743", "2026-10-29T09:30", "Town Hall", {"name": "Ann"}),
    ):
        plan = form("meeting-plan", starts_at=starts, place=place, chair=chair, level=2 if crn != "X320743" else 3)
        story.record_fact("meeting-plan", "2026-09-21", crn=crn, **plan)
    with time_machine.travel(at(TODAY, 9), tick=False):
        yield Desk(story.record, tmp_path).sign_in(ADAM, at(TODAY, 9))


def test_cases_of_one_sitting_stand_together_by_their_time(desk: Desk) -> None:
    page = desk.get("/meetings")
    captions = [" ".join(one.get_text(" ").split()) for one in page.soup.select("caption")]
    assert captions == [
        "10:00 to 12:00, Civic Centre, room 3. Chair: Clare. 2 cases in one sitting , Wednesday 14 October",
        "09:30 to 10:30, Town Hall. Chair: Ann , Thursday 29 October",
    ]
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td")][:2] for row in page.soup.select("tbody tr")]
    assert rows == [["10:00", "LON-2026-000001"], ["11:00", "LON-2026-000002"], ["09:30", "LON-2026-000003"]]
    # The rooms of today are open; that of the 29th is not.
    assert [link for link in page.links() if link.endswith("/room")] == [
        "/cases/LON-2026-000001/meetings/1/room", "/cases/LON-2026-000002/meetings/1/room",
    ]  # fmt: skip


def test_a_month_is_a_page_of_a_calendar(desk: Desk) -> None:
    page = desk.get("/meetings?show=month&month=2026-10")
    assert [one.get_text() for one in page.soup.select(".desk-month th")] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]  # fmt: skip
    weeks = [[(day.select_one(".desk-day") or day).get_text(strip=True) for day in week.select("td")]
             for week in page.soup.select(".desk-month tbody tr")]  # fmt: skip
    # October 2026 begins on a Thursday and has 31 days.
    assert weeks[0] == ["", "", "", "1", "2", "3", "4"]
    assert weeks[-1] == ["26", "27", "28", "29", "30", "31", ""]
    today = page.soup.select_one(".desk-today")
    assert today is not None
    assert "10:00 on Wednesday 14 October level 2, 2 cases" in " ".join(today.get_text(" ").split())
    links = page.links()
    assert "/meetings?show=month&month=2026-09" in links
    assert "/meetings?show=month&month=2026-11" in links
    assert "There is no meeting in November 2026" in desk.get("/meetings?show=month&month=2026-11").text


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0-0", "9999-12", "2026-10-14", "99999999999999999999-1"])
def test_a_month_that_is_none_is_this_month(desk: Desk, month: str) -> None:
    assert "October 2026" in desk.get(f"/meetings?show=month&month={month}").text


def test_filters_stand_in_the_address(desk: Desk) -> None:
    page = desk.get("/meetings?level=3")
    assert "LON-2026-000003" in page.text
    assert "LON-2026-000001" not in page.text
    assert any("level=3" in link and "show=month" in link for link in page.links())
    page = desk.get("/meetings?chair=Clare")
    assert "LON-2026-000003" not in page.text
    assert "No meeting fits what you asked for" in desk.get("/meetings?chair=Nobody").text
    assert desk.get("/meetings?show=month&month=2026-10&level=3").text.count("level 3, 1 case") == 1


def test_rooms_are_shown_to_those_who_may_look_on(desk: Desk) -> None:
    for who, sees in ((CORA, True), (CLARE, True), (OPAL, False)):
        links = desk.sign_in(who, at(TODAY, 9)).get("/meetings").links()
        assert any(link.endswith("/room") for link in links) is sees, who
    assert "No meeting is planned" in desk.sign_in(HANA, at(TODAY, 9)).get("/meetings").text
