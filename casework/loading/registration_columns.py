"""The columns of the registrations file, and what must hold between the cells of one row."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from casework.loading.as_written import AREA
from casework.loading.cells import Words, outside_limits, read_cells
from casework.loading.columns import Closed, Column, Columns, Reader, lead_agency, one_of
from casework.loading.lines import Row
from casework.loading.report import Reject
from casework.loading.sentence_columns import day
from policy import identifiers
from policy.book import PolicyBook
from policy.vocabulary import Category, Level, Location

IDENTITY = ("surname", "forenames", "date_of_birth")
SAYS = ("area", "unit", "lead_agency", "location", "ends_on")
"""What a registration says besides what it is known by."""
Key = tuple[str, date, int, int | None]
NO_LEVEL = "none"


def columns(area: Reader = AREA) -> Columns:
    """Return the columns; ``area`` reads the name of an area."""
    return Columns(
        Column("crn", identifiers.crn, required=True, about="The case reference number of probation (Delius)."),
        Column("area", area, required=True, about="The MAPPA area that managed the person."),
        Column(
            "category",
            Closed({str(one.value): one.value for one in Category}),
            required=True,
            about="The MAPPA category.",
        ),
        Column(
            "level",
            Closed({str(one.value): one.value for one in Level} | {NO_LEVEL: None}),
            says_none=True,
            about="The level; empty or none: no level was set.",
        ),
        Column("start_date", day, required=True, about="The first day at this category and level."),
        Column("lead_agency", lead_agency(), required=True, about="The agency with statutory authority over the case."),
        Column("end_date", day, about="The last day; empty while it runs."),
        Column("unit", Words(80), about="The probation delivery unit or team."),
        Column("location", one_of(Location), about="Where the person was."),
        Column("surname", Words(100)),
        Column("forenames", Words(100)),
        Column("date_of_birth", day),
    )


def impossible_dates(line: int, values: dict[str, Any]) -> Iterator[Reject]:
    """Yield a reason for each pair of dates that cannot both be true."""
    born, start, end = values["date_of_birth"], values["start_date"], values["end_date"]
    if end is not None and end < start:
        yield Reject(line, "end_date", f"{end} is before the start date {start}")
    if born is not None and start <= born:
        yield Reject(line, "start_date", f"{start} is not after the date of birth {born}")


def check(row: Row, known: Columns, book: PolicyBook, today: date) -> tuple[dict[str, Any], list[Reject]]:
    """Return the values of one row and every reason against it."""
    values, rejects = read_cells(row, known)
    if not rejects:
        limits = book.for_area(values["area"], today).dates
        rejects = [*outside_limits(row.line, values, known, limits, today), *impossible_dates(row.line, values)]
    return values, rejects


def key_of(values: dict[str, Any]) -> Key:
    """Return what tells one registration from another."""
    return values["crn"], values["start_date"], values["category"], values["level"]


def said(values: dict[str, Any]) -> dict[str, Any]:
    """Return what a row says, by the column of the record."""
    return {
        "category": values["category"],
        "level": values["level"],
        "starts_on": values["start_date"],
        "ends_on": values["end_date"],
        "area": values["area"],
        "unit": values["unit"],
        "lead_agency": values["lead_agency"],
        "location": values["location"],
    }
