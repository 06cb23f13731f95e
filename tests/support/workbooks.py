"""Workbooks as people hand them in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook


def write_workbook(path: Path, rows: Sequence[dict[str, Any]], sheet: str = "Sheet1") -> Path:
    """Write rows as a workbook of one sheet, with every column that any of them has."""
    book = Workbook()
    table = book.worksheets[0]
    table.title = sheet
    columns = list(dict.fromkeys(name for row in rows for name in row))
    table.append(columns)
    for row in rows:
        table.append([row.get(name) for name in columns])
    book.save(path)
    return path
