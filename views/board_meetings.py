"""The meetings of the Strategic Management Board that are on record."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.board_meetings import BoardInvitation, BoardMeeting
from policy.vocabulary import AtTheBoard
from views.model import View


class BoardInvitationView(View, title="Invitation to a meeting of the board"):
    """Somebody who was invited to a meeting of the Strategic Management Board."""

    area: str = Field(description="The MAPPA area.", examples=["London"])
    held_on: date = Field(description="The day of the meeting.")
    agency: str = Field(description="The agency.", examples=["housing"])
    name: str = Field(description="Who was invited; empty: the agency, nobody by name.", examples=["Harriet Example"])
    attendance: AtTheBoard = Field(description="How they took part.")
    counts: bool = Field(
        description="Whether MAP008 counts the agency: it is of the Responsible Authority or has a duty to co-operate."
    )


def board_meetings(session: Session, area: str | None = None) -> Iterator[BoardInvitationView]:
    """Yield who was invited to the meetings of the board, by area, the newest first."""
    meeting, one = BoardMeeting, BoardInvitation
    columns = select(meeting.area, meeting.held_on, one.agency, one.name, one.attendance, one.has_duty)
    query = columns.join_from(meeting, one, one.meeting_id == meeting.id)
    if area is not None:
        query = query.where(meeting.area == area)
    ordered = query.order_by(meeting.area, meeting.held_on.desc(), one.agency, one.name, one.id)
    for row in session.execute(ordered):
        yield BoardInvitationView(
            area=row.area,
            held_on=row.held_on,
            agency=row.agency,
            name=row.name,
            attendance=AtTheBoard(row.attendance),
            counts=row.has_duty,
        )
