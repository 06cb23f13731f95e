"""Meetings: when, where, who had to come and who came."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.facts.querying import about, given
from models.cases import Case
from models.meetings import Meeting, Participant
from models.replies import answers_that_count, returned_addresses
from policy.addresses import normal
from policy.vocabulary import Attendance, MeetingState
from views.model import COUNTED, LEFT_OUT, Found, Moment, OfCase, equal, of_cases

LISTS = ("required", "invited", "accepted", "tentative", "declined", "away", "returned", "attended")
"""What a meeting says of agencies."""


class MeetingView(OfCase, title="Meeting"):
    """A meeting of a case, planned, held or cancelled. It names no person but the Chair."""

    meeting: int = Field(description="The number of the meeting on the case.", examples=[1])
    state: MeetingState = Field(description="Where it stands.")
    level: int = Field(description="The level at which it is held.", examples=[2])
    starts_at: Moment = Field(description="When it begins.")
    place: str = Field(description="Where.", examples=["Civic Centre, room 3"])
    chair: str | None = Field(description="Who chairs; null while nobody is known.")
    required: Annotated[list[str], COUNTED] = Field(
        description="The agencies that must come or report, worked out from the case; empty until the first tick."
    )
    invited: Annotated[list[str], COUNTED] = Field(
        description="The agencies of which somebody of their own has been invited; not those for which the MAPPA unit "
        "stands in."
    )
    accepted: Annotated[list[str], COUNTED] = Field(
        description="The agencies of which somebody has accepted by calendar: to the meeting as it stands now."
    )
    tentative: Annotated[list[str], LEFT_OUT] = Field(description="The agencies that may come, as their calendar says.")
    declined: Annotated[list[str], COUNTED] = Field(description="The agencies that have declined by calendar.")
    away: Annotated[list[str], LEFT_OUT] = Field(
        description="The agencies of which somebody has sent an automatic reply, such as one of out of office."
    )
    returned: Annotated[list[str], LEFT_OUT] = Field(
        description="The agencies of which somebody is on the list at an address whose e-mail comes back."
    )
    attended: Annotated[list[str], COUNTED] = Field(
        description="The agencies of which somebody came; empty until it is recorded."
    )
    minutes_on: date | None = Field(description="When the minutes became final.")
    posted_on: date | None = Field(description="When they were posted to ViSOR.")


def meetings(
    session: Session,
    *conditions: ColumnElement[bool] | None,
    crn: str | None = None,
    area: str | None = None,
    state: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> Iterator[MeetingView]:
    """Yield meetings that begin from ``since`` to ``until`` (both included), by case reference and number.

    ``conditions``: on meetings and their cases, of whoever calls.
    """
    query = given(
        of_cases(
            Meeting,
            Meeting.id,
            Meeting.number.label("meeting"),
            Meeting.state,
            Meeting.level,
            Meeting.starts_at,
            Meeting.place,
            Meeting.chair_name.label("chair"),
            Meeting.minutes_on,
            Meeting.posted_on,
        ).order_by(Case.reference, Meeting.number),
        about(crn),
        equal(Case.area, area),
        equal(Meeting.state, state),
        None if since is None else Meeting.starts_at >= since,
        None if until is None else Meeting.starts_at <= until,
        *conditions,
    ).limit(limit)
    return Found(session, query, partial(meeting_views, session))


def meeting_views(session: Session, rows: Sequence[Any]) -> Iterator[MeetingView]:
    """Yield the meetings of some rows, each with its agencies."""
    agencies = agencies_by_meeting(session, [row.id for row in rows])
    for row in rows:
        yield MeetingView(**{**row._mapping, **agencies[row.id]})


def agencies_by_meeting(session: Session, ids: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    """Return the agencies required, invited and there, and what they have answered, each once, of some meetings."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: {name: [] for name in LISTS})
    told, marked = answers_that_count(session, ids), returned_addresses(session)
    rows = session.execute(
        select(
            Participant.meeting_id,
            Participant.agency,
            Participant.email,
            Participant.required,
            Participant.invited_at.is_not(None).label("invited"),
            (Participant.status == Attendance.ATTENDED).label("attended"),
        )
        .where(Participant.meeting_id.in_(ids))
        .order_by(Participant.agency, Participant.id)
    )
    for row in rows:
        said = told.get((row.meeting_id, row.email or ""))
        comes_back = bool(row.email) and normal(row.email) in marked
        holds = {"required": row.required, "invited": row.invited, "attended": row.attended, "returned": comes_back}
        if said is not None:
            holds |= {said.answer or "": True, "away": said.away_at is not None}
        for name, agencies in found[row.meeting_id].items():
            if holds.get(name) and row.agency not in agencies:
                agencies.append(row.agency)
    return found
