"""The meetings of somebody as a calendar that other programs read, at a private address of their own."""

from collections.abc import Iterator
from datetime import time, timedelta

from sqlalchemy import select
from starlette.responses import Response

from models.cases import Case
from models.meetings import Meeting
from notifications.letters.calendars import Event, feed_of
from policy.calendar import london_time
from policy.errors import NotFoundError
from policy.vocabulary import MeetingState
from web.access import feeds
from web.access.hats import Reader, reader_of
from web.access.relations import readable
from web.access.rights import Action
from web.pages import go, page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
BACK, MOST = timedelta(days=60), 2000
"""How long a meeting that is over stays in the calendar, and how many meetings it has at most: those to come first."""


@PAGES.get("/calendar/{secret}.ics", Action.ANYBODY)
def calendar(visit: Visit) -> Response:
    """Give the meetings of whoever has this address: by reference, level, time and place, without a name."""
    with visit.record.reading() as session:
        email = feeds.owner_of(session, visit.parts["secret"])
        reader = None if email is None else reader_of(session, email, visit.today)
        if reader is None:
            raise NotFoundError("there is no such calendar")
    text = feed_of(list(events_of(visit, reader)), visit.here.mail.mail_from)
    return Response(text, media_type="text/calendar", headers={"Content-Disposition": 'inline; filename="mappa.ics"'})


def events_of(visit: Visit, reader: Reader) -> Iterator[Event]:
    """Yield the meetings of the cases that somebody may read, the nearest to come first, then those just held.

    Where there are more than a calendar can take, the furthest are left out.
    """
    query = (
        select(Meeting, Case.reference)
        .join(Case, Case.id == Meeting.case_id)
        .where(readable(reader, visit.as_at), Meeting.starts_at > visit.as_at - BACK)
        .order_by(Meeting.starts_at < visit.as_at, Meeting.starts_at, Meeting.id)
        .limit(MOST)
    )
    with visit.record.reading() as session:
        for meeting, reference in session.execute(query):
            yield Event(
                method="CANCEL" if meeting.state == MeetingState.CANCELLED else "REQUEST",
                uid=meeting.uid,
                sequence=meeting.sequence,
                stamped_at=meeting.prepared_at or london_time(meeting.planned_on, time(0)),
                starts_at=meeting.starts_at,
                minutes_long=meeting.minutes_long,
                place=meeting.place,
                reference=reference,
                level=meeting.level,
            )


@PAGES.get("/you/calendar", Action.SIGNED_IN)
def address(visit: Visit) -> Response:
    """Show whether the reader's calendar has an address, and what one is for."""
    with visit.record.reading() as session:
        return page(visit, "you_calendar.html", made=feeds.running(session, visit.reader.email), secret="")


@PAGES.post("/you/calendar", Action.SIGNED_IN)
def make(visit: Visit) -> Response:
    """Make an address for the reader's calendar, and show it this once."""
    with visit.record.writing() as session:
        secret = feeds.make(session, visit.reader.email, visit.reader.name, visit.as_at)
    with visit.record.reading() as session:
        made = feeds.running(session, visit.reader.email)
        base = (visit.here.mail.desk_url or visit.here.desk.address).rstrip("/")
        return page(visit, "you_calendar.html", made=made, secret=f"{base}/calendar/{secret}.ics")


@PAGES.post("/you/calendar/end", Action.SIGNED_IN)
def end(visit: Visit) -> Response:
    """End the address of the reader's calendar."""
    with visit.record.writing() as session:
        feeds.end(session, visit.reader.email, visit.reader.name, visit.as_at)
    return go("/you/calendar")
