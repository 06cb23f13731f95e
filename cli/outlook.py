"""``mappa report outlook``: what the next weeks bring."""

from typing import Annotated

import typer

from cli.look import show_views
from cli.options import AsAt, Json, Limit, as_at_or_now, settings
from cli.report import AllAreas, Areas, CsvFolder, Explain, HtmlFile, PdfFile, areas_asked_for, print_page, write
from policy.calendar import london_date
from service.output import ROWS_SHOWN, print_view, say

MOST_WEEKS = 104
Weeks = Annotated[
    int, typer.Option("--weeks", metavar="N", min=1, max=MOST_WEEKS, help="How many weeks ahead, with this one.")
]


def outlook(
    area: Areas = None,
    all_areas: AllAreas = False,
    weeks: Weeks = 26,
    html: HtmlFile = None,
    csv: CsvFolder = None,
    pdf: PdfFile = None,
    explain: Explain = None,
    as_at: AsAt = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """Show what the next weeks bring: meetings, releases, reviews, endings and other duties.

    By week, by the agency whose duty it is, and by the officer who manages the case; what is overdue stands apart.
    """
    from figures import outlook as figures
    from service.open_record import record_of
    from views.outlook import AheadView, ahead_views, outlook_view

    record = record_of(settings())
    with record.reading() as session:
        areas = areas_asked_for(record, session, area, all_areas)
        found = figures.outlook(session, areas, london_date(as_at_or_now(as_at)), weeks)
    if explain is not None:
        show_views(ahead_views(figures.explain(found, explain)), AheadView, "this number counts nothing", json, limit)
        return
    page = figures.page_of(found)
    written = write(page, html, csv, pdf)
    if json:
        print_view(outlook_view(found, page))
    elif written:
        say(*(f"written: {file}" for file in written))
    else:
        print_page(page)
