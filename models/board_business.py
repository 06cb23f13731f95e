"""The business of the Strategic Management Board: the agenda of each meeting, and the actions that it set.

Both stand by area and day, not by a meeting on record: an agenda is made before anybody can have come, and only who
came makes a meeting that counts.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, String, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AgendaItem(Base):
    """One item on the agenda of a meeting of the board. ``decision``: what was decided, once it has met."""

    __tablename__ = "board_agenda_item"
    __table_args__ = (UniqueConstraint("area", "held_on", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    held_on: Mapped[date]
    number: Mapped[int]
    item: Mapped[str] = mapped_column(String(500))
    decision: Mapped[str | None] = mapped_column(String(2000))
    loaded_at: Mapped[datetime]


class BoardAction(Base):
    """One action that the board set at a meeting. ``outcome``: what came of it, on the day ``done_on``."""

    __tablename__ = "board_action"
    __table_args__ = (UniqueConstraint("area", "set_on", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    set_on: Mapped[date]
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(1000))
    owner: Mapped[str] = mapped_column(String(120))
    agency: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(2000))
    loaded_at: Mapped[datetime]


def open_at_the_end_of(day: date) -> ColumnElement[bool]:
    """Return the condition that an action of the board was set by the end of a day, and not done."""
    return (BoardAction.set_on <= day) & or_(BoardAction.done_on.is_(None), BoardAction.done_on > day)


def overdue_at_the_end_of(day: date) -> ColumnElement[bool]:
    """Return the condition that an action of the board was overdue at the end of a day: its due day had ended."""
    return open_at_the_end_of(day) & (BoardAction.due_on <= day)


def overdue(today: date) -> ColumnElement[bool]:
    """Return the condition that an action of the board has not been done, and its due day is past."""
    return BoardAction.done_on.is_(None) & (BoardAction.due_on < today)
