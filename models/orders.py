"""Court orders: what they forbid, from when until when, and their breaches (SOA 2003 Part 2)."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class CourtOrder(Base):
    """One order on a person; ``number`` counts within the person, as an order outlasts a case.

    ``ends_on`` None: until further order. ``breaches`` are the days of its breaches. ``reviewed_on``: it was decided
    what comes after its end.
    """

    __tablename__ = "court_order"
    __table_args__ = (UniqueConstraint("person_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    court: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    conditions: Mapped[str] = mapped_column(Text)
    known_on: Mapped[date]
    breaches: Mapped[list[Any]] = mapped_column(default=list)
    reviewed_on: Mapped[date | None]
