"""What happens to a person in custody, on leave or on licence, and what each event leaves to be done."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CustodyEvent(Base):
    """One event (docs/reference/events.md); ``number`` counts within the case.

    ``level`` and ``category`` are those on the day of the event: returns to custody are counted by them.
    ``from_on``, ``until_on``: a leave begins and ends. ``victim_contact``: a victim is to hear of it. ``serious``: a
    serious further offence. The days below them say when what the event left to do was done.
    """

    __tablename__ = "custody_event"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    on_date: Mapped[date]
    recorded_at: Mapped[datetime]
    level: Mapped[int | None]
    category: Mapped[int | None]
    data: Mapped[dict[str, Any]]
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    victim_contact: Mapped[bool] = mapped_column(default=False)
    serious: Mapped[bool] = mapped_column(default=False)
    consulted_on: Mapped[date | None]
    reviewed_on: Mapped[date | None]
    victim_told_on: Mapped[date | None]
    partnered_on: Mapped[date | None]
    returned_on: Mapped[date | None]
