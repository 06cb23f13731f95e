"""Pauses: for how long a timescale prompts nobody, why, and who allowed it."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

HELD = "paused until"
"""How the reason of a message begins that a pause keeps back."""


class Pause(Base):
    """One pause of one timescale, at one revision of its due date. The database lets no two of them run at once.

    ``way``: ``snooze`` by whoever owes it, or ``stop_clock`` on somebody's ``authority``. ``until`` is the day on which
    the prompts go on. ``ended_on`` and ``ended_because`` say when and why it was over; None while it runs.
    """

    __tablename__ = "pause"
    __table_args__ = (
        Index(
            "uq_pause_one_runs",
            "timescale_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_pause_timescale", "timescale_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    timescale_id: Mapped[int] = mapped_column(ForeignKey("timescale.id"))
    revision: Mapped[int]
    way: Mapped[str] = mapped_column(String(12))
    begins_on: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    authority: Mapped[str | None] = mapped_column(String(120))
    paused_by: Mapped[str] = mapped_column(String(120))
    paused_by_email: Mapped[str | None] = mapped_column(String(254))
    ended_on: Mapped[date | None]
    ended_because: Mapped[str | None] = mapped_column(String(40))
