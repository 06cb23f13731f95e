"""Transfers of a case between areas: the sender holds it until the receiver accepts (our default)."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AreaTransfer(Base):
    """One proposal to hand a case to another area, and its answer (``decision``: accepted, declined, withdrawn)."""

    __tablename__ = "area_transfer"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]
    from_area: Mapped[str] = mapped_column(String(60))
    to_area: Mapped[str] = mapped_column(String(60))
    receiver_name: Mapped[str | None] = mapped_column(String(120))
    receiver_email: Mapped[str] = mapped_column(String(254))
    proposed_on: Mapped[date]
    proposed_by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    answered_on: Mapped[date | None]
    answered_by: Mapped[str | None] = mapped_column(String(120))
    decision: Mapped[str | None] = mapped_column(String(12))
    answer_reason: Mapped[str | None] = mapped_column(Text)
