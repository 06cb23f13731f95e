"""The risk management plan in its versions, and what became of the people its restrictions name."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class PlanVersion(Base):
    """One version of the one plan of a case: never changed, only followed by a newer one.

    Source: Joint inspection 2015, 5.14 to 5.20.

    ``content`` is the form as it was accepted. ``differs_because``: why the lead agency's own plan is another one.
    """

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("case_id", "version"), Index("ix_plan_version_case_on", "case_id", "written_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    version: Mapped[int]
    written_on: Mapped[date]
    written_by: Mapped[str] = mapped_column(String(120))
    agency: Mapped[str] = mapped_column(String(40))
    differs_because: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    # Long, and read only where the plan itself is looked at.
    content: Mapped[dict[str, Any]] = mapped_column(deferred=True)


class ContactChange(Base):
    """Somebody whom the plan names has died, or is no longer what the plan says (Joint inspection 2015, 5.14)."""

    __tablename__ = "contact_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    person: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date]
    known_on: Mapped[date]
    recorded_at: Mapped[datetime]
    now_called: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text)
