"""Referrals (MAPPA A) and what screening (MAPPA Q) answered, and the history of levels."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.cases import Case


class Referral(Base):
    """One referral as it was received, complete or not; a completed one is a new row.

    ``missing`` lists what it lacks. ``returned_on``: sent back, as incomplete or by screening. ``decided_on``,
    ``decision``: screening's answer, of whatever kind. ``data`` is the form. ``letter_at`` is the moment since
    which the screening flow owes the referrer a letter; None once done.
    """

    __tablename__ = "referral"
    __table_args__ = (
        Index("ix_referral_case_received", "case_id", "received_on", "id"),
        Index(
            "ix_referral_letter_at",
            "letter_at",
            sqlite_where=text("letter_at IS NOT NULL"),
            postgresql_where=text("letter_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    received_on: Mapped[date]
    referred_by: Mapped[str] = mapped_column(String(120))
    referrer_email: Mapped[str | None] = mapped_column(String(254))
    proposed_level: Mapped[int]
    category_3: Mapped[bool] = mapped_column(default=False)
    complete: Mapped[bool]
    missing: Mapped[list[Any]] = mapped_column(default=list)
    returned_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    decision: Mapped[str | None] = mapped_column(String(30))
    screening: Mapped[dict[str, Any] | None]
    data: Mapped[dict[str, Any]]
    letter_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()


class LevelSpell(Base):
    """A level of a case from a day on, with the reason; the last one stands. ``meeting_id``: decided there.

    ``registered``: nobody decided it here: the case was taken on with it.
    """

    __tablename__ = "level_spell"
    __table_args__ = (Index("ix_level_spell_case_since", "case_id", "since", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    level: Mapped[int]
    category: Mapped[int | None]
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(String(2000))
    decided_by: Mapped[str] = mapped_column(String(120))
    meeting_id: Mapped[int | None]
    registered: Mapped[bool] = mapped_column(default=False)
