"""Blank workbooks: filled in, each loads as it stands."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from casework.loading.cell_kinds import of_days
from casework.loading.columns import Closed
from casework.loading.kinds_of_file import FILES
from casework.loading.report import LoadReport
from casework.loading.templates import LONGEST_PROMPT, template
from models.record import Record
from tests.support.story import DARREN, DIRECTORY, at
from tests.support.taken_on import spell

TODAY = date(2026, 6, 1)
ROWS: dict[str, dict[str, str]] = {
    "sentences": DARREN,
    "directory": DIRECTORY[0],
    "registrations": spell("2020-01-01"),
    "events": {"crn": "X320741", "kind": "licence_recall", "date": "2026-01-01"},
    "population": {"area": "London", "year": "2014", "aged_10_and_over": "7326800"},
    "board-meetings": {"area": "London", "date": "2026-03-10", "agency": "housing", "attendance": "attended"},
    "board-agenda": {"area": "London", "date": "2026-09-09", "number": "1", "item": "Level 1 sample"},
    "board-actions": {
        "area": "London",
        "date": "2026-03-10",
        "number": "1",
        "action": "Report the voids",
        "owner": "Harriet Example",
        "agency": "housing",
        "due_date": "2026-09-09",
    },
    "training": {"area": "London", "date": "2026-03-10", "email": "priya@police.example", "name": "Priya Example"},
    "offences": {"offence_code": "ZZ99001", "schedule": "15", "part": "1"},
}


def as_typed(kind: str, row: dict[str, str]) -> dict[str, Any]:
    """Return a row as a spreadsheet has it once it was typed into a template: days are days, numbers are numbers."""
    columns = {one.name: one for one in FILES[kind].columns(TODAY)}
    return {
        name: datetime.fromisoformat(text) if of_days(columns[name]) and text
        else int(text) if columns[name].number and text else text
        for name, text in row.items()
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(FILES))
def test_a_template_that_was_filled_in_loads(sqlite_record: Record, tmp_path: Path, kind: str) -> None:
    if kind == "events":
        # An event is of somebody on record.
        load_filled_in(sqlite_record, tmp_path, "sentences")
    report = load_filled_in(sqlite_record, tmp_path, kind)
    assert (report.added, report.rejects) == (1, [])
    assert [one for one in report.warnings if "sheet" in one] == []


def load_filled_in(record: Record, folder: Path, kind: str) -> LoadReport:
    """Fill in a template with one row, and load it."""
    path = folder / "filled in.xlsx"
    book = load_workbook(BytesIO(template(kind, TODAY)))
    header = [cell.value for cell in book[kind][1]]
    for name, value in as_typed(kind, ROWS[kind]).items():
        book[kind].cell(2, header.index(name) + 1, value)
    book.save(path)
    return FILES[kind].load(record, path, as_at=at("2026-06-01"), actor="t")


@pytest.mark.parametrize("kind", list(FILES))
def test_a_template_has_the_columns_the_choices_and_what_each_column_is(kind: str) -> None:
    columns = FILES[kind].columns(TODAY)
    book = load_workbook(BytesIO(template(kind, TODAY)))
    assert book.sheetnames == [kind, "Notes", "Choices"]
    assert [cell.value for cell in book[kind][1]] == list(columns.all)
    rules = {one.promptTitle: one for one in book[kind].data_validations.dataValidation}
    noted = [row[0].value for row in book["Notes"].iter_rows()]
    for column in columns:
        rule = rules[column.name[:32]]
        assert 0 < len(rule.prompt) <= LONGEST_PROMPT
        assert column.name in noted
        if isinstance(column.read, Closed):
            sheet, cells = rule.formula1.split("!")
            words = [row[0].value for row in book[sheet][cells.replace("$", "")]]
            assert (rule.type, words) == ("list", list(column.read.values))
