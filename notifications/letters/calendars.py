"""A meeting as an event of a calendar (RFC 5545, 5546): one event for ever, whatever becomes of the meeting.

Every version carries the same UID and a higher SEQUENCE; the method says whether it is (still) wanted or
cancelled. No name stands in it. Nothing is taken from the clock: the same event is the same text, byte for byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from policy.calendar import LONDON

if TYPE_CHECKING:
    from icalendar import Event as CalendarEvent
    from icalendar.parser import Parameters

UID_DOMAIN = "mappa.local"
# The law since 1996: forward on the last Sunday of March at 01:00 UTC, back on the last of October at 01:00 UTC.
# Rules, not a list of dates, so that it holds for a meeting of any year.
EUROPE_LONDON = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


BEGIN = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//MAPPA//mappa//EN
CALSCALE:GREGORIAN
METHOD:{method}
"""
# With the end of the line before it: a place, too, may be called so.
END_OF_EVENT = "\r\nEND:VEVENT\r\n"
END = "END:VCALENDAR\r\n"
Part = Literal["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT"]
EVERYBODY: Part = "REQ-PARTICIPANT"


@dataclass(frozen=True, slots=True)
class Event:
    """One version of a meeting for one recipient.

    ``stamped_at`` is when this version was made, as the record has it. ``part`` is the recipient's: the Chair,
    somebody who is required, or somebody who may come.
    """

    method: Literal["REQUEST", "CANCEL"]
    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    minutes_long: int
    place: str
    reference: str
    level: int
    part: Part = "REQ-PARTICIPANT"


def calendar_of(event: Event, organizer: str, attendee: str, *, answers_read: bool = False) -> str:
    """Return an event as the text of a calendar file, in lines of at most 75 octets that end in CRLF.

    It asks for an answer only where ``answers_read`` says that somebody reads what the organizer's address gets.

    All but the recipient's own line is the same for everybody invited, and is written once for all of them.
    """
    # A hundred modules that only a message with an invitation needs; every command would wait for them.
    from icalendar.parser import Contentline

    person = (
        Contentline.from_parts("ATTENDEE", attendee_of(event.part, answers_read), f"mailto:{attendee}")
        .to_ical()
        .decode()
    )
    before, end, after = same_for_all(replace(event, part=EVERYBODY), organizer).partition(END_OF_EVENT)
    return f"{before}\r\n{person.rstrip()}{end}{after}"


def feed_of(events: Sequence[Event], organizer: str) -> str:
    """Return the meetings of somebody as the text of a calendar that a program reads again and again.

    Each has the UID of its invitation, so that a calendar that has both shows one.
    """
    begin = (BEGIN.format(method="PUBLISH") + EUROPE_LONDON).replace("\n", "\r\n")
    return begin + "".join(component_of(one, organizer).to_ical().decode() for one in events) + END


def attendee_of(part: Part, answers_read: bool) -> "Parameters":
    """Return the parameters of the recipient; where answers are read, asked for one, which has not been given yet."""
    from icalendar.parser import Parameters

    if not answers_read:
        return Parameters({"CUTYPE": "INDIVIDUAL", "ROLE": part, "RSVP": "FALSE"})
    return Parameters({"CUTYPE": "INDIVIDUAL", "ROLE": part, "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})


@lru_cache(maxsize=64)
def same_for_all(event: Event, organizer: str) -> str:
    """Return the calendar file of an event without a recipient."""
    component: str = component_of(event, organizer).to_ical().decode()
    begin = BEGIN.format(method=event.method) + EUROPE_LONDON
    return begin.replace("\n", "\r\n") + component + END


def component_of(event: Event, organizer: str) -> "CalendarEvent":
    """Return the event itself. It ends so many minutes later by the clock of UTC, also over a change of summer time."""
    from icalendar import Event as CalendarEvent
    from icalendar import vCalAddress

    cancelled = event.method == "CANCEL"
    component = CalendarEvent()
    component.add("uid", f"{event.uid}@{UID_DOMAIN}")
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.stamped_at)
    component.add("dtstart", event.starts_at.astimezone(LONDON))
    component.add("dtend", (event.starts_at + timedelta(minutes=event.minutes_long)).astimezone(LONDON))
    component.add("summary", f"MAPPA level {event.level} meeting {event.reference}")
    component.add("location", event.place)
    component.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    component.add("class", "PRIVATE")
    component.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    component.add("organizer", vCalAddress(f"mailto:{organizer}"))
    return component
