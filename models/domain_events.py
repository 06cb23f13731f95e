"""Domain events of other services that were handled, so that none is handled twice."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class HandledEvent(Base):
    """One event of a person on record: ``event_id`` is its number on the topic it came by.

    ``outcome``: recorded, asked, or passed over; ``note``: in words, without a name. ``case_id``: the case that it
    changed or that it is asked about.
    """

    __tablename__ = "handled_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[str] = mapped_column(String(100))
    occurred_at: Mapped[datetime]
    handled_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
