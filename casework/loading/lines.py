"""A line of a file, whatever kind of file it is: its number, its cells, and what a spreadsheet made of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class CellKind(StrEnum):
    """What a cell of a workbook is, other than a text."""

    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    TRUTH = "truth"
    FORMULA = "formula"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Odd:
    """What a cell of a workbook is, other than a text. ``told``: how it is quoted to a person."""

    kind: CellKind
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its number in the file, its cells as they stand, and by their place those that are no texts."""

    number: int
    cells: Sequence[str]
    odd: Mapping[int, Odd] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file from its header on; ``begin`` begins at the header each time.

    ``where``: how errors name the file. ``warnings``: what a person should know of it.
    """

    where: str
    begin: Callable[[], Iterator[Line]]
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, its cells as they stand, and the values by column, tidied.

    ``wrong``: by column why the value cannot be right, where that is seen before it is read.
    """

    line: int
    cells: Sequence[str]
    values: Mapping[str, str]
    wrong: Mapping[str, str]
