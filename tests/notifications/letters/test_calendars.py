"""Meetings in calendars: one event for ever, at the right moment, read by parsers that are not our own."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import vobject

from notifications.letters.calendars import Event, calendar_of
from notifications.letters.letter import Letter
from notifications.letters.lines import PromptLine
from notifications.letters.meetings import Cancellation, Invitation
from notifications.letters.rendering import Envelope, render
from notifications.settings import MailSettings
from tests.notifications.letters.reading import arrived, calendar_part, files, text_of

STAMPED = datetime(2026, 9, 21, 7, 0, tzinfo=UTC)
PLANNED = Event(
    "REQUEST", "a" * 32, 0, STAMPED, datetime(2026, 10, 14, 9, 0, tzinfo=UTC), 60, "Civic Centre, room 3; floor 2",
    "LON-2026-000123", 2
)  # fmt: skip
MOVED = replace(PLANNED, sequence=1, starts_at=datetime(2026, 10, 29, 14, 0, tzinfo=UTC))
CANCELLED = replace(MOVED, method="CANCEL", sequence=2)
SENDER, READER = "mappa@agency.example", "hugo@council.example"


def parsed(event: Event, reader: str = READER) -> Any:
    return vobject.readOne(calendar_of(event, SENDER, reader))


def message_with(event: Event) -> EmailMessage:
    """Return the e-mail of an event, as it arrives."""
    line = PromptLine("meeting", event.reference, date(2026, 10, 14), "invitation 0", date(2026, 9, 21), 0, "notice",
                      "invitee", None, 1, 1)  # fmt: skip
    content: Any = Cancellation(event.reference, 1, 2, "then", None)
    if event.method == "REQUEST":
        content = Invitation(
            event.reference, 1, 2, "then", "1 hour", event.place, "", (), False, False, False, 0, None, ""
        )
    kind = "cancellation" if event.method == "CANCEL" else "invitation"
    envelope = Envelope(kind, "London", READER, None, "MAPPA: a meeting", "<m1@mappa.local>", STAMPED)
    letter = Letter(content, enclosed="As an event as well.", event=event)
    return render(envelope, [line], MailSettings(mail_from=SENDER), letter=letter)


class TestTheEvent:
    def test_it_says_what_a_calendar_needs_and_names_nobody(self) -> None:
        event = parsed(PLANNED).vevent
        assert event.summary.value == "MAPPA level 2 meeting LON-2026-000123"
        assert event.location.value == "Civic Centre, room 3; floor 2"
        assert (event.organizer.value, event.attendee.value) == (f"mailto:{SENDER}", f"mailto:{READER}")
        assert event.attendee.params == {
            "CUTYPE": ["INDIVIDUAL"],
            "ROLE": ["REQ-PARTICIPANT"],
            "RSVP": ["FALSE"],
        }
        assert (event.status.value, getattr(event, "class").value) == ("CONFIRMED", "PRIVATE")
        assert event.dtstamp.value == STAMPED
        assert event.dtend.value - event.dtstart.value == timedelta(minutes=60)

    def test_an_answer_is_asked_for_only_where_one_is_read(self) -> None:
        asked = vobject.readOne(calendar_of(PLANNED, SENDER, READER, answers_read=True)).vevent.attendee.params
        assert (asked["RSVP"], asked["PARTSTAT"]) == (["TRUE"], ["NEEDS-ACTION"])
        assert MailSettings().calendar_answers_read is False

    def test_a_change_and_a_cancellation_are_the_same_event(self) -> None:
        versions = [parsed(event) for event in (PLANNED, MOVED, CANCELLED)]
        assert {version.vevent.uid.value for version in versions} == {f"{'a' * 32}@mappa.local"}
        assert [version.vevent.sequence.value for version in versions] == ["0", "1", "2"]
        assert [version.method.value for version in versions] == ["REQUEST", "REQUEST", "CANCEL"]
        assert versions[-1].vevent.status.value == "CANCELLED"
        assert versions[1].vevent.dtstart.value == versions[2].vevent.dtstart.value == MOVED.starts_at

    @pytest.mark.parametrize("part", ["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT"])
    def test_each_recipient_has_a_part_of_their_own(self, part: Any) -> None:
        assert parsed(replace(PLANNED, part=part)).vevent.attendee.params["ROLE"] == [part]

    def test_every_line_is_folded_and_ends_as_the_standard_wants(self) -> None:
        text = calendar_of(replace(PLANNED, place="Tŷ Cyfarfod, " * 20), SENDER, READER)
        lines = text.split("\r\n")
        assert max(len(line.encode()) for line in lines) <= 75
        assert "\n" not in "".join(lines)
        assert parsed(replace(PLANNED, place="Tŷ Cyfarfod, " * 20)).vevent.location.value == "Tŷ Cyfarfod, " * 20

    def test_the_same_event_is_the_same_bytes(self) -> None:
        assert calendar_of(PLANNED, SENDER, READER) == calendar_of(PLANNED, SENDER, READER)
        assert message_with(PLANNED).as_bytes() == message_with(PLANNED).as_bytes()


@pytest.mark.parametrize(
    ("utc", "local"),
    [
        # Summer time begins on Sunday 29 March 2026 and ends on Sunday 25 October, at 01:00 UTC.
        (datetime(2026, 3, 27, 10, 0, tzinfo=UTC), "20260327T100000"),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "20260329T003000"),
        (datetime(2026, 3, 29, 9, 0, tzinfo=UTC), "20260329T100000"),
        (datetime(2026, 3, 30, 9, 0, tzinfo=UTC), "20260330T100000"),
        (datetime(2026, 10, 23, 9, 0, tzinfo=UTC), "20261023T100000"),
        (datetime(2026, 10, 25, 10, 0, tzinfo=UTC), "20261025T100000"),
        (datetime(2026, 10, 26, 10, 0, tzinfo=UTC), "20261026T100000"),
        # Years for which no list of dates was ever written.
        (datetime(2044, 7, 4, 9, 0, tzinfo=UTC), "20440704T100000"),
        (datetime(2044, 1, 4, 10, 0, tzinfo=UTC), "20440104T100000"),
    ],
)
def test_ten_in_london_is_the_right_moment_on_both_sides_of_a_clock_change(utc: datetime, local: str) -> None:
    event = replace(PLANNED, starts_at=utc)
    assert f"DTSTART;TZID=Europe/London:{local}\r\n" in calendar_of(event, SENDER, READER)
    # The parser works out the offset from the zone that travels with the event, not from one it knows.
    assert parsed(event).vevent.dtstart.value.astimezone(UTC) == utc


def test_a_meeting_over_the_clock_change_lasts_as_long_as_it_lasts() -> None:
    event = parsed(replace(PLANNED, starts_at=datetime(2026, 3, 29, 0, 30, tzinfo=UTC))).vevent
    assert event.dtend.value.replace(tzinfo=None) == datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001  local time
    assert event.dtend.value.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


class TestInTheMessage:
    @pytest.mark.parametrize(("event", "method"), [(PLANNED, "REQUEST"), (CANCELLED, "CANCEL")])
    def test_it_stands_beside_the_texts_and_as_a_file(self, event: Event, method: str) -> None:
        message = arrived(message_with(event))
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/calendar",
            "application/ics",
        ]
        part = calendar_part(message)
        assert (part.get_param("method"), part.get_content_charset()) == (method, "utf-8")
        assert vobject.readOne(part.get_content()).method.value == method
        (file,) = files(message).values()
        assert file.get_filename() == "invite.ics"
        assert file.get_content().decode() == calendar_of(event, SENDER, READER)

    def test_the_texts_are_what_a_reader_sees(self) -> None:
        message = arrived(message_with(PLANNED))
        assert "You are invited to a MAPPA meeting on LON-2026-000123" in text_of(message)
        assert "As an event as well." in text_of(message, "html")

    def test_every_line_of_the_message_fits_into_smtp(self) -> None:
        content = message_with(replace(PLANNED, place="Tŷ Cyfarfod, " * 20)).as_bytes()
        assert b"\n" not in content.replace(b"\r\n", b"")
        assert max(map(len, content.split(b"\r\n"))) <= 998

    def test_a_place_outside_ascii_arrives(self) -> None:
        message = message_with(replace(PLANNED, place="Tŷ Cyfarfod, Llandaf"))
        assert message.as_bytes().isascii()
        event = vobject.readOne(calendar_part(arrived(message)).get_content()).vevent
        assert event.location.value == "Tŷ Cyfarfod, Llandaf"


@pytest.mark.parametrize("place", ["END:VEVENT", "Room 2\r\nEND:VEVENT\r\nBEGIN:VEVENT", "x" * 66 + " END:VEVENT"])
def test_a_place_cannot_end_the_event(place: str) -> None:
    """RFC 5545, 3.1: a line ends in CRLF, and what a property holds is no line of its own."""
    calendar = parsed(replace(PLANNED, place=place))
    assert len(calendar.vevent_list) == 1
    assert calendar.vevent.location.value == place.replace("\r\n", "\n")
    assert calendar.vevent.attendee.value == f"mailto:{READER}"
