"""The meetings of the cases that somebody may read: what is planned, and what was held."""

from datetime import timedelta
from itertools import groupby

from sqlalchemy import select
from starlette.responses import Response

from models.cases import Case
from models.meetings import Meeting
from policy.calendar import london_date
from policy.vocabulary import MeetingState
from web.access.relations import readable
from web.access.rights import Action
from web.pages import page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
BACK, MOST = timedelta(days=60), 500


@PAGES.get("/meetings", Action.SIGNED_IN)
def meetings(visit: Visit) -> Response:
    """Show the meetings by day: those to come, or those of the last two months."""
    held = visit.query.get("show") == "held"
    query = (
        select(
            Meeting.number,
            Meeting.level,
            Meeting.starts_at,
            Meeting.place,
            Meeting.chair_name.label("chair"),
            Meeting.state,
            Meeting.minutes_on,
            Case.reference,
        )
        .join(Case, Case.id == Meeting.case_id)
        .where(readable(visit.reader, visit.as_at))
        .limit(MOST)
    )
    if held:
        query = query.where(Meeting.state == MeetingState.HELD, Meeting.starts_at > visit.as_at - BACK)
        query = query.order_by(Meeting.starts_at.desc(), Meeting.id)
    else:
        query = query.where(Meeting.state == MeetingState.PLANNED).order_by(Meeting.starts_at, Meeting.id)
    with visit.record.reading() as session:
        days = [
            (day, list(sitting))
            for day, sitting in groupby(session.execute(query).all(), lambda row: london_date(row.starts_at))
        ]
        return page(visit, "meetings.html", days=days, held=held)
