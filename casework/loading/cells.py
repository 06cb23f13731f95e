"""From the text of a cell to a value, in the columns that are open: text, dates, numbers, addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.loading.columns import Columns
from casework.loading.csvfile import Row
from casework.loading.report import Reject
from policy.addresses import email_address
from policy.dates import iso_day, outside
from policy.numbers import DateNumbers


@dataclass(frozen=True, slots=True)
class Words:
    """Reads text of at most ``longest`` characters."""

    longest: int

    def __call__(self, text: str) -> str:
        """Return the text."""
        if len(text) > self.longest:
            raise ValueError(f"has {len(text)} characters; {self.longest} is the most")
        if not text.isprintable():
            raise ValueError("holds a character that cannot be printed")
        return text


def months(text: str) -> int:
    """Return a term in whole months, 1 to 1,200."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 1200:
        raise ValueError(f"{text!r} is not a number of months from 1 to 1200")
    return int(text)


def age(text: str) -> int:
    """Return an age in whole years, 0 to 120."""
    if not text.isascii() or not text.isdigit() or int(text[:4]) > 120:
        raise ValueError(f"{text!r} is not an age in whole years from 0 to 120")
    return int(text)


def read_cells(row: Row, columns: Columns) -> tuple[dict[str, Any], list[Reject]]:
    """Return the values of a row by column (an empty cell is None) and every reason against them."""
    values: dict[str, Any] = {}
    rejects = []
    for column in columns:
        text = row.values.get(column.name, "")
        if not text:
            values[column.name] = None
            if column.required:
                rejects.append(Reject(row.line, column.name, "is empty; enter a value"))
            continue
        try:
            values[column.name] = column.read(text)
        except ValueError as error:
            rejects.append(Reject(row.line, column.name, str(error)))
    return values, rejects


def outside_limits(
    line: int, values: dict[str, Any], columns: Columns, limits: DateNumbers, today: date
) -> Iterator[Reject]:
    """Yield a reason for each day of a row that lies outside the limits of the policy."""
    for column in columns:
        if isinstance(day := values[column.name], date) and (reason := outside(day, limits, today, column.ahead)):
            yield Reject(line, column.name, reason)


__all__ = ["Words", "email_address", "iso_day", "months", "outside_limits", "read_cells"]
