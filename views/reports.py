"""Reports as JSON: the tables of figures, and whom a cell counts."""

from collections.abc import Sequence

from pydantic import Field

from figures.annual.counting import Counted
from figures.annual.report import Report
from figures.tables import Table
from views.model import View

Number = int | float | None


class ReportCheckView(View, title="Check of a table"):
    """Something that must hold of a table."""

    what: str = Field(description="What must hold, with its numbers.", examples=["row level 3: 0 + 3 + 0 = 3"])
    holds: bool = Field(description="Whether it does.")


class ReportTableView(View, title="Table of a report"):
    """One table of figures."""

    id: str = Field(description="The name by which programs know the table.", examples=["eligible"])
    title: str = Field(description="Its title.")
    rows: list[str] = Field(description="The names of its rows, in order.", examples=[["level_1", "level_2", "total"]])
    columns: list[str] = Field(description="The names of its columns, in order.", examples=[["category_1", "total"]])
    cells: dict[str, dict[str, Number]] = Field(
        description="What stands in each cell, by row and column; null: no data."
    )
    labels: dict[str, str] = Field(description="What the layout of the year calls each row and column.")
    checks: list[ReportCheckView] = Field(description="What the table was held to.")


class ReportView(View, title="Annual report"):
    """The annual report of one area, or of several added up."""

    areas: list[str] = Field(description="The areas.", examples=[["Lancashire"]])
    year: int = Field(description="The year in which the reporting year ends, on 31 March.", examples=[2015])
    layout: str = Field(description="The layout of that year: its rows and what they are called.", examples=["to-2015"])
    tables: list[ReportTableView] = Field(description="Its tables.")
    rate_per_100k: int | None = Field(
        description="Registered sexual offenders per 100,000 people aged 10 and over; null: no population is loaded."
    )


class CountedCaseView(View, title="Case that a cell counts"):
    """One of those whom a cell of a report counts, and why."""

    case: str | None = Field(description="The reference of the case; null where the person had none.")
    crn: str = Field(description="The CRN of the person.", examples=["X320741"])
    why: str = Field(description="Why it counts, with the days.")


def report_view(report: Report) -> ReportView:
    """Return an annual report as JSON has it."""
    return ReportView(
        areas=report.areas,
        year=report.year,
        layout=report.layout,
        tables=[table_view(table) for table in report.tables],
        rate_per_100k=report.rate_per_100k,
    )


def table_view(table: Table) -> ReportTableView:
    """Return a table as JSON has it; a word that stands in for a number is no data there."""
    return ReportTableView(
        id=table.id,
        title=table.title,
        rows=[row.name for row in table.rows],
        columns=[column.name for column in table.columns],
        cells={
            row: {column: None if isinstance(value, str) else value for column, value in cells.items()}
            for row, cells in table.cells.items()
        },
        labels={one.name: one.label for one in (*table.rows, *table.columns)},
        checks=[ReportCheckView(what=check.what, holds=check.holds) for check in table.checks],
    )


def counted_views(counted: Sequence[Counted]) -> list[CountedCaseView]:
    """Return whom a cell counts as JSON has it."""
    return [CountedCaseView(case=one.case, crn=one.crn, why=one.why) for one in counted]
