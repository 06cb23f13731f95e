"""Indicators and outcomes as JSON: their tables, and what stands behind a cell."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from figures.indicators.explain import Explained
from figures.measured import Measured
from figures.outcomes.explain import Explained as ExplainedOutcome
from views.model import LEFT_OUT, View
from views.reports import ReportTableView, table_view


class MeasureReportView(View):
    """A report on a period."""

    areas: list[str] = Field(description="The areas, added up.", examples=[["London"]])
    period: str = Field(description="The period, as the command was asked for it.", examples=["2027-Q1"])
    first_day: date = Field(description="Its first day.")
    last_day: date = Field(description="Its last day.")
    counted_to: date = Field(description="The last day that was counted: the period may not be over yet.")
    tables: list[ReportTableView] = Field(
        description="Its tables. A breakdown stands three times: as shares in per cent, as what counted (`_counted`) "
        "and of how many (`_of`)."
    )


class IndicatorReportView(MeasureReportView, title="Report of the indicators"):
    """How the work was done in a period, in one area or in several added up."""


class OutcomeReportView(MeasureReportView, title="Report of the outcomes"):
    """What became of the people in a period, in one area or in several added up."""

    tables: list[ReportTableView] = Field(description="Its tables.")


class ExplainedView(View):
    """What stands behind a cell."""

    case: str | None = Field(
        description="The reference of the case; null where the person had none, and of a meeting of the board."
    )
    crn: str | None = Field(description="The CRN of the person; null of a meeting of the board.", examples=["X320741"])
    counts: bool | None = Field(
        description="Whether it counts: false for one that is only among those it is a share of, null for one that is "
        "left out."
    )
    why: str = Field(description="Why, with the days.")
    day: Annotated[date | None, LEFT_OUT] = Field(description="The day that puts it into its period; null: all of it.")
    area: Annotated[str, LEFT_OUT] = Field(description="The area at that time.")
    unit: Annotated[str, LEFT_OUT] = Field(description="The unit at that time; empty where none was known.")
    level: Annotated[int | None, LEFT_OUT] = Field(description="The level at that time; null where there was none.")


class ExplainedIndicatorView(ExplainedView, title="Row behind an indicator"):
    """One row behind a cell of the indicators, in or out."""

    agency: Annotated[str, LEFT_OUT] = Field(description="The agency whose figure it is.")
    label: Annotated[str | None, LEFT_OUT] = Field(description="What tells it from others of its case.")
    due_on: Annotated[date | None, LEFT_OUT] = Field(description="Its due date; null where it has none.")
    done_on: Annotated[date | None, LEFT_OUT] = Field(
        description="The day on which it was done, or overtaken without being done; null where neither."
    )
    days: int | None = Field(
        description="Days from its due date until it was done or overtaken, or until now; below zero: early. Null "
        "where it has no due date."
    )


class ExplainedOutcomeView(ExplainedView, title="Row behind an outcome"):
    """One event, person or closed case behind a cell of the outcomes."""


def indicator_view(report: Measured) -> IndicatorReportView:
    """Return the report of the indicators as JSON has it."""
    return IndicatorReportView(**parts_of(report))


def outcome_view(report: Measured) -> OutcomeReportView:
    """Return the report of the outcomes as JSON has it."""
    return OutcomeReportView(**parts_of(report))


def parts_of(report: Measured) -> dict[str, Any]:
    """Return what both reports have."""
    return {
        "areas": report.areas,
        "period": report.period.name,
        "first_day": report.period.first,
        "last_day": report.period.last,
        "counted_to": report.counted_to,
        "tables": [table_view(table) for table in report.tables],
    }


def explained_indicator_views(found: Iterable[Explained]) -> Iterator[ExplainedIndicatorView]:
    """Yield the rows behind a cell of the indicators as JSON has them."""
    return (ExplainedIndicatorView.model_validate(one) for one in found)


def explained_outcome_views(found: Iterable[ExplainedOutcome]) -> Iterator[ExplainedOutcomeView]:
    """Yield the rows behind a cell of the outcomes as JSON has them."""
    return (ExplainedOutcomeView.model_validate(one) for one in found)
