"""What a spreadsheet made of a cell: a number, a date, a formula; and whether its column may take that.

A spreadsheet turns what is typed into what it takes it for: a telephone number loses its zero, a name becomes a day. A
CSV file has texts alone, so none of it can be seen there; in a workbook it can, and is told to the person.
"""

from casework.loading.cells import Words, iso_day
from casework.loading.columns import Closed, Column
from casework.loading.lines import CellKind

MOST_DIGITS = 15
"""A spreadsheet keeps this many digits of a number, and writes zeros for the rest."""
AS_TEXT = "format the cell as text, and write it again"


def of_days(column: Column) -> bool:
    """Tell whether a column holds dates."""
    return getattr(column.read, "__wrapped__", column.read) is iso_day


def of_numbers(column: Column) -> bool:
    """Tell whether a number is what a column wants, or as good as its text."""
    return isinstance(column.read, Closed | Words) or column.number


def against(kind: CellKind, text: str, column: Column) -> str:
    """Return why a column cannot take a cell of a workbook, for the person who mends it; "" where it can.

    ``text``: the cell as it is written down; of a formula the formula itself.
    """
    if kind is CellKind.FORMULA:
        return f"is a formula, {text[:60]!r}: copy the cell and paste its value in its place"
    if kind is CellKind.ERROR:
        return f"holds the error {text}: write the value"
    if kind is CellKind.DAY:
        return "" if of_days(column) else f"was turned into the date {text} by the spreadsheet: {AS_TEXT}"
    if kind is CellKind.MOMENT:
        wanted = "write the date alone" if of_days(column) else AS_TEXT
        return f"was turned into the date and time {text} by the spreadsheet: {wanted}"
    if kind is CellKind.NUMBER:
        return against_number(text, column)
    return ""


def against_number(text: str, column: Column) -> str:
    """Return why a column cannot take a number; "" where it can."""
    if of_days(column):
        return f"is the number {text}, and no date: format the cell as a date"
    if not of_numbers(column):
        return f"was turned into the number {text} by the spreadsheet, which drops zeros in front: {AS_TEXT}"
    if len(text.lstrip("-")) > MOST_DIGITS:
        return f"is a number of which the spreadsheet kept {MOST_DIGITS} digits: {AS_TEXT}"
    return ""
