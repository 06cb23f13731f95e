"""From the text of a cell to a value, in the columns that are open: text, dates, numbers, addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.loading.columns import Columns
from casework.loading.lines import Row
from casework.loading.report import Reject
from policy.addresses import email_address
from policy.characters import LOST, character, decoded_once, unprintable, unwritten
from policy.dates import iso_day, outside
from policy.numbers import DateNumbers
from policy.texts import whole_number

# As a term is read; the longest that is accepted is the policy's (``dates``).
MOST_MONTHS = 9999
HIGHEST_AGE = 120


@dataclass(frozen=True, slots=True)
class Words:
    """Reads text of at most ``longest`` characters."""

    longest: int

    def __call__(self, text: str) -> str:
        """Return the text."""
        if len(text) > self.longest:
            raise ValueError(f"has {len(text)} characters; {self.longest} is the most")
        if text.isascii() and text.isprintable():
            return text
        if found := unwritten(text, lines=False) or unprintable(text):
            raise ValueError(found)
        if LOST in text:
            raise ValueError(f"{text!r} has lost a character ({character(text, text.index(LOST))}); write it again")
        if (meant := decoded_once(text)) != text:
            raise ValueError(
                f"{text!r} was decoded twice, {meant!r} is meant: save the file from the system it came from as UTF-8"
            )
        return text


def months(text: str) -> int:
    """Return a term in whole months, 1 or more; ``outside_limits`` tells whether it can be right."""
    found = whole_number(text, MOST_MONTHS)
    if not found:
        raise ValueError(f"{text!r} is not a number of months, such as 18")
    return found


def age(text: str) -> int:
    """Return an age in whole years, 0 to 120."""
    found = whole_number(text, HIGHEST_AGE)
    if found is None:
        raise ValueError(f"{text!r} is not an age in whole years from 0 to {HIGHEST_AGE}")
    return found


def read_cells(row: Row, columns: Columns) -> tuple[dict[str, Any], list[Reject]]:
    """Return the values of a row by column (an empty cell is None) and every reason against them."""
    values: dict[str, Any] = {}
    rejects = []
    for column in columns:
        if (wrong := row.wrong.get(column.name)) is not None:
            values[column.name] = None
            rejects.append(Reject(row.line, column.name, wrong))
            continue
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
    """Yield a reason for each day, and each term, of a row that lies outside the limits of the policy."""
    most = limits.longest_term_months
    for column in columns:
        value = values[column.name]
        if value is None:
            continue
        if isinstance(value, date) and (reason := outside(value, limits, today, column.ahead)):
            yield Reject(line, column.name, reason)
        if column.read is months and value > most:
            yield Reject(line, column.name, f"{value} months is too long: {most} is the longest term accepted")


__all__ = ["Words", "email_address", "iso_day", "months", "outside_limits", "read_cells"]
