"""Somebody's meetings at a private address: by reference, without a name, only what they may see, until it is ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
import vobject
from sqlalchemy import select

from models.audit import AuditEntry
from models.audit_seals import verify
from models.desk import CalendarFeed
from models.meetings import Meeting
from models.record import Record
from tests.support.story import ADAM, HANA, MEETING_DIRECTORY, OLIVE, OPAL, Story, at
from tests.web.meeting_room import FIRST, with_meeting
from tests.web.visiting import BASE, Desk, Page

TODAY = "2026-10-01"
HOSTILE = "Room 3\r\nBEGIN:VEVENT\r\nSUMMARY:Darren Invented; <b>, \\"


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Iterator[Story]:
    """Darren's meeting lies two weeks ahead."""
    told = with_meeting(Story(record, tmp_path, MEETING_DIRECTORY))
    with time_machine.travel(at(TODAY, 10), tick=False):
        yield told


def address_of(desk: Desk, email: str) -> str:
    """Make an address, and return its path."""
    desk.sign_in(email, at(TODAY, 10))
    key = str(desk.get("/you/calendar").soup.select_one('input[name="form_key"]')["value"])  # type: ignore[index]
    made = desk.post("/you/calendar", {"form_key": key})
    shown = next(one.get_text() for one in made.soup.select(".govuk-notification-banner .desk-words"))
    desk.client.cookies.clear()
    return shown.removeprefix(f"{BASE}:8000").removeprefix(BASE)


def read(desk: Desk, path: str) -> list[vobject.base.Component]:
    response = desk.client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/calendar")
    return list(vobject.readOne(response.text).contents.get("vevent", []))


def test_a_calendar_reads_the_meetings_without_signing_in_and_without_a_name(story: Story, tmp_path: Path) -> None:
    desk = Desk(story.record, tmp_path)
    path = address_of(desk, ADAM)
    [event] = read(desk, path)
    assert event.summary.value == "MAPPA level 2 meeting LON-2026-000001"
    assert event.location.value == "Civic Centre, room 3"
    assert event.dtstart.value == at(FIRST, 10)
    with story.record.reading() as session:
        [meeting] = session.scalars(select(Meeting))
        # The UID of its invitation: a calendar that has both shows one.
        assert event.uid.value == f"{meeting.uid}@mappa.local"
    text = desk.client.get(path).text
    assert not any(name in text for name in ("Darren", "Invented", "Olive", "Clare", "X320741"))


def test_it_follows_the_meeting_when_it_moves_and_when_it_is_cancelled(story: Story, tmp_path: Path) -> None:
    desk = Desk(story.record, tmp_path)
    path = address_of(desk, ADAM)
    story.record_fact("meeting-move", TODAY, starts_at="2026-10-15T14:00", minutes_long=60, place="Town Hall",
                      reason="The offender manager is at court on the 14th.")  # fmt: skip
    [event] = read(desk, path)
    assert (event.location.value, event.sequence.value, event.status.value) == ("Town Hall", "1", "CONFIRMED")
    story.record_fact("meeting-cancel", TODAY, reason="He was recalled to custody; a new date follows.")
    [event] = read(desk, path)
    assert event.status.value == "CANCELLED"
    with time_machine.travel(at("2026-12-20", 10), tick=False):
        assert read(desk, path) == []


def test_it_shows_what_its_owner_may_see_and_nothing_once_they_have_left(story: Story, tmp_path: Path) -> None:
    desk = Desk(story.record, tmp_path)
    mine, housing, prison = (address_of(desk, who) for who in (OLIVE, HANA, OPAL))
    assert len(read(desk, mine)) == 1
    assert read(desk, housing) == []
    assert len(read(desk, prison)) == 1
    story.record_fact("restriction", TODAY, restricted=True, reason="A witness must not be found.", readers=[OLIVE])
    assert len(read(desk, mine)) == 1
    assert read(desk, prison) == []
    from casework.loading import load_directory
    from tests.support.story import write_csv

    rows = [row | ({"to": "2026-09-30"} if row["email"] == HANA else {}) for row in MEETING_DIRECTORY]
    load_directory(story.record, write_csv(story.folder / "d2.csv", rows), as_at=at(TODAY, 9), actor="t")
    assert desk.client.get(housing).status_code == 404


def test_an_address_is_ended_by_its_owner_and_by_a_new_one(story: Story, tmp_path: Path) -> None:
    desk = Desk(story.record, tmp_path)
    first, second = address_of(desk, ADAM), address_of(desk, ADAM)
    assert desk.client.get(first).status_code == 404
    assert len(read(desk, second)) == 1
    page = desk.sign_in(ADAM, at(TODAY, 10)).get("/you/calendar")
    assert second not in str(page.soup)
    key = str(page.soup.select_one('input[name="form_key"]')["value"])  # type: ignore[index]
    assert "Make an address" in Page(desk.client.post("/you/calendar/end", data={"form_key": key})).text
    assert desk.client.get(second).status_code == 404
    with story.record.reading() as session:
        acted = select(AuditEntry.action, AuditEntry.actor).where(AuditEntry.action.like("calendar-address-%"))
        assert [tuple(row) for row in session.execute(acted.order_by(AuditEntry.id))] == [
            ("calendar-address-made", "Adam"),
            ("calendar-address-ended", "Adam"),
            ("calendar-address-made", "Adam"),
            ("calendar-address-ended", "Adam"),
        ]  # fmt: skip
        assert list(verify(session)) == []
        held = " ".join(row.secret_hash for row in session.scalars(select(CalendarFeed)))
        assert first.rpartition("/")[2].removesuffix(".ics") not in held


@pytest.mark.parametrize("secret", ["x", "%00", "a" * 5000, "..%2F..%2Fetc", "\u00e9"])
def test_no_other_address_opens_a_calendar(story: Story, tmp_path: Path, secret: str) -> None:
    assert Desk(story.record, tmp_path).client.get(f"/calendar/{secret}.ics").status_code == 404


def test_a_place_that_means_harm_stays_a_place(story: Story, tmp_path: Path) -> None:
    desk = Desk(story.record, tmp_path)
    path = address_of(desk, ADAM)
    story.record_fact("meeting-move", TODAY, starts_at="2026-10-15T14:00", minutes_long=60, place=HOSTILE,
                      reason="The offender manager is at court on the 14th.")  # fmt: skip
    [event] = read(desk, path)
    assert event.summary.value == "MAPPA level 2 meeting LON-2026-000001"
    assert "SUMMARY:Darren Invented; <b>, \\" in event.location.value
