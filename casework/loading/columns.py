"""The columns of a kind of file: each is declared once, with what it may hold and whether a row must fill it.

A column is read by a function from the text of its cell to its value, which raises ``ValueError`` with what is wanted.
A closed column has a ``Closed`` for it: an enumeration, whose words alone may stand there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from policy.agencies import IDENTIFYING_AGENCIES, LEAD_AGENCIES
from policy.dates import Ahead

Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Closed:
    """Reads one of a closed list of words; case does not matter. ``values``: what each word stands for.

    ``also``: words that a spreadsheet puts for some of them.
    """

    values: Mapping[str, Any]
    also: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, text: str) -> Any:
        """Return the value of a word; ``ValueError`` names every word there is."""
        word = self.also.get(text.lower(), text.lower())
        if word not in self.values:
            raise ValueError(f"{text!r} is not one of {', '.join(self.values)}")
        return self.values[word]


def one_of(words: Iterable[Enum]) -> Closed:
    """Return the reader of one of the words of an enumeration, or of a part of it."""
    return Closed({str(word.value): str(word.value) for word in words})


YES_NO = Closed({"yes": True, "no": False}, {"true": "yes", "false": "no"})


def agency(known: Iterable[str]) -> Closed:
    """Return the reader of an agency, of those that the policies know."""
    return Closed({name: name for name in known})


def lead_agency() -> Closed:
    """Return the reader of an agency that can lead a case."""
    return one_of(LEAD_AGENCIES)


def identifying_agency() -> Closed:
    """Return the reader of an agency that must identify who comes under MAPPA."""
    return one_of(IDENTIFYING_AGENCIES)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``required``: an empty cell is an error; in any other column it is no value.

    ``says_none``: the file must have the column, and an empty cell in it says that there is none. ``ahead``: what a
    date that may lie in the future is of; any other date is of what has happened. ``about``: what it holds, for
    whoever fills in a template; "" where its name says it. ``number``: it is a number, and a spreadsheet's number is as
    good as digits.
    """

    name: str
    read: Reader
    required: bool = False
    says_none: bool = False
    ahead: Ahead | None = None
    about: str = ""
    number: bool = False


class Columns:
    """The columns of a kind of file: those a row must fill, and those it may."""

    def __init__(self, *columns: Column) -> None:
        """Take the columns in the order in which they are told to people."""
        self._columns = {column.name: column for column in columns}
        self._read_by: dict[int, tuple[str, ...]] = {}

    def __iter__(self) -> Iterator[Column]:
        """Yield each column."""
        return iter(self._columns.values())

    @property
    def all(self) -> tuple[str, ...]:
        """The names of all."""
        return tuple(self._columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of those a file must have."""
        return tuple(column.name for column in self if column.required or column.says_none)

    @property
    def optional(self) -> tuple[str, ...]:
        """The names of those it may."""
        return tuple(column.name for column in self if column.name not in self.required)

    def read_by(self, reader: Reader) -> Sequence[str]:
        """Return the names of those that one reader reads."""
        # Asked of every row.
        if id(reader) not in self._read_by:
            self._read_by[id(reader)] = tuple(column.name for column in self if column.read is reader)
        return self._read_by[id(reader)]
