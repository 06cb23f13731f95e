"""Timescales, the prompts raised on them, and the messages that carry prompts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.cases import Case
from models.subject_text import SubjectText
from policy.subjects import THE_CASE, Subject

WAITING = "state IN ('open', 'paused')"
"""What the clock looks at, written out: a partial index covers only a query that says it in the same words."""


class Timescale(Base):
    """Something owed on a case by a date.

    Due for a prompt means ``state = open and next_prompt_at <= now``; of one that is ``paused`` it is the moment at
    which the pause ends (``models.pauses``). ``revision`` rises when the anchor (the date it runs from) moves.
    ``ladder`` is the snapshot of the rungs, computed once a revision: a list of {rung, on, at, to, weight, message} in
    the order they go out; ``next_rung`` is the index of the next. ``named`` are the people the facts name for it, by
    role, each [e-mail, name]: the owner of an action, who is invited. ``bound_on`` is the day before which it is due,
    whatever its anchor says (a first meeting: release). ``label`` tells it from others of its kind in a message.
    ``stuck_since`` is the day of the ladder's last rung, once that has been raised. ``missed_on`` is the day on which
    something overtook it; ``reason`` says what did, or why it is not owed. ``adopted_on``, ``put_down_on``: it was
    overdue when its area was taken on, and somebody decided that it is prompted from that day on, or will not be done.
    """

    __tablename__ = "timescale"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "subject"),
        Index(
            "ix_timescale_stuck",
            "owner_role",
            "due_on",
            sqlite_where=text(f"{WAITING} AND stuck_since IS NOT NULL"),
            postgresql_where=text(f"{WAITING} AND stuck_since IS NOT NULL"),
        ),
        Index(
            "ix_timescale_owed",
            "owner_role",
            "due_on",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index(
            "ix_timescale_due",
            "next_prompt_at",
            sqlite_where=text(f"{WAITING} AND next_prompt_at IS NOT NULL"),
            postgresql_where=text(f"{WAITING} AND next_prompt_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[Subject] = mapped_column(SubjectText(), default=THE_CASE)
    label: Mapped[str | None] = mapped_column(String(80))
    revision: Mapped[int] = mapped_column(default=1)
    anchor_on: Mapped[date]
    bound_on: Mapped[date | None]
    due_on: Mapped[date]
    owner_role: Mapped[str] = mapped_column(String(40))
    owner_agency: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(300))
    met_on: Mapped[date | None]
    missed_on: Mapped[date | None]
    adopted_on: Mapped[date | None]
    put_down_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    next_prompt_at: Mapped[datetime | None]
    next_rung: Mapped[int] = mapped_column(default=0)
    stuck_since: Mapped[date | None]
    ladder: Mapped[list[Any]] = mapped_column(default=list)
    named: Mapped[dict[str, Any] | None]
    policy_version: Mapped[str] = mapped_column(String(40))
    calendar_version: Mapped[str] = mapped_column(String(40))

    case: Mapped[Case] = relationship()


class Message(Base):
    """One e-mail to one recipient; its state tells what is known of its fate.

    ``gather_key`` lets prompts for one recipient share a message: a digest a working day, one escalation a
    sweep. ``began_at`` is written before the text leaves: a claim that ended without it was never tried.
    ``refused_since`` is the first of the tries that a server has refused since it last took the message or a person
    decided. ``lease_until`` is when a claim may be taken over. ``header_id`` is the Message-ID, the same at every try.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_waiting",
            "not_before",
            sqlite_where=text("state IN ('pending', 'retry', 'claimed', 'uncertain')"),
            postgresql_where=text("state IN ('pending', 'retry', 'claimed', 'uncertain')"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    area: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(254))
    recipient_name: Mapped[str | None] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(200))
    gather_key: Mapped[str | None] = mapped_column(String(340), unique=True)
    header_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12), index=True)
    reason: Mapped[str | None] = mapped_column(String(500))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    refused_since: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    prompts: Mapped[list["Prompt"]] = relationship(back_populates="message", order_by="Prompt.id")


class Prompt(Base):
    """A rung raised to one recipient: once for ever for (timescale, revision, rung, recipient).

    ``recipient`` "" : nobody on the whole line had an address. ``first_recipient`` was asked first, where another was
    asked in the end. ``stands_in_for`` is the role that had
    nobody, where the prompt went up the line. ``hand_over_id``: it was for somebody who is away, whom the hand-over
    names, and went to their colleague. ``withdrawn`` says why it was no longer needed at sending.
    """

    __tablename__ = "prompt"
    __table_args__ = (
        UniqueConstraint("timescale_id", "revision", "rung", "recipient"),
        Index("ix_prompt_recipient", "recipient"),
        Index(
            "ix_prompt_hand_over",
            "hand_over_id",
            sqlite_where=text("hand_over_id IS NOT NULL"),
            postgresql_where=text("hand_over_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    timescale_id: Mapped[int] = mapped_column(ForeignKey("timescale.id"))
    revision: Mapped[int]
    rung: Mapped[str] = mapped_column(String(20))
    rung_on: Mapped[date]
    due_on: Mapped[date]
    weight: Mapped[str] = mapped_column(String(12))
    recipient: Mapped[str] = mapped_column(String(254))
    first_recipient: Mapped[str | None] = mapped_column(String(254))
    recipient_role: Mapped[str] = mapped_column(String(40))
    stands_in_for: Mapped[str | None] = mapped_column(String(40))
    hand_over_id: Mapped[int | None] = mapped_column(ForeignKey("hand_over.id"))
    raised_at: Mapped[datetime]
    late_by_days: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[str | None] = mapped_column(String(200))
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), index=True)

    timescale: Mapped[Timescale] = relationship()
    message: Mapped[Message] = relationship(back_populates="prompts")
