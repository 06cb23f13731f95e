"""What the auditor found: one row a run, and the findings of one invariant."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

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


@dataclass(frozen=True, slots=True)
class Findings:
    """What breaks an invariant: the first subjects, by case reference or message id, and how many there are."""

    subjects: tuple[str, ...] = ()
    total: int = 0


def findings_of(session: Session, query: Select[str]) -> Findings:
    """Return what a query of subjects finds: the first by name, and the count of all, in one statement."""
    subject = query.subquery().c[0]
    rows = select(subject, func.count().over()).order_by(subject).limit(NAMED)
    found = [(str(name), int(total)) for name, total in session.execute(rows)]
    return Findings(tuple(name for name, _ in found), found[0][1] if found else 0)


def told(subjects: list[str]) -> Findings:
    """Return findings that were gathered one by one."""
    return Findings(tuple(subjects[:NAMED]), len(subjects))
