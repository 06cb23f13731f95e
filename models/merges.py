"""Merges: two records of one person that were made one, and what is needed to part them again."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Merge(Base):
    """One record of a person folded into another. ``case_id`` is kept; ``other_case_id`` is closed.

    ``moved`` are the rows that changed hands, by table, each [id, its number before]. ``before`` is what both cases
    said of themselves until then. ``split_on``: the day on which the two were parted again; None while it stands.
    """

    __tablename__ = "merge"
    __table_args__ = (Index("ix_merge_case", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    other_case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    other_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_on: Mapped[date]
    moved: Mapped[dict[str, Any]] = mapped_column(default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    split_on: Mapped[date | None]
