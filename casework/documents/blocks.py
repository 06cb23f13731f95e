"""What a document is made of. Text and HTML are written from the same blocks, so neither says less than the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values."""

    form: ClassVar[str] = "facts"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their columns; the first cell of a row names it. ``nothing``: what an empty one says."""

    form: ClassVar[str] = "table"
    caption: str
    columns: Row
    rows: Sequence[Row]
    nothing: str


@dataclass(frozen=True, slots=True)
class Words:
    """What was said or decided, under a heading of its own where it has one.

    ``note`` sets apart what a reader must know about the text: that it stood in the minutes before.
    """

    form: ClassVar[str] = "words"
    text: str
    heading: str = ""
    note: str = ""


Block = Facts | Table | Words


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a document."""

    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """A document about one meeting. ``mark`` stands beside its title, ``brief`` holds it on one screen."""

    reference: str
    person: str
    crn: str
    meeting: str
    mark: str
    brief: Facts
    sections: Sequence[Section]
