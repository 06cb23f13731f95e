"""Reading a CSV file whole or not at all: encoding, header, and the shape of its rows."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from casework.errors import FileRefusedError
from casework.loading.columns import Columns
from casework.loading.report import OWN_COLUMNS, Reject
from policy.characters import WINDOWS, decoded_once, tidied
from policy.texts import from_spreadsheet_cell

LONGEST_LINE = 100_000
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS_UTF_8 = "save the file with the encoding UTF-8 ('CSV UTF-8' in a spreadsheet) and load it again"
NO_NAME = ""
MARK_DECODED_TWICE = "\u00ef\u00bb\u00bf"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, its cells as they stand, and the values by column, tidied."""

    line: int
    cells: Sequence[str]
    values: Mapping[str, str]


def bounded_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file; refuse one that is not text, or has a line no table would have."""
    number = 0
    try:
        with path.open("rb") as binary, TextIOWrapper(binary, encoding="utf-8-sig", newline="") as file:
            if binary.peek(2)[:2] in UTF_16:
                raise FileRefusedError("this is not UTF-8 but UTF-16", where=str(path), to_do=SAVE_AS_UTF_8)
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE or "\0" in line:
                    found = "it holds a zero byte" if "\0" in line else f"the line is longer than {LONGEST_LINE:,}"
                    raise FileRefusedError(f"this is not a CSV file of text: {found}", where=f"{path}, line {number}")
                yield line
    except UnicodeDecodeError as error:
        byte = error.object[error.start : error.start + 1]
        letter = byte.decode(WINDOWS, "ignore")
        known = f": it is {letter!r} in Windows-1252" if letter else ""
        raise FileRefusedError(
            f"this is not UTF-8 (byte 0x{byte.hex()}){known}",
            where=f"{path}, after line {number}",
            to_do=SAVE_AS_UTF_8,
        ) from error
    except OSError as error:
        raise FileRefusedError(f"cannot be read: {error.strerror}", where=str(path)) from error


def read_header(path: Path, columns: Columns) -> list[str]:
    """Return the header of a file, or refuse the file with what is wrong with it.

    A spreadsheet leaves columns without a name behind: they may stand there, as long as they hold nothing.
    """
    header = next(csv.reader(bounded_lines(path)), None)
    if header is None or not any(cell.strip() for cell in header):
        raise FileRefusedError("the file is empty", where=str(path), to_do="its first line must name the columns")
    names = [tidied(cell) for cell in header]
    if names[0].startswith(MARK_DECODED_TWICE) or decoded_once(names[0]) != names[0]:
        raise FileRefusedError("this file was decoded twice", where=f"{path}, line 1", to_do=SAVE_AS_UTF_8)
    known = {NO_NAME, *columns.all, *OWN_COLUMNS}
    wrong = []
    if missing := [name for name in columns.required if name not in names]:
        wrong.append(f"missing: {', '.join(missing)}")
    if unknown := [name[:60] for name in names if name not in known]:
        wrong.append(f"unknown: {', '.join(unknown[:10])}")
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        wrong.append(f"there twice: {', '.join(twice)}")
    if wrong:
        raise FileRefusedError(
            f"wrong columns ({'; '.join(wrong)})",
            where=f"{path}, line 1",
            to_do=f"the file must have {', '.join(columns.required)}; it may have "
            f"{', '.join(columns.optional) or 'no others'}",
        )
    return names


def read_rows(path: Path, header: Sequence[str]) -> Iterator[Row | tuple[Row, Reject]]:
    """Yield each row after the header; one with too few or too many cells comes with the reason.

    Blank lines are passed over, and blank cells under no name or beyond the last.
    """
    named = [(index, name) for index, name in enumerate(header) if name != NO_NAME]
    unnamed = [index for index, name in enumerate(header) if name == NO_NAME]
    width = len(header)
    # The file of rejected rows quotes what a spreadsheet would take for a formula.
    quoted = OWN_COLUMNS[0] in header
    reader = csv.reader(bounded_lines(path), strict=True)
    try:
        next(reader)
        line = reader.line_num + 1
        for cells in reader:
            if not any(map(tidied, cells)):
                pass
            elif len(cells) < width or any(map(tidied, cells[width:])):
                reason = f"the row has {len(cells)} cells, the header names {width} columns"
                yield Row(line, cells, {}), Reject(line, "(row)", reason)
            elif stray := next((index for index in unnamed if tidied(cells[index])), None):
                reason = f"cell {stray + 1} holds {cells[stray][:60]!r}, and the header names no column there"
                yield Row(line, cells, {}), Reject(line, "(row)", reason)
            else:
                cells = [from_spreadsheet_cell(cell) for cell in cells] if quoted else cells
                yield Row(
                    line, cells, {name: tidied(cell) if (cell := cells[index]) else cell for index, name in named}
                )
            line = reader.line_num + 1
    except csv.Error as error:
        # The reader has gone on to where the quotation mark is closed, or to the end of the file.
        is_open = "; a quotation mark is opened there and not closed" if reader.line_num > line else ""
        raise FileRefusedError(f"this is not CSV: {error}{is_open}", where=f"{path}, line {line}") from error
