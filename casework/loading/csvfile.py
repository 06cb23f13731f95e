"""Reading a CSV file whole or not at all: encoding, header, and the shape of its rows."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casework.errors import FileRefusedError
from casework.loading.columns import Columns
from casework.loading.report import OWN_COLUMNS, Reject
from policy.characters import tidied

LONGEST_LINE = 100_000


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
        with path.open(encoding="utf-8-sig", newline="") as file:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE or "\0" in line:
                    found = "it holds a zero byte" if "\0" in line else f"the line is longer than {LONGEST_LINE:,}"
                    raise FileRefusedError(f"this is not a CSV file of text: {found}", where=f"{path}, line {number}")
                yield line
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            f"this is not UTF-8 (byte 0x{error.object[error.start]:02x})",
            where=f"{path}, after line {number}",
            to_do="save the file with the encoding UTF-8 ('CSV UTF-8' in a spreadsheet) and load it again",
        ) from error
    except OSError as error:
        raise FileRefusedError(f"cannot be read: {error.strerror}", where=str(path)) from error


def read_header(path: Path, columns: Columns) -> list[str]:
    """Return the header of a file, or refuse the file with what is wrong with it."""
    header = next(csv.reader(bounded_lines(path)), None)
    if header is None or not any(cell.strip() for cell in header):
        raise FileRefusedError("the file is empty", where=str(path), to_do="its first line must name the columns")
    names = [tidied(cell) for cell in header]
    known = set(columns.all) | set(OWN_COLUMNS)
    wrong = []
    if missing := [name for name in columns.required if name not in names]:
        wrong.append(f"missing: {', '.join(missing)}")
    if unknown := [name[:60] or "(a column without a name)" for name in names if name not in known]:
        wrong.append(f"unknown: {', '.join(unknown[:10])}")
    if twice := sorted({name for name in names if names.count(name) > 1}):
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

    Blank lines are passed over.
    """
    reader = csv.reader(bounded_lines(path), strict=True)
    try:
        next(reader)
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                yield Row(line, cells, {name: tidied(cell) for name, cell in zip(header, cells, strict=True)})
            elif any(cell.strip() for cell in cells):
                reason = f"the row has {len(cells)} cells, the header names {len(header)} columns"
                yield Row(line, cells, {}), Reject(line, "(row)", reason)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileRefusedError(f"this is not CSV: {error}", where=f"{path}, line {reader.line_num}") from error
