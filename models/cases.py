"""Cases (episodes), the facts people recorded on them, and problems that wait for a person or a next try."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.people import Person


class Case(Base):
    """One MAPPA episode of a person. At most one is open: the database itself holds to that.

    ``reference`` is the only name of a case outside the record. ``review_at`` is the moment from which
    the pre-release flow owes the case a look, because time alone may have changed what is owed.
    ``holds`` are the categories the rules or a running registration give, each [category, last day or null];
    ``category_history`` those that sentences and orders ever gave, each [category, first day, last day or null] (null:
    not identified since that is kept). ``end_at`` is the moment from
    which the exit planning flow owes the case a look, because something that holds the person has ended.
    ``notification_from``: the relevant date of a notification requirement without an end, ``notification_young``: the
    person was under 18 on it. ``transferred``: another area handed the case over, so a sentences file does not move it.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index(
            "uq_case_one_open_a_person",
            "person_id",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        Index("ix_case_area", "area", "reference"),
        Index(
            "ix_case_review_at",
            "review_at",
            sqlite_where=text("review_at IS NOT NULL"),
            postgresql_where=text("review_at IS NOT NULL"),
        ),
        Index(
            "ix_case_end_at",
            "end_at",
            sqlite_where=text("end_at IS NOT NULL"),
            postgresql_where=text("end_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    area: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(80))
    lead_agency: Mapped[str] = mapped_column(String(40))
    offender_manager: Mapped[str | None] = mapped_column(String(120))
    offender_manager_email: Mapped[str | None] = mapped_column(String(254), index=True)
    line_manager_email: Mapped[str | None] = mapped_column(String(254), index=True)
    police_offender_manager: Mapped[str | None] = mapped_column(String(120))
    police_offender_manager_email: Mapped[str | None] = mapped_column(String(254), index=True)
    location: Mapped[str] = mapped_column(String(12))
    prison: Mapped[str | None] = mapped_column(String(80))
    rosh_level: Mapped[str | None] = mapped_column(String(12))
    victim_contact: Mapped[bool] = mapped_column(default=False)
    circumstances: Mapped[dict[str, Any] | None]
    holds: Mapped[list[Any]] = mapped_column(default=list)
    category_history: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    restricted: Mapped[bool] = mapped_column(default=False)
    category: Mapped[int | None]
    categories: Mapped[list[Any]] = mapped_column(default=list)
    level: Mapped[int | None]
    level_set_on: Mapped[date | None]
    stage: Mapped[str] = mapped_column(String(20))
    release_date: Mapped[date | None]
    eligible_until: Mapped[date | None]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    closed_reason: Mapped[str | None] = mapped_column(String(500))
    review_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    notification_from: Mapped[date | None]
    notification_young: Mapped[bool] = mapped_column(default=False)
    transferred: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(back_populates="cases")


class CaseNumber(Base):
    """The last number given in an area and year, and the area's prefix: ``LON-2026-000123``."""

    __tablename__ = "case_number"
    __table_args__ = (UniqueConstraint("prefix", "year"),)

    area: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(String(6))
    last: Mapped[int]


class Fact(Base):
    """What a person recorded on a case: never changed, only added to. ``data`` is the file as it was accepted."""

    __tablename__ = "fact"
    __table_args__ = (
        Index("ix_fact_case_kind", "case_id", "kind", "on_date"),
        Index("ix_fact_recorded_at", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str] = mapped_column(String(30))
    on_date: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]]


class Draft(Base):
    """What somebody wanted to record and was refused, with the reasons: nothing that was typed is lost.

    ``settled_at``: the same kind was recorded for the person later, or somebody dropped the draft.

    A form that somebody has in hand at the desk is a draft, too: ``ticket`` tells it from any other, and a form with
    one ticket is recorded once at most; ``owner`` is the address of whoever has it in hand. ``outcome`` is what came
    of recording it, {case, summary, changes}. ``aside`` is what its page keeps beside the form: of a meeting, the steps
    that were saved, and which words of the last time were said to be still right. ``as_typed`` are the bytes that came,
    where ``data`` cannot hold all of them.
    """

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_crn_kind", "crn", "kind"), Index("ix_draft_owner", "owner"))

    id: Mapped[int] = mapped_column(primary_key=True)
    crn: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(30))
    data: Mapped[dict[str, Any]]
    reasons: Mapped[list[Any]]
    kept_at: Mapped[datetime]
    kept_by: Mapped[str] = mapped_column(String(120))
    settled_at: Mapped[datetime | None]
    ticket: Mapped[str | None] = mapped_column(String(40), unique=True)
    owner: Mapped[str | None] = mapped_column(String(254))
    outcome: Mapped[dict[str, Any] | None]
    aside: Mapped[dict[str, Any] | None]
    as_typed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class CaseReader(Base):
    """Somebody who may read a restricted case: with any on the list, nobody else may, whatever their role."""

    __tablename__ = "case_reader"

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), primary_key=True)


FAILURE = "failure"
QUESTION = "question"
"""What a problem is: work that is tried again, or something that a person decides."""
WHOSE_DUTY = "whose_duty"
"""The stage of a question about whose a duty is."""


def about_duty(timescale_id: int) -> str:
    """Return the subject of a question about a duty."""
    return f"timescale {timescale_id}"


class Problem(Base):
    """Work that could not be done: what, why, how often tried, when next; a question waits for a person.

    ``subject`` names the thing in the stage's own terms (``case 12``). ``next_try_at`` None: not tried again
    before a person has acted. ``answered_by``: the kinds of fact that answer a question.
    """

    __tablename__ = "problem"
    __table_args__ = (
        Index(
            "uq_problem_open",
            "stage",
            "subject",
            unique=True,
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(2000))
    answered_by: Mapped[list[Any]] = mapped_column(default=list)
    tries: Mapped[int] = mapped_column(default=1)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
