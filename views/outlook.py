"""What the next weeks bring, as JSON."""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from figures.outlook import Ahead, Outlook
from figures.tables import Page
from views.model import View
from views.reports import ReportTableView, table_view


class OutlookView(View, title="Outlook"):
    """What the next weeks bring to one area, or to several added up."""

    areas: list[str] = Field(description="The areas.", examples=[["London"]])
    begins_on: date = Field(description="The day on which it was made: the first week is that of this day.")
    ends_on: date = Field(description="The Sunday of the last week.")
    tables: list[ReportTableView] = Field(description="Its tables: `weeks`, `agencies` and `officers`.")


class AheadView(View, title="What a number of the outlook counts"):
    """Something that is planned or due."""

    case: str = Field(description="The reference of the case.", examples=["LON-2026-000123"])
    crn: str = Field(description="The CRN of the person.", examples=["X320741"])
    on: date = Field(description="The day on which it is planned or due.")
    why: str = Field(description="What it is.")


def outlook_view(found: Outlook, page: Page) -> OutlookView:
    """Return an outlook as JSON has it."""
    tables = [table_view(table) for table in page.tables]
    return OutlookView(areas=found.areas, begins_on=found.today, ends_on=found.last, tables=tables)


def ahead_views(counted: Sequence[Ahead]) -> list[AheadView]:
    """Return what a number counts as JSON has it."""
    return [AheadView(case=one.case, crn=one.crn, on=one.on, why=one.why) for one in counted]
