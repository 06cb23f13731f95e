"""Names that a file tells in other letters than the record has them: what was written first stands.

Two systems write one area, prison or person in capitals and in small letters, with this apostrophe or that. None of it
is news, and none of it makes two of one.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from casework.loading.cells import Words
from casework.loading.columns import Reader
from models.cases import CaseNumber
from models.directory import DirectoryEntry
from models.record import Record
from policy.addresses import normal
from policy.texts import plain, same
from policy.words import listed

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


class OneOfOurs:
    """Reads the name of an area, and refuses those for which whoever loads the file may not load."""

    def __init__(self, read: AsFirstWritten, areas: Collection[str]) -> None:
        """Take how areas are read, and those that are allowed."""
        self.read, self.areas = read, frozenset(areas)

    def __call__(self, text: str) -> str:
        """Return the name; ``ValueError`` where it is none, or not one that is allowed."""
        if (area := self.read(text)) not in self.areas:
            raise ValueError(f"{area!r} is not an area for which you may load; yours: {listed(sorted(self.areas))}")
        return area


def areas_as_written(record: Record, only: Collection[str] | None = None) -> Reader:
    """Return the reader of areas, which knows those of the directory and of the cases.

    ``only``: the areas for which whoever loads the file may load; None: every area.
    """
    of_directory = select(DirectoryEntry.area).group_by(DirectoryEntry.area).order_by(DirectoryEntry.area)
    of_cases = select(CaseNumber.area).group_by(CaseNumber.area).order_by(CaseNumber.area)
    with record.reading() as session:
        known = [*session.scalars(of_directory), *session.scalars(of_cases)]
    read = AsFirstWritten(AREA, known)
    return read if only is None else OneOfOurs(read, only)
