"""Which reports are published after which periods, and from which day on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field

from policy.calendar import WorkingCalendar, add_months
from policy.parts import Part, Status

DAY = timedelta(days=1)
MONTH, QUARTER, YEAR = 1, 3, 12
YEAR_ENDS_IN = 3
"""A reporting year ends on 31 March (CJA 2003 s.326(5); annual reports of London 2013-14 and Lancashire 2014-15)."""


class Report(StrEnum):
    """A report that is published on schedule."""

    INDICATORS = "indicators"
    OUTCOMES = "outcomes"
    BOARD = "board"
    BOARD_LAY = "board-lay"
    ANNUAL = "annual"


PUBLISHED = (
    (Report.INDICATORS, MONTH),
    (Report.INDICATORS, QUARTER),
    (Report.OUTCOMES, QUARTER),
    (Report.BOARD, QUARTER),
    (Report.BOARD_LAY, QUARTER),
    (Report.ANNUAL, YEAR),
)
"""Each report with the months of its periods, in the order in which those of one day are published."""


class PublishingNumbers(Part):
    """How many working days after the end of a period its reports are published: late entries are in by then."""

    wait_working_days: int = Field(ge=1, le=60)
    source: str = Field(min_length=5)
    status: Status


@dataclass(frozen=True, slots=True)
class Due:
    """A report on the period of some months that ends on a day, and the day from which on it is published."""

    report: Report
    months: int
    ends_on: date
    due_on: date


def end_of_period(day: date, months: int) -> date:
    """Return the last day of the month, quarter or reporting year that a day lies in."""
    left = (YEAR_ENDS_IN - day.month) % months
    return add_months(day.replace(day=1), left + 1) - DAY


def planned(
    report: Report, months: int, since: date, today: date, wait: int, calendar: WorkingCalendar
) -> Iterator[Due]:
    """Yield what is published of one report: from the period that ``since`` lies in to the first that is not due yet.

    A period ends with its last day in Europe/London. Its report is due ``wait`` working days later, from midnight on.
    """
    ends_on = end_of_period(since, months)
    while True:
        due_on = calendar.add_working_days(ends_on, wait)
        yield Due(report, months, ends_on, due_on)
        if due_on > today:
            return
        ends_on = end_of_period(ends_on + DAY, months)
