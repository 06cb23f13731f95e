"""What is published, written down: a page to read, a sheet for a spreadsheet each table, a PDF to hand on."""

from functools import cache
from pathlib import Path

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from figures.charts import chart_of
from figures.pdf import pdf_of
from figures.tables import Page, Table
from policy.texts import csv_line

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which a spreadsheet knows the encoding of a file."""


@cache
def environment() -> Environment:
    """Return the templates of the figures."""
    found = Environment(
        loader=PackageLoader("figures"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    found.filters["chart"] = chart_of
    return found


def page_as_html(page: Page) -> str:
    """Return a page as one HTML document: its style and its charts inside it, no script, nothing fetched."""
    return environment().get_template("page.html").render(page=page)


def page_as_pdf(page: Page) -> bytes:
    """Return a page as PDF; ``figures.pdf.NoPdfError`` where the machine cannot make one."""
    return pdf_of(page_as_html(page))


def table_as_csv(table: Table) -> str:
    """Return a table as CSV: a heading, then a line a row; "no data" is an empty cell. No cell begins a formula."""
    heading = csv_line([table.stub, *(column.label for column in table.columns)])
    names = [column.name for column in table.columns]
    rows = (csv_line([row.label, *(table.value(row.name, name) for name in names)]) for row in table.rows)
    return MARK + heading + "".join(rows)


def page_as_json(page: Page) -> bytes:
    """Return a page with its tables as JSON: cells by row and column, null for no data, words for what is held back."""
    tables = [
        {
            "id": table.id,
            "title": table.title,
            "rows": [row.name for row in table.rows],
            "columns": [column.name for column in table.columns],
            "labels": {one.name: one.label for one in (*table.rows, *table.columns)},
            "cells": table.cells,
            "checks": [{"what": check.what, "holds": check.holds} for check in table.checks],
        }
        for table in page.tables
    ]
    told = {"title": page.title, "about": page.about, "facts": dict(page.facts), "tables": tables, "notes": page.notes}
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def write_csv(folder: Path, page: Page) -> list[Path]:
    """Write a file for each table of a page into a folder, which is made where it is not there; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for table in page.tables:
        file = folder / f"{table.id}.csv"
        file.write_text(table_as_csv(table), encoding="utf-8", newline="")
        files.append(file)
    return files
