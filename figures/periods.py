"""The periods that figures are counted by: months, quarters and reporting years, which end on 31 March."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Integer, case, literal

from policy.calendar import add_months
from policy.errors import WrongUsageError
from policy.words import MONTHS

YEAR = re.compile(r"(?P<year>\d{4})", re.ASCII)
QUARTER = re.compile(r"(?P<year>\d{4})-[qQ](?P<quarter>[1-4])", re.ASCII)
MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1990, 2200


class PeriodError(WrongUsageError):
    """What was asked for is no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``, both included. ``name``: in commands and tables; ``title``: in words."""

    name: str
    title: str
    first: date
    last: date


def year(text: str) -> Period:
    """Return the reporting year that ends on 31 March of a year: ``2027``."""
    match = YEAR.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
        raise PeriodError(f"{text!r} is no reporting year: write the year in which it ends on 31 March, such as 2027")
    ends = int(match["year"])
    return Period(f"{ends}", f"Year to 31 March {ends}", date(ends - 1, 4, 1), date(ends, 3, 31))


def quarter(text: str) -> Period:
    """Return a quarter of a reporting year: ``2027-Q1`` is April to June 2026."""
    match = QUARTER.fullmatch(text)
    if match is None:
        raise PeriodError(f"{text!r} is no quarter: write the reporting year and the quarter, such as 2027-Q1 for "
                          "April to June 2026")  # fmt: skip
    number = int(match["quarter"])
    first = add_months(year(match["year"]).first, 3 * (number - 1))
    last = add_months(first, 3) - timedelta(days=1)
    title = f"{MONTHS[first.month - 1]} to {MONTHS[last.month - 1]} {last.year}"
    return Period(f"{match['year']}-Q{number}", title, first, last)


def month(text: str) -> Period:
    """Return a calendar month: ``2026-04``."""
    match = MONTH.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
        raise PeriodError(f"{text!r} is no month: write year and month, such as 2026-04")
    first = date(int(match["year"]), int(match["month"]), 1)
    title = f"{MONTHS[first.month - 1]} {first.year}"
    return Period(f"{first:%Y-%m}", title, first, add_months(first, 1) - timedelta(days=1))


def span(first: date, last: date) -> Period:
    """Return the days from one to another; ``PeriodError`` where the last comes first."""
    if last < first:
        raise PeriodError(f"the period ends on {last}, before it begins on {first}")
    return Period(f"{first} to {last}", f"{first.day} {MONTHS[first.month - 1]} {first.year} to {last.day} "
                  f"{MONTHS[last.month - 1]} {last.year}", first, last)  # fmt: skip


def cut_off(period: Period, today: date) -> Period:
    """Return the days of a period that have ended by ``today``; ``PeriodError`` where none has."""
    if period.first >= today:
        raise PeriodError(f"no day of the period has ended yet: it begins on {period.first}, and it is {today}")
    return Period(period.name, period.title, period.first, min(period.last, today - timedelta(days=1)))


def months_of(period: Period) -> list[Period]:
    """Return the months of a period; of the first and the last only the days that lie in it."""
    found, first = [], date(period.first.year, period.first.month, 1)
    while first <= period.last:
        found.append(cut(month(f"{first:%Y-%m}"), period))
        first = add_months(first, 1)
    return found


def quarters_of(period: Period) -> list[Period]:
    """Return the quarters of a period; of the first and the last only the days that lie in it."""
    return list(unique(cut(quarter(quarter_name(one.first)), period) for one in months_of(period)))


def years_of(period: Period) -> list[Period]:
    """Return the reporting years of a period; of the first and the last only the days that lie in it."""
    return list(unique(cut(year(f"{reporting_year(one.first)}"), period) for one in months_of(period)))


def reporting_year(day: date) -> int:
    """Return the year in which the reporting year of a day ends."""
    return day.year + (day.month >= 4)


def quarter_name(day: date) -> str:
    """Return the quarter of a day, as commands write it."""
    return f"{reporting_year(day)}-Q{(day.month - 4) % 12 // 3 + 1}"


def last_quarter(today: date) -> Period:
    """Return the last quarter that has ended before a day."""
    this = quarter(quarter_name(today))
    return quarter(quarter_name(this.first - timedelta(days=1)))


def cut(one: Period, period: Period) -> Period:
    """Return the part of a period that lies in another."""
    return Period(one.name, one.title, max(one.first, period.first), min(one.last, period.last))


def unique(periods: Iterator[Period]) -> Iterator[Period]:
    """Yield each period once, in order."""
    yield from dict.fromkeys(periods)


def place_in(periods: Sequence[Period], day: ColumnElement[date]) -> ColumnElement[int]:
    """Return the place of a day in periods that follow each other: an expression that either database knows."""
    *others, last = enumerate(periods)
    if not others:
        return literal(last[0], Integer)
    return case(*((day <= one.last, place) for place, one in others), else_=last[0])
