"""Who holds which role: the directory, and the stored calendar of bank holidays."""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class DirectoryEntry(Base):
    """One person in one role of an agency in an area, from a day to a day (both included; None is open)."""

    __tablename__ = "directory_entry"
    __table_args__ = (
        UniqueConstraint("area", "agency", "unit", "role", "email"),
        Index("ix_directory_entry_lookup", "area", "role", "agency"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(60))
    agency: Mapped[str] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    grade: Mapped[str | None] = mapped_column(String(60))
    telephone: Mapped[str | None] = mapped_column(String(30))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class CalendarVersion(Base):
    """One version of the bank-holiday table: where it came from and the span it knows."""

    __tablename__ = "calendar_version"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(200))
    first: Mapped[date]
    last: Mapped[date]
    stored_at: Mapped[datetime]


class BankHoliday(Base):
    """One bank holiday of England and Wales in one version of the table."""

    __tablename__ = "bank_holiday"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
