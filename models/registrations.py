"""A caseload taken on with its history: registrations, the events the figures count, and how many people live where."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Registration(Base):
    """One row of a registrations file: a person at one category and level from a day on, as another system had them.

    ``ends_on``: the last day; None while it runs. ``flags``: what today's rules would not allow, as codes; such a row
    is history, and stands on the list of data quality until somebody settles it. ``withdrawn_on``: it was told in
    error, and nothing is counted or owed by it.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("person_id", "starts_on", "category", "level"),
        Index("ix_registration_case", "case_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    area: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(80))
    category: Mapped[int]
    level: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    lead_agency: Mapped[str] = mapped_column(String(40))
    location: Mapped[str | None] = mapped_column(String(12))
    flags: Mapped[list[Any]] = mapped_column(default=list)
    loaded_at: Mapped[datetime]
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None] = mapped_column(String(500))


class Spell(Base):
    """A stretch of days on which a case stood at one category and level, in one place, area and unit.

    The figures are counted from spells. Those of a case follow each other without a gap and never overlap; they are
    worked out anew from the facts of the case whenever these change. ``ends_on``: the last day; None while it runs.
    ``category``: the primary one; ``categories``: all that held. A case without a level has ``level`` None.
    """

    __tablename__ = "spell"
    __table_args__ = (
        UniqueConstraint("case_id", "starts_on"),
        Index("ix_spell_area", "area", "starts_on", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    area: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(80))
    lead_agency: Mapped[str] = mapped_column(String(40))
    location: Mapped[str] = mapped_column(String(12))
    category: Mapped[int | None]
    categories: Mapped[list[Any]] = mapped_column(default=list)
    level: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class ReportedEvent(Base):
    """One row of an events file: something that the annual report or the outcomes count.

    ``category`` and ``level`` are those at the time: as the file gives them, else those of the person on that day.
    ``number`` tells events of one kind and day apart.
    """

    __tablename__ = "reported_event"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "on_date", "number"),
        Index("ix_reported_event_area", "area", "on_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    area: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    on_date: Mapped[date]
    number: Mapped[int] = mapped_column(default=1)
    category: Mapped[int | None]
    level: Mapped[int | None]
    detail: Mapped[str | None] = mapped_column(String(500))
    loaded_at: Mapped[datetime]


class Population(Base):
    """How many people aged ten and over live in an area, by the estimate that a reporting year's rate is made with.

    ``year``: the year whose estimate it is; the report of the year that ends on 31 March takes that of the year before.
    """

    __tablename__ = "population"

    area: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    aged_10_and_over: Mapped[int]
    loaded_at: Mapped[datetime]
