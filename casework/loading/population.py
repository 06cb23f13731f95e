"""The population file: how many people aged ten and over live in an area, by the estimate of a year."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from casework.loading.as_written import AREA
from casework.loading.columns import Column, Columns, Reader
from casework.loading.kept_rows import Key, KindOfRow, load_rows
from casework.loading.lines import Row
from casework.loading.report import Reject
from models.registrations import Population
from policy.numbers import Policy
from policy.texts import plain, whole_number

FIRST_YEAR = 2001
MOST_PEOPLE = 99_999_999


def year(text: str) -> int:
    """Return the year of an estimate."""
    found = whole_number(text, 9999)
    if found is None or found < FIRST_YEAR:
        raise ValueError(f"{text!r} is not a year from {FIRST_YEAR}, the first of MAPPA, such as 2014")
    return found


def people(text: str) -> int:
    """Return a number of people, 1 or more."""
    found = whole_number(text, MOST_PEOPLE)
    if not found:
        raise ValueError(f"{text!r} is not a number of people in digits alone, such as 7326800")
    return found


def columns(_: Collection[str] = (), area: Reader = AREA) -> Columns:
    """Return the columns; ``area`` reads the name of an area."""
    return Columns(
        Column("area", area, required=True, about="The MAPPA area."),
        Column("year", year, required=True, number=True, about="The year of the mid-year estimate."),
        Column(
            "aged_10_and_over",
            people,
            required=True,
            number=True,
            about="How many people aged ten and over lived there.",
        ),
    )


def in_the_future(row: Row, values: Mapping[str, Any], policy: Policy, today: date) -> Iterator[Reject]:
    """Yield why the year of an estimate cannot be right."""
    del policy
    if values["year"] > today.year:
        yield Reject(row.line, "year", f"{values['year']} is in the future")


def key_of(values: Mapping[str, Any]) -> Key:
    """Return what tells one number from another: area and year."""
    return plain(values["area"]), values["year"]


NAMES = ("area", "year", "aged_10_and_over")
POPULATION = KindOfRow(
    file="population",
    what="population",
    table=Population,
    names={name: name for name in NAMES},
    known_by=("area", "year"),
    key=key_of,
    chain="population",
    columns=columns,
    wrong=in_the_future,
)
load_population = partial(load_rows, POPULATION)
