"""The agenda of the board's meetings, and the actions that it set, as they are on record."""

from collections.abc import Iterator
from datetime import date

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.board_business import AgendaItem, BoardAction, overdue
from views.model import View


class AgendaItemView(View, title="Item of the board's agenda"):
    """One item on the agenda of a meeting of the Strategic Management Board."""

    area: str = Field(description="The MAPPA area.", examples=["London"])
    held_on: date = Field(description="The day of the meeting.")
    number: int = Field(description="Its number on the agenda.")
    item: str = Field(description="What is to be discussed.", examples=["Level 1 sample: what was found"])
    decision: str | None = Field(description="What the board decided; null before the meeting.")


class BoardActionView(View, title="Action of the board"):
    """One action that the Strategic Management Board set at a meeting."""

    area: str = Field(description="The MAPPA area.", examples=["London"])
    set_on: date = Field(description="The day of the meeting that set it.")
    number: int = Field(description="Its number among the actions of that day.")
    action: str = Field(description="What is to be done.", examples=["Report how many officers lack the course"])
    owner: str = Field(description="The member of the board who does it.", examples=["Priya Example"])
    agency: str = Field(description="The owner's agency.", examples=["police"])
    due_on: date = Field(description="The day by which it is to be done.")
    done_on: date | None = Field(description="The day on which it was done; null while it is open.")
    outcome: str | None = Field(description="What came of it; null while it is open.")


def agenda(session: Session, area: str | None = None) -> Iterator[AgendaItemView]:
    """Yield the agenda of each meeting of the board, by area, the newest meeting first."""
    query = select(AgendaItem)
    if area is not None:
        query = query.where(AgendaItem.area == area)
    for one in session.scalars(query.order_by(AgendaItem.area, AgendaItem.held_on.desc(), AgendaItem.number)):
        yield AgendaItemView.model_validate(one)


def board_actions(
    session: Session, area: str | None, today: date, *, only_overdue: bool = False
) -> Iterator[BoardActionView]:
    """Yield the actions of the board, by area, the earliest due first; ``only_overdue``: those open and due before."""
    query = select(BoardAction)
    if area is not None:
        query = query.where(BoardAction.area == area)
    if only_overdue:
        query = query.where(overdue(today))
    ordered = query.order_by(BoardAction.area, BoardAction.due_on, BoardAction.set_on, BoardAction.number)
    for one in session.scalars(ordered):
        yield BoardActionView(
            area=one.area,
            set_on=one.set_on,
            number=one.number,
            action=one.what,
            owner=one.owner,
            agency=one.agency,
            due_on=one.due_on,
            done_on=one.done_on,
            outcome=one.outcome,
        )
