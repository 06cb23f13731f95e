"""The annual report of one area or of several: its tables, the checks they were held to, and the rate.

Source: annual reports of London 2013-14, Lancashire 2014-15 and Norfolk 2018-19. The snapshot is of 31 March, all else
of the year to it; both are of people in the community.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from figures import periods
from figures.annual.building import across, by_level, data, listing, units
from figures.annual.counting import Asked, Counted, counted, counts
from figures.annual.happenings import areas_with_events
from figures.annual.layouts import layout_of
from figures.annual.people import areas_with_people
from figures.annual.people import eligible as people_of_the_day
from figures.annual.places import TOTAL, Place
from figures.periods import reporting_year
from figures.tables import Page, Table, Value, cell_of, words_of
from models.registrations import Population, ReportedEvent, Spell
from policy.errors import WrongUsageError
from policy.words import listed, short_date

ALL_AREAS = 42
"""How many areas there are in England and Wales."""
EVENTS = ("returned_licence", "returned_licence_people", "returned_order", "returned_order_people",
          "serious_further_offences")  # fmt: skip
NOTIFICATION = "Registered sexual offenders: notification requirements"
ORDERS = "Restrictive orders for Category 1 offenders imposed by the courts"
RATE = "Registered sexual offenders per 100,000 people aged 10 and over"
HOW = (
    "The first table and the units are a snapshot on 31 March. All else is of the year from 1 April to 31 March.",
    "Only people in the community count: nobody in prison, nobody detained in hospital.",
    "The yearly total counts each person once, at the highest level held in the year, in the category in which they"
    " first held it that year.",
    "Returns to custody and charges count at the level and in the category of the day on which they happened.",
    "The rate takes the estimate of the population of the middle of the year before, without children under 10.",
)


class NotYetError(WrongUsageError):
    """A report is asked for before its year has ended."""


@dataclass(frozen=True, slots=True)
class Report:
    """An annual report. ``year``: the one in which it ends. ``rate_per_100k``: None without a population."""

    areas: list[str]
    year: int
    layout: str
    tables: list[Table]
    rate_per_100k: int | None
    population: int | None

    def table(self, name: str) -> Table:
        """Return a table by its id; ``KeyError`` where there is none."""
        return {one.id: one for one in self.tables}[name]


def areas_on_record(session: Session) -> list[str]:
    """Return every area of which there is anything to report."""
    spells, events = select(Spell.area).distinct(), select(ReportedEvent.area).distinct()
    return sorted({*session.scalars(spells), *session.scalars(events)})


def last_year(today: date) -> int:
    """Return the last reporting year that has ended, by the year in which it did."""
    return reporting_year(today) - 1


def asked_for(areas: Sequence[str], ends: int, today: date) -> Asked:
    """Return what a report is asked about; ``NotYetError`` for a year that is not over."""
    year = periods.year(f"{ends}")
    if today <= year.last:
        raise NotYetError(f"the year to {short_date(year.last)} is not over yet: ask for {last_year(today)}",
                          where="--year")  # fmt: skip
    return Asked(sorted(set(areas)), year, layout_of(ends))


def annual_report(session: Session, asked: Asked) -> Report:
    """Return the report of some areas."""
    found = counts(session, asked)
    people = set(session.scalars(areas_with_people(asked.areas, asked.year)))
    events = set(session.scalars(areas_with_events(asked.areas, asked.year)))
    either, layout = bool(people | events), asked.layout
    eligible = by_level(asked, "eligible", found, known=bool(people))
    registered = eligible.value(TOTAL, "category_1")
    tables = [
        eligible,
        by_level(asked, "yearly", found, known=bool(people)),
        listing("notification", NOTIFICATION, layout.notification_rows, found, known=bool(events)),
        listing("orders", ORDERS, layout.order_rows, found, known=either),
        *(by_level(asked, name, found, known=either) for name in EVENTS),
        units(found, units_of(session, asked), registered),
        data(found, {"people": missing(asked, people), "events of a file": missing(asked, events)}),
    ]
    checks = across({table.id: table for table in tables})
    tables = [replace(table, checks=[*table.checks, *checks.get(table.id, ())]) for table in tables]
    population = population_of(session, asked)
    return Report(
        list(asked.areas), asked.year.last.year, layout.name, tables, rate_of(registered, population), population
    )


def missing(asked: Asked, there: Collection[str]) -> list[str]:
    """Return the areas of the report that are not among some."""
    return [area for area in asked.areas if area not in there]


def units_of(session: Session, asked: Asked) -> list[str]:
    """Return the units that had anybody on 31 March, registered or not, by name."""
    here = people_of_the_day(asked.areas, asked.year.last).c
    found = session.execute(select(here.area, here.unit).where(here.unit.is_not(None)).distinct())
    return sorted({asked.unit(area, unit) for area, unit in found})


def population_of(session: Session, asked: Asked) -> int | None:
    """Return how many aged ten and over live in the areas: the estimate of the year before; None where one lacks."""
    year = Population.year == asked.year.last.year - 1
    found = session.scalars(select(Population.aged_10_and_over).where(year, Population.area.in_(asked.areas))).all()
    return sum(found) if len(found) == len(asked.areas) else None


def rate_of(registered: Value, population: int | None) -> int | None:
    """Return registered sexual offenders per 100,000 people, to the nearest whole number."""
    if not isinstance(registered, int) or not population:
        return None
    return (registered * 200_000 + population) // (population * 2)


def explain(session: Session, asked: Asked, cell: str) -> list[Counted]:
    """Return whom a cell counts and why; ``cell``: table, row and column with dots between (``yearly.total.total``).

    ``NoSuchCellError`` where the report has no such cell, or no data for it.
    """
    return counted(session, asked, Place(*cell_of(annual_report(session, asked).tables, cell)))


def page_of(report: Report) -> Page:
    """Return a report as it is published."""
    areas = "England and Wales" if len(report.areas) == ALL_AREAS else listed(report.areas)
    estimate = f"mid-{report.year - 1} estimate" if report.population else "no estimate of the population is loaded"
    rate = f"{words_of(report.rate_per_100k)} ({estimate}{f': {report.population:,}' if report.population else ''})"
    return Page(
        title=f"MAPPA annual report {report.year - 1}/{report.year % 100:02d}",
        about=f"{areas}. Year to 31 March {report.year}.",
        tables=report.tables,
        facts=[(RATE, rate)],
        notes=HOW,
    )
