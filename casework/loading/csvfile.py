"""Reading a CSV file whole or not at all: its encoding, what stands between its cells, and its lines."""

import csv
import re
from collections.abc import Collection, Iterator
from io import TextIOWrapper
from pathlib import Path

from casework.errors import FileRefusedError
from casework.loading.lines import Line, Lines
from casework.loading.mapping import ENCODINGS, FileMapping
from casework.loading.report import OWN_COLUMNS
from policy.characters import WINDOWS, decoded_once, tidied

LONGEST_LINE = 100_000
UTF_8, UTF_16 = "utf-8-sig", "utf-16"
UTF_8_MARK, UTF_16_MARKS, UTF_32_MARK = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff"), b"\xff\xfe\0\0"
SAVE_AS_UTF_8 = "save the file with the encoding UTF-8 ('CSV UTF-8' in a spreadsheet) and load it again"
OR_SAY_WINDOWS = f"""{SAVE_AS_UTF_8}, or write encoding = "windows-1252" in a mapping file (--mapping)"""
MARK_DECODED_TWICE = "\u00ef\u00bb\u00bf"
BETWEEN = (",", ";", "\t", "|")
"""What stands between the cells of a line. The first, where two do as well."""
TOLD = re.compile(r"sep=([,;\t|])\s*", re.ASCII | re.IGNORECASE)
"""The line in front of the header by which a spreadsheet says what stands between the cells."""


def csv_lines(path: Path, known: Collection[str], mapping: FileMapping) -> Lines:
    """Return the lines of a CSV file from its header on; ``known``: the names that a header may have.

    The file says by its mark which encoding it has; without one it is UTF-8, or what the mapping says.
    """
    encoding = encoding_of(path, mapping)
    above, first = header_line(bounded_lines(path, encoding), mapping.header_line)
    if tidied(first).startswith(MARK_DECODED_TWICE) or decoded_once(first) != first:
        raise FileRefusedError("this file was decoded twice", where=f"{path}, line {above + 1}", to_do=SAVE_AS_UTF_8)
    between = max(BETWEEN, key=lambda one: named(first, one, known))

    def begin() -> Iterator[Line]:
        texts = bounded_lines(path, encoding)
        for _ in range(above):
            next(texts)
        return cells_of(path, texts, between, above)

    return Lines(str(path), begin)


def header_line(texts: Iterator[str], told: int) -> tuple[int, str]:
    """Return how many lines stand above the header, and the header; "" where there is none.

    ``told``: the number of its line. Rejects have theirs in front, whatever the source puts there.
    """
    for above, text in enumerate(texts):
        if (above == 0 and text.startswith(OWN_COLUMNS[0])) or (above + 1 >= told and not TOLD.fullmatch(text)):
            return above, text
    return 0, ""


def named(header: str, between: str, known: Collection[str]) -> int:
    """Return how many of the names that are known a header has, if this stands between them."""
    return len({tidied(name) for name in next(csv.reader([header], delimiter=between), [])}.intersection(known))


def cells_of(path: Path, texts: Iterator[str], between: str, above: int) -> Iterator[Line]:
    """Yield the lines of a CSV file; ``above``: how many lines went before."""
    reader = csv.reader(texts, delimiter=between, strict=True)
    line = above + 1
    try:
        for cells in reader:
            yield Line(line, cells)
            line = above + reader.line_num + 1
    except csv.Error as error:
        # The reader has gone on to where the quotation mark is closed, or to the end of the file.
        is_open = "; a quotation mark is opened there and not closed" if above + reader.line_num > line else ""
        raise FileRefusedError(f"this is not CSV: {error}{is_open}", where=f"{path}, line {line}") from error


def encoding_of(path: Path, mapping: FileMapping) -> str:
    """Return the encoding of a file of text, by its mark or else by the mapping; refuse one that no table has."""
    try:
        with path.open("rb") as file:
            begins = file.read(4)
    except OSError as error:
        raise FileRefusedError(f"cannot be read: {error.strerror}", where=str(path)) from error
    if begins == UTF_32_MARK:
        raise FileRefusedError("this is UTF-32", where=str(path), to_do=SAVE_AS_UTF_8)
    if begins.startswith(UTF_16_MARKS):
        return UTF_16
    if begins.startswith(UTF_8_MARK):
        return UTF_8
    # A letter of English and a zero byte, in one order or the other.
    if begins[1:2] == b"\0" or (begins[:1] == b"\0" and begins[1:2] not in (b"", b"\0")):
        raise FileRefusedError("this looks like UTF-16 without its mark", where=str(path), to_do=SAVE_AS_UTF_8)
    return ENCODINGS[mapping.encoding or "utf-8"]


def bounded_lines(path: Path, encoding: str) -> Iterator[str]:
    """Yield the lines of a file of text; refuse one that is not, or has a line no table would have."""
    number = 0
    try:
        with path.open("rb") as binary, TextIOWrapper(binary, encoding=encoding, newline="") as file:
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE or "\0" in line:
                    found = "it holds a zero byte" if "\0" in line else f"the line is longer than {LONGEST_LINE:,}"
                    raise FileRefusedError(f"this is not a CSV file of text: {found}", where=f"{path}, line {number}")
                yield line
    except UnicodeError as error:
        raise FileRefusedError(
            undecoded(error, encoding),
            where=f"{path}, after line {number}",
            to_do=OR_SAY_WINDOWS if encoding == UTF_8 else SAVE_AS_UTF_8,
        ) from error
    except OSError as error:
        raise FileRefusedError(f"cannot be read: {error.strerror}", where=str(path)) from error


def undecoded(error: UnicodeError, encoding: str) -> str:
    """Return which byte of a file is none of its encoding, and what it may be."""
    if not isinstance(error, UnicodeDecodeError) or encoding == UTF_16:
        return "this is broken UTF-16"
    byte = error.object[error.start : error.start + 1]
    if encoding == WINDOWS:
        return f"this is not Windows-1252 (byte 0x{byte.hex()})"
    letter = byte.decode(WINDOWS, "ignore")
    return f"this is not UTF-8 (byte 0x{byte.hex()})" + (f": it is {letter!r} in Windows-1252" if letter else "")
