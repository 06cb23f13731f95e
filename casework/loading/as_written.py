"""Names that a file tells in other letters than the record has them: what was written first stands.

Two systems write one area, prison or person in capitals and in small letters, with this apostrophe or that. None of it
is news, and none of it makes two of one.
"""

from typing import Any

from sqlalchemy import select

from casework.loading.cells import Words
from models.cases import CaseNumber
from models.directory import DirectoryEntry
from models.record import Record
from policy.addresses import normal
from policy.texts import plain, same

AREA = Words(60)


def alike(one: Any, other: Any) -> bool:
    """Tell whether two values are one: texts in their normal form, anything else as it is."""
    if one == other:
        return True
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    # A point and a hyphen make two mailboxes of one, though one name.
    return normal(one) == normal(other) if "@" in one + other else same(one, other)


class AsFirstWritten:
    """Reads a name; one that is known in other letters is returned as it was written first."""

    def __init__(self, read: Words, known: list[str]) -> None:
        """Take how a name is read, and the names that are known, the oldest first."""
        self.read = read
        self.spelt = {name: name for name in known}
        self.first: dict[str, str] = {}
        for name in known:
            self.first.setdefault(plain(name), name)

    def __call__(self, text: str) -> str:
        """Return the name; ``ValueError`` where it is none."""
        if text not in self.spelt:
            name = self.read(text)
            self.spelt[text] = self.first.setdefault(plain(name) or name, name)
        return self.spelt[text]


def areas_as_written(record: Record) -> AsFirstWritten:
    """Return the reader of areas, which knows those of the directory and of the cases."""
    of_directory = select(DirectoryEntry.area).group_by(DirectoryEntry.area).order_by(DirectoryEntry.area)
    of_cases = select(CaseNumber.area).group_by(CaseNumber.area).order_by(CaseNumber.area)
    with record.reading() as session:
        known = [*session.scalars(of_directory), *session.scalars(of_cases)]
    return AsFirstWritten(AREA, known)
