"""Disclosures: what somebody outside is to be told, by whom and by when, and what came of it.

Source: Joint inspection 2015, 5.23 to 5.25.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.cases import Case


class Disclosure(Base):
    """One disclosure, from its proposal until it was made; ``number`` counts within the case.

    Four eyes: ``proposed_by`` and ``approved_by`` are never the same. ``meeting_id``: decided there. ``dated_on``: the
    day of the last meeting that carried it on with a new date. ``undertaking``: the recipient undertook in writing to
    keep it to themselves; None until it was made. ``follow_at`` is the moment since which the disclosure flow owes it a
    look; None once done.
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index(
            "ix_disclosure_follow_at",
            "follow_at",
            sqlite_where=text("follow_at IS NOT NULL"),
            postgresql_where=text("follow_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    number: Mapped[int]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    to_whom: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    agency: Mapped[str] = mapped_column(String(40))
    discloser_name: Mapped[str] = mapped_column(String(120))
    discloser_email: Mapped[str | None] = mapped_column(String(254))
    due_on: Mapped[date]
    dated_on: Mapped[date | None]
    proposed_by: Mapped[str] = mapped_column(String(120))
    proposed_on: Mapped[date]
    approved_by: Mapped[str | None] = mapped_column(String(120))
    approved_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    undertaking: Mapped[str | None] = mapped_column(Text)
    not_made_reason: Mapped[str | None] = mapped_column(Text)
    follow_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
