"""``mappa report board``: the board's pack of a quarter."""

from typing import Annotated

import typer

from cli.look import show_views
from cli.measures import Explain, Quarter
from cli.options import AsAt, Json, Limit, as_at_or_now, settings
from cli.report import AllAreas, Areas, CsvFolder, HtmlFile, PdfFile, areas_asked_for, print_page, write
from policy.calendar import london_date
from service.output import ROWS_SHOWN, print_view, say

LayAdviser = Annotated[
    bool,
    typer.Option("--lay-adviser", help="The version for lay advisers: no case is named, small numbers are held back."),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="NUMBER",
        min=0,
        help="Draw the level 1 sample by this seed. Default: one that follows from area and quarter.",
    ),
]


def board(
    area: Areas = None,
    all_areas: AllAreas = False,
    quarter: Quarter = None,
    lay_adviser: LayAdviser = False,
    seed: Seed = None,
    html: HtmlFile = None,
    csv: CsvFolder = None,
    pdf: PdfFile = None,
    explain: Explain = None,
    as_at: AsAt = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """Make the board's pack of a quarter.

    Indicators with their trend, agencies below target, escalations, overdue work, reviews, a sample, data quality.
    """
    from figures import periods
    from figures.board import explain as explanation
    from figures.board.asked import asked_for
    from figures.board.report import gathered, pack_of
    from service.open_record import record_of
    from views.board import BoardCaseView, behind_views, board_view

    record, today = record_of(settings()), london_date(as_at_or_now(as_at))
    period = periods.last_quarter(today) if quarter is None else periods.quarter(quarter)
    with record.reading() as session:
        areas = areas_asked_for(record, session, area, all_areas)
        asked = asked_for(session, areas, period, today, lay_adviser=lay_adviser, seed=seed)
        if explain is not None:
            found = behind_views(explanation.explain(session, asked, explain))
            show_views(found, BoardCaseView, "this number counts no case", json, limit)
            return
        made = pack_of(gathered(session, asked))
    written = [*write(made.page(), html, None, pdf), *write(made.everything(), None, csv, None)]
    if json:
        print_view(board_view(made))
    elif written:
        say(*(f"written: {file}" for file in written))
    else:
        print_page(made.page())
