"""``mappa report``: the figures, counted from the record, as text, JSON, a page, sheets or PDF."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.look import show_views
from cli.options import AsAt, Json, Limit, as_at_or_now, command, group, settings
from policy.calendar import london_date
from policy.errors import NotFoundError, WrongUsageError
from service.output import ROWS_SHOWN, print_view, say, show_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from figures.tables import Page, Table
    from models.record import Record

app = group("Make reports: figures counted from the record. Each number can say which cases it counts.")

Areas = Annotated[
    list[str] | None,
    typer.Option("--area", metavar="AREA", help="The MAPPA area. Give it again to add another area."),
]
AllAreas = Annotated[bool, typer.Option("--all", help="Every area on record, added up.")]
HtmlFile = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", dir_okay=False, help="Write the report to this file, as a web page."),
]
CsvFolder = Annotated[
    Path | None,
    typer.Option("--csv", metavar="DIR", file_okay=False, help="Write each table to a CSV file in this folder."),
]
PdfFile = Annotated[
    Path | None,
    typer.Option("--pdf", metavar="FILE", dir_okay=False, help="Write the report to this file, as a PDF."),
]
Explain = Annotated[
    str | None,
    typer.Option(
        "--explain",
        metavar="TABLE.ROW.COLUMN",
        help="List the cases that this number counts, and why. For example: yearly.level_3.category_1",
    ),
]


@command(app)
def annual(
    area: Areas = None,
    all_areas: AllAreas = False,
    year: Annotated[
        int | None,
        typer.Option(
            "--year",
            metavar="YEAR",
            min=2002,
            max=2200,
            help="The year that ends on 31 March YEAR. Default: the last one that has ended.",
        ),
    ] = None,
    html: HtmlFile = None,
    csv: CsvFolder = None,
    pdf: PdfFile = None,
    explain: Explain = None,
    as_at: AsAt = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """Make the annual report of an area.

    The tables have the layout of that year's reports. Totals are worked out and checked.
    """
    from figures.annual import report as annual_figures
    from service.open_record import record_of
    from views.reports import CountedCaseView, counted_views, report_view

    record = record_of(settings())
    today = london_date(as_at_or_now(as_at))
    with record.reading() as session:
        areas = areas_asked_for(record, session, area, all_areas)
        asked = annual_figures.asked_for(areas, year or annual_figures.last_year(today), today)
        if explain is not None:
            found = counted_views(annual_figures.explain(session, asked, explain))
            show_views(found, CountedCaseView, "this number counts no case", json, limit)
            return
        made = annual_figures.annual_report(session, asked)
    page = annual_figures.page_of(made)
    written = write(page, html, csv, pdf)
    if json:
        print_view(report_view(made))
    elif written:
        say(*(f"written: {file}" for file in written))
    else:
        print_page(page)


def areas_asked_for(record: "Record", session: "Session", areas: Sequence[str] | None, every: bool) -> list[str]:
    """Return the areas of a report as the record writes them; ``WrongUsageError`` where it is not clear which."""
    from figures.annual.report import areas_on_record
    from service.open_record import area_as_written, refuse_unknown_area
    from views.areas import areas as areas_known

    if every == bool(areas):
        raise WrongUsageError("name the area (--area, more than once to add areas up), or take every area (--all)")
    if every:
        if not (known := sorted({*areas_known(session), *areas_on_record(session)})):
            raise NotFoundError("there is nothing on record to report on yet")
        return known
    found = [area_as_written(record, area) for area in areas or ()]
    for area in found:
        refuse_unknown_area(record, area)
    return found


def write(page: "Page", html: Path | None, csv: Path | None, pdf: Path | None) -> list[Path]:
    """Write a page in the forms asked for; return the files."""
    from figures.pages import page_as_html, page_as_pdf, write_csv

    written = []
    if html is not None:
        html.write_text(page_as_html(page), encoding="utf-8")
        written.append(html)
    if csv is not None:
        written += write_csv(csv, page)
    if pdf is not None:
        pdf.write_bytes(page_as_pdf(page))
        written.append(pdf)
    return written


def print_page(page: "Page") -> None:
    """Print a page for people: its tables, then what does not hold of them."""
    say(page.title, page.about, *(f"- {point}" for point in page.points), "")
    for table in page.tables:
        print_table(table)
    say(*(f"{name}: {value}" for name, value in page.facts))


def print_table(table: "Table") -> None:
    """Print one table with its notes and its checks."""
    rows = [(row.label, *(table.shown(row, column) for column in table.columns)) for row in table.rows]
    say(table.title)
    show_table([table.stub, *(column.label for column in table.columns)], rows)
    say(*(f"  {note}" for note in table.notes))
    say(*(f"  {'checked' if check.holds else 'DOES NOT HOLD'}: {check.what}" for check in table.checks), "")
