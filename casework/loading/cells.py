"""From the text of a cell to a value: each reader returns it or raises ``ValueError`` with what is wanted."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from casework.loading.csvfile import Columns, Row
from casework.loading.report import Reject
from policy.addresses import email_address

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
Reader = Callable[[str], Any]
EARLIEST_YEAR = 1900
LATEST_YEAR = 2150


def words(longest: int) -> Reader:
    """Return a reader of text of at most ``longest`` characters."""

    def read(text: str) -> str:
        if len(text) > longest:
            raise ValueError(f"has {len(text)} characters; {longest} is the most")
        if not text.isprintable():
            raise ValueError("holds a character that cannot be printed")
        return text

    return read


def iso_date(text: str) -> date:
    """Return a date written as 2027-03-12."""
    if not ISO_DATE.fullmatch(text):
        raise ValueError(f"{text!r} is not a date in the form 2027-03-12")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day of the calendar") from error
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"{text!r} is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return day


def yes_no(text: str) -> bool:
    """Return whether a cell says yes."""
    if text.lower() not in ("yes", "no"):
        raise ValueError(f"{text!r} is neither yes nor no")
    return text.lower() == "yes"


def months(text: str) -> int:
    """Return a term in whole months, 1 to 1,200."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 1200:
        raise ValueError(f"{text!r} is not a number of months from 1 to 1200")
    return int(text)


def one_of(*enums: type[StrEnum] | Sequence[StrEnum]) -> Reader:
    """Return a reader of one of the words of the enums."""
    allowed = [str(word) for enum in enums for word in enum]

    def read(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueError(f"{text!r} is none of {', '.join(allowed)}")
        return text.lower()

    return read


def read_cells(row: Row, columns: Columns, readers: Mapping[str, Reader]) -> tuple[dict[str, Any], list[Reject]]:
    """Return the values of a row by column (an empty cell is None) and every reason against them."""
    values: dict[str, Any] = {}
    rejects = []
    for name in columns.all:
        text = row.values.get(name, "")
        if not text:
            values[name] = None
            if name in columns.required:
                rejects.append(Reject(row.line, name, "is empty; a value is wanted"))
            continue
        try:
            values[name] = readers[name](text)
        except ValueError as error:
            rejects.append(Reject(row.line, name, str(error)))
    return values, rejects


__all__ = ["email_address", "iso_date", "months", "one_of", "read_cells", "words", "yes_no"]
