"""The areas a record knows."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.cases import Case
from models.directory import DirectoryEntry
from models.people import Sentence


def areas(session: Session) -> list[str]:
    """Return every area the record knows: of cases, sentences and the directory."""
    found: set[str] = set()
    for column in (Case.area, Sentence.area, DirectoryEntry.area):
        found.update(session.scalars(each_once(column)))
    return sorted(found)


def each_once(column: InstrumentedAttribute[str]) -> Select[str]:
    """Return the query of the values of an indexed column, each once.

    It goes from one value to the next by the index: there are few areas, and a quarter of a million cases.
    """
    seen = select(func.min(column).label("value")).cte("seen", recursive=True)
    following = select(func.min(column)).where(column > seen.c.value).scalar_subquery()
    seen = seen.union_all(select(following).where(seen.c.value.is_not(None)))
    return select(seen.c.value).where(seen.c.value.is_not(None))
