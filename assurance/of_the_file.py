"""What must hold of the file of the record itself: the auditor's look at its pages."""

from sqlalchemy.orm import Session

from assurance.findings import Findings, gathered
from models.record_checks import damaged_pages


def damaged(session: Session) -> Findings:
    """Return what SQLite finds wrong with the pages of the record."""
    found = damaged_pages(session)
    return Findings() if found is None else gathered([found])
