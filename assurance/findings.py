"""What the auditor found: the subjects of one invariant, and how many there are."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.assurance import NAMED


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


def gathered(subjects: list[str]) -> Findings:
    """Return findings that were gathered one by one."""
    return Findings(tuple(subjects[:NAMED]), len(subjects))
