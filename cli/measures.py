"""``mappa report kpi`` and ``mappa report outcomes``: how the work is done, and what became of the people."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.look import show_views
from cli.options import AsAt, Json, Limit, as_at_or_now, settings, wrong_usage
from cli.report import AllAreas, Areas, CsvFolder, HtmlFile, PdfFile, areas_asked_for, print_page, write
from policy.calendar import london_date
from policy.errors import WrongUsageError
from service.output import ROWS_SHOWN, print_view, say
from views.times import parse_day

if TYPE_CHECKING:
    from figures.measured import Measured
    from figures.periods import Period
    from views.model import View

YearOf = Annotated[
    str | None,
    typer.Option("--year", metavar="YEAR", help="The reporting year that ends on 31 March YEAR."),
]
Quarter = Annotated[
    str | None,
    typer.Option(
        "--quarter",
        metavar="QUARTER",
        help="A quarter of a reporting year: 2027-Q1 is April to June 2026. Default: the last one that has ended.",
    ),
]
Month = Annotated[str | None, typer.Option("--month", metavar="MONTH", help="A month, such as 2026-04.")]
From = Annotated[
    date | None,
    typer.Option("--from", metavar="DATE", parser=wrong_usage(parse_day), help="From this day; needs --to."),
]
To = Annotated[
    date | None,
    typer.Option("--to", metavar="DATE", parser=wrong_usage(parse_day), help="To this day; needs --from."),
]
Explain = Annotated[
    str | None,
    typer.Option(
        "--explain",
        metavar="TABLE.ROW.COLUMN",
        help="List what is behind a number: the cases, whether each counts, and why.",
    ),
]


def kpi(
    area: Areas = None,
    all_areas: AllAreas = False,
    year: YearOf = None,
    quarter: Quarter = None,
    month: Month = None,
    from_: From = None,
    to: To = None,
    html: HtmlFile = None,
    csv: CsvFolder = None,
    pdf: PdfFile = None,
    explain: Explain = None,
    as_at: AsAt = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """Count the indicators: what was done on time, and who came to meetings.

    By month, quarter, year, area, unit, agency and level. What is due counts once its due date has passed.
    """
    from figures.indicators import explain as explanation
    from figures.indicators.report import indicator_report
    from service.open_record import record_of
    from views.indicators import ExplainedIndicatorView, explained_indicator_views, indicator_view

    record, today = record_of(settings()), london_date(as_at_or_now(as_at))
    period = period_asked_for(today, year, quarter, month, from_, to)
    with record.reading() as session:
        areas = areas_asked_for(record, session, area, all_areas)
        if explain is not None:
            cell = explanation.cell_named(explain, period, areas)
            found = explained_indicator_views(explanation.explain(session, cell, today, areas))
            show_views(found, ExplainedIndicatorView, "there is nothing behind this number", json, limit)
            return
        made = indicator_report(session, period, today, areas)
    hand_out(made, indicator_view, html, csv, pdf, json=json)


def outcomes(
    area: Areas = None,
    all_areas: AllAreas = False,
    year: YearOf = None,
    quarter: Quarter = None,
    month: Month = None,
    from_: From = None,
    to: To = None,
    html: HtmlFile = None,
    csv: CsvFolder = None,
    pdf: PdfFile = None,
    explain: Explain = None,
    as_at: AsAt = None,
    limit: Limit = ROWS_SHOWN,
    json: Json = False,
) -> None:
    """Count the outcomes: reoffending, breaches and recalls, changes of risk and level, closed cases.

    They are of people managed at level 2 or 3, beside what the joint inspection of 2015 found.
    """
    from figures.outcomes import explain as explanation
    from figures.outcomes.report import outcome_report
    from service.open_record import record_of
    from views.indicators import ExplainedOutcomeView, explained_outcome_views, outcome_view

    record, today = record_of(settings()), london_date(as_at_or_now(as_at))
    period = period_asked_for(today, year, quarter, month, from_, to)
    with record.reading() as session:
        areas = areas_asked_for(record, session, area, all_areas)
        if explain is not None:
            found = explained_outcome_views(explanation.explain(session, explain, period, today, areas))
            show_views(found, ExplainedOutcomeView, "there is nothing behind this number", json, limit)
            return
        made = outcome_report(session, period, today, areas)
    hand_out(made, outcome_view, html, csv, pdf, json=json)


def period_asked_for(
    today: date, year: str | None, quarter: str | None, month: str | None, first: date | None, last: date | None
) -> "Period":
    """Return the period asked for; without any, the last quarter that has ended by ``today``."""
    from figures import periods

    spans = first, last
    if sum(one is not None for one in (year, quarter, month)) + any(spans) > 1:
        raise WrongUsageError("give one of --year, --quarter, --month, or --from with --to")
    if any(spans) and (first is None or last is None):
        raise WrongUsageError("a period of your own needs both --from and --to")
    if first is not None and last is not None:
        return periods.span(first, last)
    if quarter is not None:
        return periods.quarter(quarter)
    if month is not None:
        return periods.month(month)
    if year is not None:
        return periods.year(year)
    return periods.last_quarter(today)


def hand_out(
    made: "Measured",
    as_view: "Callable[..., View]",
    html: Path | None,
    csv: Path | None,
    pdf: Path | None,
    *,
    json: bool,
) -> None:
    """Write a report in the forms asked for, or print it. CSV and JSON have every table, a page those to read."""
    written = [*write(made.page(), html, None, pdf), *write(made.everything(), None, csv, None)]
    if json:
        print_view(as_view(made))
    elif written:
        say(*(f"written: {file}" for file in written))
    else:
        print_page(made.page())
