"""What is published, written down: a page to read, a sheet for a spreadsheet each table, a PDF to hand on."""

import csv
from functools import cache
from io import StringIO
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from figures.charts import chart_of
from figures.pdf import pdf_of
from figures.tables import Page, Table
from policy.texts import spreadsheet_cell

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
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([spreadsheet_cell(one) for one in (table.stub, *(column.label for column in table.columns))])
    for row in table.rows:
        values = [table.value(row.name, column.name) for column in table.columns]
        writer.writerow([spreadsheet_cell(one) for one in (row.label, *values)])
    return MARK + out.getvalue()


def write_csv(folder: Path, page: Page) -> list[Path]:
    """Write a file for each table of a page into a folder, which is made where it is not there; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for table in page.tables:
        file = folder / f"{table.id}.csv"
        file.write_text(table_as_csv(table), encoding="utf-8", newline="")
        files.append(file)
    return files
