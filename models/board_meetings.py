"""Meetings of the Strategic Management Board of an area: when it met, who was invited, and who came."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base


class BoardMeeting(Base):
    """One meeting of the board of an area: it meets once on a day."""

    __tablename__ = "board_meeting"
    __table_args__ = (UniqueConstraint("area", "held_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    held_on: Mapped[date]
    loaded_at: Mapped[datetime]
    invitations: Mapped[list["BoardInvitation"]] = relationship(
        cascade="all, delete-orphan", order_by="(BoardInvitation.agency, BoardInvitation.name, BoardInvitation.id)"
    )


class BoardInvitation(Base):
    """Somebody of an agency who was invited to a meeting of the board, and how they took part.

    ``name`` "": the agency was invited, nobody by name. ``has_duty``: by the policy on the day of the meeting, the
    agency is of the Responsible Authority or has a duty to co-operate.
    """

    __tablename__ = "board_invitation"
    __table_args__ = (UniqueConstraint("meeting_id", "agency", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("board_meeting.id"))
    agency: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120), default="")
    attendance: Mapped[str] = mapped_column(String(12))
    has_duty: Mapped[bool]
