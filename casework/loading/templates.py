"""Blank workbooks to fill in, one for each kind of file, made from the columns that the loader reads.

A template loads as it stands: its table is the sheet called like the kind of file, its notes are passed over, and the
sheet that holds the choices is hidden.
"""

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from casework.loading.cell_kinds import of_days
from casework.loading.columns import Closed, Column, Columns
from casework.loading.kinds_of_file import FILES
from casework.loading.value_words import in_words

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

NOTES, CHOICES = "Notes", "Choices"
LAST_ROW = 1_048_576
LONGEST_PROMPT, LONGEST_TITLE = 255, 32
"""As long as a spreadsheet lets them be."""
WIDEST, NARROWEST = 60, 14
AS_TEXT, AS_DATE = "@", "yyyy-mm-dd"
REQUIRED_FILL = "FFF2CC"
NOTES_ABOVE = (
    "Fill in one row for each entry on the sheet {kind!r}, from row 2 on. Columns with a coloured name are required.",
    "Write dates as dates, or as 2027-03-12. Delete columns that you do not need, but for the required ones.",
    "Then load the file: mappa load {kind} FILE.xlsx, or at the desk under 'Load a file'.",
)


def template(kind: str, today: date) -> bytes:
    """Return a blank workbook for a kind of file; ``today`` is of no effect but on short numbers of the past."""
    # Imported here because every command would wait for it, and few write a workbook.
    from openpyxl import Workbook

    book = Workbook()
    table = book.worksheets[0]
    table.title = kind
    columns = FILES[kind].columns(today)
    write_notes(book.create_sheet(NOTES), kind, columns)
    choices = book.create_sheet(CHOICES)
    choices.sheet_state = "hidden"
    for place, column in enumerate(columns, start=1):
        write_column(table, choices, place, column)
    table.freeze_panes = "A2"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def write_column(table: "Worksheet", choices: "Worksheet", place: int, column: Column) -> None:
    """Write a column of the table: its name, how its cells are formatted, and what may be chosen there."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(place)
    name = table.cell(1, place, column.name)
    name.font = Font(bold=True)
    if column.required or column.says_none:
        name.fill = PatternFill("solid", fgColor=REQUIRED_FILL)
    width = table.column_dimensions[letter]
    width.width = max(NARROWEST, len(column.name) + 2)
    # Text, so that the spreadsheet makes no number of an identifier and no date of a name.
    width.number_format = AS_DATE if of_days(column) else "General" if column.number else AS_TEXT
    if isinstance(column.read, Closed):
        for row, word in enumerate((column.name, *column.read.values), start=1):
            choices.cell(row, place, word).number_format = AS_TEXT
        last = len(column.read.values) + 1
        rule = DataValidation("list", formula1=f"{CHOICES}!${letter}$2:${letter}${last}", allow_blank=True)
        rule.errorTitle, rule.error = "Not in the list", "Choose one of the list."
        rule.showErrorMessage = True
    else:
        rule = DataValidation(allow_blank=True)
    rule.promptTitle, rule.prompt = column.name[:LONGEST_TITLE], shortened(note_of(column))
    rule.showInputMessage = True
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    table.add_data_validation(rule)


def write_notes(notes: "Worksheet", kind: str, columns: Columns) -> None:
    """Write what the file holds, and of each column whether it is required, what it says and what to write."""
    from openpyxl.styles import Alignment, Font

    notes.append([FILES[kind].title])
    for line in NOTES_ABOVE:
        notes.append([line.format(kind=kind)])
    notes.append([])
    notes.append(["Column", "Required", "What it says", "What to write"])
    for cell in (notes.cell(1, 1), *notes[notes.max_row]):
        cell.font = Font(bold=True)
    for column in columns:
        required = "yes" if column.required else ""
        notes.append([column.name, required, column.about, what_to_write(column)])
        notes.cell(notes.max_row, 4).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCD", (32, 10, WIDEST, WIDEST), strict=True):
        notes.column_dimensions[letter].width = width


def what_to_write(column: Column) -> str:
    """Return what a column takes, in plain words."""
    return in_words(column.read).replace("`", "")


def note_of(column: Column) -> str:
    """Return what a person reads who comes to a cell of a column."""
    required = " Required." if column.required else ""
    written = "" if isinstance(column.read, Closed) else f" {what_to_write(column).capitalize()}."
    return f"{column.about}{required}{written}".strip() or "Choose one of the list."


def shortened(text: str) -> str:
    """Return a text that is not longer than a spreadsheet shows."""
    return text if len(text) <= LONGEST_PROMPT else f"{text[: LONGEST_PROMPT - 3]}..."
