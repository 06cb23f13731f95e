"""Meetings: who must come and who came, what was said and decided, the actions, the minutes, who stayed away."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.cases import Case
from policy.calendar import london_date


class Meeting(Base):
    """One meeting of a case, planned, held or cancelled; ``number`` counts within the case.

    ``uid`` and ``sequence`` are those of the calendar event: one event for ever, a higher number at each change.
    ``prepare_at`` is the moment since which the meetings flow owes it a look (invitations, an update, the
    minutes to send out); None once done. ``record`` is what was recorded of it, as it was accepted.
    ``moved_at_sequence`` is the change that last concerned everybody invited: its time or place; a later one concerned
    only those who came on the list or left it. ``basis`` is a hash of what the list of required agencies was made
    from; ``case_then`` what the record had of the case without a day when the meeting was recorded.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index(
            "ix_meeting_prepare_at",
            "prepare_at",
            sqlite_where=text("prepare_at IS NOT NULL"),
            postgresql_where=text("prepare_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    moved_at_sequence: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(12))
    level: Mapped[int]
    starts_at: Mapped[datetime]
    minutes_long: Mapped[int]
    place: Mapped[str] = mapped_column(String(300))
    chair_name: Mapped[str | None] = mapped_column(String(120))
    chair_email: Mapped[str | None] = mapped_column(String(254))
    papers: Mapped[list[Any]] = mapped_column(default=list)
    planned_on: Mapped[date]
    prepare_at: Mapped[datetime | None]
    prepared_at: Mapped[datetime | None]
    basis: Mapped[str | None] = mapped_column(String(64))
    case_then: Mapped[dict[str, Any] | None]
    cancelled_reason: Mapped[str | None] = mapped_column(String(500))
    # Long, and read only where the meeting itself is looked at.
    record: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    minutes_on: Mapped[date | None]
    posted_on: Mapped[date | None]

    case: Mapped[Case] = relationship()
    participants: Mapped[list["Participant"]] = relationship(back_populates="meeting", order_by="Participant.id")

    @property
    def on(self) -> date:
        """Return the day of the meeting, in Europe/London."""
        return london_date(self.starts_at)


class Participant(Base):
    """Somebody of an agency at a meeting: required or not, invited, and how they took part.

    ``email`` None: nobody on the whole line has an address. ``stands_in_for``: the role that had nobody.
    ``invited_at``: when a person of that agency was invited; None where only somebody of the MAPPA unit stands in.
    ``status`` None: not known yet. ``grade_reason`` says why a grade below the policy's minimum will do.
    """

    __tablename__ = "participant"
    __table_args__ = (Index("ix_participant_meeting_agency", "meeting_id", "agency"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    agency: Mapped[str] = mapped_column(String(40))
    name: Mapped[str | None] = mapped_column(String(120))
    role: Mapped[str | None] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    stands_in_for: Mapped[str | None] = mapped_column(String(40))
    required: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(300))
    invited_at: Mapped[datetime | None]
    status: Mapped[str | None] = mapped_column(String(24))
    grade: Mapped[str | None] = mapped_column(String(60))
    grade_reason: Mapped[str | None] = mapped_column(String(500))
    report: Mapped[str | None] = mapped_column(Text)

    meeting: Mapped[Meeting] = relationship(back_populates="participants")


class Absence(Base):
    """A required agency that neither came to a meeting nor reported, and what was done about it.

    ``nth`` counts its absences on the case; of an agency that was not ``invited`` itself it does not count. ``history``
    lists what was tried and answered: {on, by, to, answer, note}. ``settled_on``, ``settled_by``: a late report, or a
    reason that was accepted. ``withdrawn_on``, ``withdrawn_because``: a fact recorded since shows that the agency was
    not required on the day.
    """

    __tablename__ = "absence"
    __table_args__ = (UniqueConstraint("meeting_id", "agency"), Index("ix_absence_case_agency", "case_id", "agency"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    agency: Mapped[str] = mapped_column(String(40))
    nth: Mapped[int]
    status: Mapped[str] = mapped_column(String(24))
    contact_name: Mapped[str | None] = mapped_column(String(120))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    history: Mapped[list[Any]] = mapped_column(default=list)
    settled_on: Mapped[date | None]
    settled_by: Mapped[str | None] = mapped_column(String(20))
    invited: Mapped[bool] = mapped_column(default=True)
    withdrawn_on: Mapped[date | None]
    withdrawn_because: Mapped[str | None] = mapped_column(String(300))

    meeting: Mapped[Meeting] = relationship()


class Action(Base):
    """An action set at a meeting: what, who, by when; done only with an outcome. ``number`` counts within the case.

    ``dated_on``: the day of the last meeting that carried it on with a new date.
    """

    __tablename__ = "action"
    __table_args__ = (UniqueConstraint("case_id", "number"), Index("ix_action_meeting_id", "meeting_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(1000))
    agency: Mapped[str] = mapped_column(String(40))
    owner_name: Mapped[str] = mapped_column(String(120))
    owner_email: Mapped[str | None] = mapped_column(String(254))
    delegation: Mapped[str | None] = mapped_column(String(500))
    set_on: Mapped[date]
    due_on: Mapped[date]
    dated_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str | None] = mapped_column(Text)
    plan_effect: Mapped[str | None] = mapped_column(Text)
    not_done_reason: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    accepted_by: Mapped[str | None] = mapped_column(String(120))

    meeting: Mapped[Meeting] = relationship()


class MinutesVersion(Base):
    """One version of a meeting's minutes, as text and HTML; none is ever changed but in its state."""

    __tablename__ = "minutes_version"
    __table_args__ = (UniqueConstraint("meeting_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    written_by: Mapped[str] = mapped_column(String(120))
    written_on: Mapped[date]
    approved_by: Mapped[str | None] = mapped_column(String(120))
    approved_on: Mapped[date | None]
    final_on: Mapped[date | None]
    text: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="document")
    html: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="document")

    meeting: Mapped[Meeting] = relationship()
