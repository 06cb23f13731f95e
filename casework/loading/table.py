"""The table in a file, of whatever kind the file is: its header held against the columns, and the rows below it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from casework.errors import FileRefusedError
from casework.loading.cell_kinds import against, of_days
from casework.loading.columns import Column, Columns
from casework.loading.csvfile import csv_lines
from casework.loading.lines import CellKind, Line, Lines, Row
from casework.loading.mapping import NO_MAPPING, FileMapping
from casework.loading.recognising import is_workbook, refuse_what_is_no_table
from casework.loading.report import OWN_COLUMNS, Reject
from casework.loading.workbook import workbook_lines
from policy.characters import tidied
from policy.texts import from_spreadsheet_cell

NO_NAME = ""
NOT_READ = (CellKind.FORMULA, CellKind.ERROR)
"""What no code of a source is: its value is not what stands in the cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is read: its header as it stands, and for each column of ours its place there."""

    path: Path
    lines: Lines
    header: Sequence[str]
    places: Sequence[tuple[Column, int]]
    mapping: FileMapping

    def called(self, name: str) -> str:
        """Return what a column is called for whoever has the file before them."""
        if name in self.mapping.constants:
            return f"{name} (of the mapping)"
        theirs = self.mapping.columns.get(name)
        return name if theirs is None else f"{theirs} ({name})"

    def in_their_words(self, reasons: Sequence[Reject]) -> list[Reject]:
        """Return reasons that name the columns as the file does."""
        if self.mapping is NO_MAPPING:
            return list(reasons)
        return [replace(one, column=self.called(one.column)) for one in reasons]


def open_table(path: Path, kind: str, columns: Columns, mapping: FileMapping | None = None) -> Table:
    """Return the table of a file, CSV or XLSX, or refuse the file with what is wrong with its header.

    A spreadsheet leaves columns without a name behind: they may stand there, as long as they hold nothing.
    """
    mapping = mapping or NO_MAPPING
    mapping.refuse_what_does_not_fit(kind, columns)
    # Theirs by ours. What is the same in every row is in no column.
    theirs = {name: mapping.columns.get(name, name) for name in columns.all if name not in mapping.constants}
    lines = lines_of(path, kind, {*theirs.values(), *OWN_COLUMNS}, mapping)
    header = next(lines.begin(), None)
    if header is None or not any(cell.strip() for cell in header.cells):
        raise FileRefusedError("the file is empty", where=lines.where, to_do="its first line must name the columns")
    names = [tidied(cell) for cell in header.cells]
    refuse_header(names, columns, theirs, mapping, f"{lines.where}, line {header.number}")
    places = [(one, names.index(theirs[one.name])) for one in columns if theirs.get(one.name) in names]
    return Table(path, lines, names, places, mapping)


def lines_of(path: Path, kind: str, known: set[str], mapping: FileMapping) -> Lines:
    """Return the lines of a file, whatever kind of file it is; refuse one that holds no table."""
    if is_workbook(path):
        return workbook_lines(path, kind, mapping)
    refuse_what_is_no_table(path)
    return csv_lines(path, known, mapping)


def refuse_header(
    names: Sequence[str], columns: Columns, theirs: Mapping[str, str], mapping: FileMapping, where: str
) -> None:
    """Raise ``FileRefusedError`` where a header lacks a column, or has one that nobody knows."""
    wanted = {theirs[name]: name for name in theirs if name in columns.required or name in mapping.columns}
    known = {NO_NAME, *theirs.values(), *mapping.ignore, *OWN_COLUMNS}
    wrong = []
    if missing := [name for name in wanted if name not in names]:
        wrong.append(f"missing: {', '.join(missing)}")
    if both := [name for name in names if name in mapping.constants and name not in mapping.ignore]:
        wrong.append(f"a constant of the mapping too: {', '.join(both)}")
    if unknown := [name[:60] for name in names if name not in known and name not in both]:
        wrong.append(f"unknown: {', '.join(unknown[:10])}")
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        wrong.append(f"there twice: {', '.join(twice)}")
    if not wrong:
        return
    if mapping is NO_MAPPING:
        to_do = (
            f"the file must have {', '.join(columns.required)}; it may have "
            f"{', '.join(columns.optional) or 'no others'}; for other names use a mapping file ('mappa load map FILE')"
        )
    else:
        to_do = f"put each column of the file under [columns] or in ignore of {mapping.where}"
    raise FileRefusedError(f"wrong columns ({'; '.join(wrong)})", where=where, to_do=to_do)


def read_rows(table: Table) -> Iterator[Row | tuple[Row, Reject]]:
    """Yield each row after the header; one with too few or too many cells comes with the reason.

    Blank lines are passed over, and blank cells under no name or beyond the last.
    """
    unnamed = [index for index, name in enumerate(table.header) if name == NO_NAME]
    width = len(table.header)
    # The file of rejected rows quotes what a spreadsheet would take for a formula.
    quoted = OWN_COLUMNS[0] in table.header
    lines = table.lines.begin()
    next(lines)
    for line in lines:
        cells = line.cells
        if not any(map(tidied, cells)) and not line.odd:
            continue
        if len(cells) < width or any(map(tidied, cells[width:])):
            reason = f"the row has {len(cells)} cells, the header names {width} columns"
            yield Row(line.number, cells, {}, {}), Reject(line.number, "(row)", reason)
        elif (stray := next((index for index in unnamed if tidied(cells[index])), None)) is not None:
            reason = f"cell {stray + 1} holds {cells[stray][:60]!r}, and the header names no column there"
            yield Row(line.number, cells, {}, {}), Reject(line.number, "(row)", reason)
        else:
            yield row_of(table, replace(line, cells=[*map(from_spreadsheet_cell, cells)]) if quoted else line)


def row_of(table: Table, line: Line) -> Row:
    """Return a row with the values of its columns, as the mapping says that they are meant."""
    cells = line.cells
    if not line.odd and table.mapping is NO_MAPPING:
        values = {one.name: tidied(cell) if (cell := cells[index]) else cell for one, index in table.places}
        return Row(line.number, cells, values, {})
    values, wrong = dict(table.mapping.constants), dict[str, str]()
    for column, index in table.places:
        text, odd = tidied(cells[index]), line.odd.get(index)
        if odd is None or odd.kind not in NOT_READ:
            meant = table.mapping.meant(column.name, text)
            text, odd = (text, odd) if meant is None else (meant, None)
        if odd is not None:
            reason = against(odd.kind, odd.told, column)
        else:
            text, reason = as_day(table.mapping, column, text)
        values[column.name] = text
        if reason:
            wrong[column.name] = reason
    return Row(line.number, cells, values, wrong)


def as_day(mapping: FileMapping, column: Column, text: str) -> tuple[str, str]:
    """Return a text as its column reads it, and why it cannot: a date of theirs is one of ours."""
    if not text or not of_days(column):
        return text, ""
    try:
        return mapping.day(column.name, text), ""
    except ValueError as error:
        return text, str(error)
