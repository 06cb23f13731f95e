"""What the auditor found: one row a run, and the findings of one invariant."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

NAMED = 20
"""Subjects that a finding names at most; ``total`` counts them all."""


class AssuranceRun(Base):
    """One run of the auditor. ``ok``: every invariant was looked at, and none that stops the heartbeat was broken.

    ``findings`` are the invariants that did not hold, each {invariant, severity, total, subjects}; ``counts`` say how
    much there was to look at.
    """

    __tablename__ = "assurance_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime] = mapped_column(index=True)
    ok: Mapped[bool]
    findings: Mapped[list[Any]]
    counts: Mapped[dict[str, Any]]
