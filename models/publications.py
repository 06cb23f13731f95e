"""The reports of an area that are published on schedule: which are due when, and which have been."""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Publication(Base):
    """One report of one area on one period. ``published_at`` None: it waits for its day, or for its turn.

    ``months``: how long the period is. ``ends_on``: its last day. ``due_on``: from which day on it is published. The
    row after the last one that is due is always there, so that none is forgotten.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("area", "report", "period"),
        Index("ix_publication_due", "published_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    report: Mapped[str] = mapped_column(String(12))
    period: Mapped[str] = mapped_column(String(12))
    months: Mapped[int]
    ends_on: Mapped[date]
    due_on: Mapped[date]
    published_at: Mapped[datetime | None]
