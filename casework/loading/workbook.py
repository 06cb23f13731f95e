"""Reading a workbook (XLSX) whole or not at all: the sheet that holds the table, and what its cells are.

A workbook is a ZIP archive of XML. What comes from outside may be made to unpack without end, so its size is looked at
before anything is read, and how many cells it has while it is.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from casework.errors import FileRefusedError
from casework.loading.lines import CellKind, Line, Lines, Odd
from casework.loading.mapping import FileMapping
from casework.loading.report import OWN_COLUMNS
from policy.characters import tidied
from policy.texts import plain
from policy.words import listed

if TYPE_CHECKING:
    from openpyxl import Workbook

Sheet = Any
"""A sheet that is read: the stubs of the library know those alone that are written."""

LARGEST_UNPACKED = 100_000_000
MOST_PARTS = 2_000
MOST_CELLS = 2_000_000
MOST_ROWS = 1_048_576
"""More than an area needs, all four: 10,000 people have half a million cells."""
READ_AT_ONCE = 1 << 20
NOTES = "notes"
"""The sheet of a template that explains its columns: it is never the table, and not missed."""
SAVE_AS_CSV = "save the sheet as CSV UTF-8, and load that"
SAVE_AGAIN = "open it in the spreadsheet, save it again, and load that"
ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)")
OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
CELL = re.compile(rb"<(?:\w+:)?c\b")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z0-9:]{2,20})"')
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
MERGED_SHOWN = 5
MIDNIGHT = time(0)

# What it leaves out of a workbook (pictures, rules of validation) is none of the table.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\b")


def workbook_lines(path: Path, kind: str, mapping: FileMapping) -> Lines:
    """Return the lines of the sheet that holds the table, from its header on.

    It is the one that the mapping names, else one called like the kind of file or like the file itself, else the first
    that is not hidden.
    """
    refuse_what_may_harm(path)
    with opened(path) as (book, archive):
        sheet = sheet_of(book, path, kind, mapping)
        where = f"{path}, sheet {sheet.title!r}"
        merged, hidden = looked_through(archive, part_of(sheet))
        if merged:
            raise FileRefusedError(
                f"cells are merged: {', '.join(merged[:MERGED_SHOWN])}",
                where=where,
                to_do="unmerge them, so that each row has a value of its own",
            )
        lines = list(lines_in(sheet, where, mapping.header_line))
        told = list(warnings_of(book, archive, sheet, hidden))
    if any(odd.kind is CellKind.FORMULA for line in lines for odd in line.odd.values()):
        with opened(path, values=True) as (book, _):
            computed = lines_in(sheet_of(book, path, kind, mapping), where, mapping.header_line)
            lines = list(with_values(lines, computed))
    return Lines(where, lambda: iter(lines), told)


@contextmanager
def opened(path: Path, *, values: bool = False) -> Iterator[tuple["Workbook", ZipFile]]:
    """Yield a workbook and its archive; whatever breaks while it is read is told as a broken workbook.

    ``values``: of a formula read what it came to, not what it is.
    """
    # Imported here because every command would wait for it, and few read a workbook.
    from openpyxl import load_workbook

    try:
        with ZipFile(path) as archive:
            book = load_workbook(path, read_only=True, data_only=values)
            try:
                yield book, archive
            finally:
                book.close()
    except FileRefusedError:
        raise
    # A broken workbook breaks its reader in every way there is.
    except Exception as error:
        raise FileRefusedError(
            f"this workbook is broken ({type(error).__name__})", where=str(path), to_do=SAVE_AGAIN
        ) from error


def refuse_what_may_harm(path: Path) -> None:
    """Raise ``FileRefusedError`` for a workbook that needs a password, unpacks without end, or declares entities."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if any(part.flag_bits & 1 for part in parts):
                raise FileRefusedError(
                    "this workbook has a password", where=str(path), to_do="save it without one, and load that"
                )
            if size > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
                raise FileRefusedError(
                    f"this workbook is too large: it unpacks to {size // 1_000_000:,} MB in {len(parts):,} parts; "
                    f"{LARGEST_UNPACKED // 1_000_000} MB in {MOST_PARTS:,} are the most",
                    where=str(path),
                    to_do=SAVE_AS_CSV,
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    refuse_entities(archive, part.filename, path)
    except FileRefusedError:
        raise
    # An archive that is broken in one of its parts: a wrong checksum, an end too soon, a way of packing nobody uses.
    except Exception as error:
        raise FileRefusedError(
            "this workbook is broken, or not all of it has arrived", where=str(path), to_do=SAVE_AGAIN
        ) from error


def refuse_entities(archive: ZipFile, part: str, path: Path) -> None:
    """Raise ``FileRefusedError`` where a part of a workbook declares what no spreadsheet writes into one."""
    for index, tags in enumerate(tags_of(archive, part)):
        if ENTITIES.search(tags) or (index == 0 and tags.startswith(OTHER_ENCODINGS)):
            raise FileRefusedError("no spreadsheet wrote this workbook", where=f"{path}, {part}", to_do=SAVE_AS_CSV)


def tags_of(archive: ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part of a workbook in pieces that each end with a whole tag."""
    rest = b""
    with archive.open(part) as file:
        while read := file.read(READ_AT_ONCE):
            read = rest + read
            end = read.rfind(b">") + 1
            if end == 0 and len(read) > READ_AT_ONCE:
                raise ValueError("a tag without an end")
            yield read[:end]
            rest = read[end:]
    yield rest


def looked_through(archive: ZipFile, part: str) -> tuple[list[str], int]:
    """Return the cells of a sheet that are merged, and how many of its rows are hidden."""
    merged: list[str] = []
    hidden = 0
    for tags in tags_of(archive, part):
        merged += [found.decode() for found in MERGED.findall(tags)]
        hidden += len(HIDDEN_ROW.findall(tags))
    return merged, hidden


def part_of(sheet: Sheet) -> str:
    """Return the part of the archive that holds a sheet."""
    return str(sheet._worksheet_path).lstrip("/")


def sheet_of(book: "Workbook", path: Path, kind: str, mapping: FileMapping) -> Sheet:
    """Return the sheet that holds the table."""
    sheets: Sequence[Sheet] = book.worksheets
    titles = ", ".join(repr(one.title) for one in sheets)
    if mapping.sheet is not None:
        found = next((one for one in sheets if plain(one.title) == plain(mapping.sheet)), None)
        if found is None:
            raise FileRefusedError(
                f"there is no sheet {mapping.sheet!r}", where=str(path), to_do=f"its sheets are {titles}"
            )
        return found
    seen = [one for one in sheets if one.sheet_state == "visible" and plain(one.title) != NOTES]
    if not seen:
        raise FileRefusedError("every sheet of this workbook is hidden", where=str(path), to_do="show the one to load")
    called = {plain(kind), plain(path.stem)}
    return next((one for one in seen if plain(one.title) in called), seen[0])


def warnings_of(book: "Workbook", archive: ZipFile, sheet: Sheet, hidden: int) -> Iterator[str]:
    """Yield what a person should know of a workbook: sheets that were not read, and rows that they do not see."""
    others: Iterable[Sheet] = (one for one in book.worksheets if one.title != sheet.title and plain(one.title) != NOTES)
    left = [
        repr(one.title)
        for one in others
        if one.sheet_state == "visible" and any(map(CELL.search, tags_of(archive, part_of(one))))
    ]
    if left:
        yield f"only the sheet {sheet.title!r} was read, not {listed(left)}"
    if hidden:
        yield f"{hidden:,} rows of the sheet are hidden, perhaps by a filter; they were read too"


def lines_in(sheet: Sheet, where: str, header_line: int) -> Iterator[Line]:
    """Yield the lines of a sheet from its header on, but for blank ones; each as wide as the header at least."""
    sheet.reset_dimensions()
    count, width = 0, 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        count += len(row) + 1
        if number > MOST_ROWS or count > MOST_CELLS:
            raise FileRefusedError(f"the sheet has more than {MOST_CELLS:,} cells", where=where, to_do=SAVE_AS_CSV)
        found = [told(cell) for cell in row]
        while found and found[-1] == ("", None):
            found.pop()
        cells = [text for text, _ in found]
        if not found or (number < header_line and tidied(cells[0]) != OWN_COLUMNS[0]):
            continue
        if not width:
            width, header_line = len(cells), number
        odd = {place: one for place, (_, one) in enumerate(found) if one is not None}
        yield Line(number, cells + [""] * (width - len(cells)), odd)


def told(cell: Any) -> tuple[str, Odd | None]:
    """Return a cell as it is written down, and what it is if it is no text."""
    value = cell.value
    if value is None:
        return "", None
    if cell.data_type == "f":
        formula = str(getattr(value, "text", None) or value)
        return formula, Odd(CellKind.FORMULA, formula)
    if cell.data_type == "e":
        return str(value), Odd(CellKind.ERROR, str(value))
    if isinstance(value, str):
        return value, None
    text, kind = written(value)
    return text, Odd(kind, text)


def written(value: Any) -> tuple[str, CellKind]:
    """Return a value of a cell that is no text as it is written down, and its kind."""
    if isinstance(value, bool):
        return str(value).upper(), CellKind.TRUTH
    if isinstance(value, datetime) and value.time() != MIDNIGHT:
        return value.isoformat(" "), CellKind.MOMENT
    if isinstance(value, date):
        return value.isoformat()[:10], CellKind.DAY
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value), CellKind.NUMBER if isinstance(value, int | float) else CellKind.MOMENT


def with_values(lines: Iterable[Line], computed: Iterable[Line]) -> Iterator[Line]:
    """Yield lines with what their formulas came to: it is what a rejected row gives back to be looked at."""
    values = {line.number: line.cells for line in computed}
    for line in lines:
        there = values.get(line.number, ())
        cells = [
            (there[place] if place < len(there) else "") if is_formula(line, place) else cell
            for place, cell in enumerate(line.cells)
        ]
        yield replace(line, cells=cells)


def is_formula(line: Line, place: int) -> bool:
    """Tell whether a cell is a formula."""
    odd = line.odd.get(place)
    return odd is not None and odd.kind is CellKind.FORMULA
