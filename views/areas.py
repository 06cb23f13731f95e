"""The areas a record knows."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.directory import DirectoryEntry
from models.people import Sentence


def areas(session: Session) -> list[str]:
    """Return every area the record knows: of cases, sentences and the directory."""
    found: set[str] = set()
    for column in (Case.area, Sentence.area, DirectoryEntry.area):
        found.update(session.scalars(select(column).distinct()))
    return sorted(found)
