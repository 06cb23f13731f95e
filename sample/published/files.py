"""The files of a caseload that is made to a printed report: registrations, events, population."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from sample.names import FORENAMES, SURNAME_HEADS, SURNAME_TAILS
from sample.published.people import Made, Maker
from sample.published.reports import Published

REGISTRATIONS = ("crn", "area", "unit", "category", "level", "start_date", "end_date", "lead_agency", "location",
                 "surname", "forenames", "date_of_birth")  # fmt: skip
EVENTS = ("crn", "kind", "date", "category", "level", "detail")
POPULATION = ("area", "year", "aged_10_and_over")
LEAD = {1: "police", 2: "probation", 3: "probation"}
EARLIEST_BIRTH = date(1940, 1, 1)


@dataclass(frozen=True, slots=True)
class Files:
    """The three files, and how many people they tell of."""

    registrations: Path
    events: Path
    population: Path
    people: int


def write_caseload(folder: Path, report: Published, *, letter: str = "L", seed: int = 2014) -> Files:
    """Write the files of a report into a folder. ``letter``: the first of the CRNs, another for each report."""
    folder.mkdir(parents=True, exist_ok=True)
    people = Maker(report, seed).people()
    files = Files(folder / "registrations.csv", folder / "events.csv", folder / "population.csv", len(people))
    write(files.registrations, REGISTRATIONS, registrations(people, report, letter, Random(seed)))
    write(files.events, EVENTS, events(people, letter))
    write(files.population, POPULATION, population(report))
    return files


def write(path: Path, columns: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def registrations(people: Sequence[Made], report: Published, letter: str, rng: Random) -> Iterator[tuple[object, ...]]:
    """Yield a row for each stretch of each person."""
    for number, one in enumerate(people, 1):
        names = rng.choice(SURNAME_HEADS) + rng.choice(SURNAME_TAILS), rng.choice(FORENAMES["male"])
        born = EARLIEST_BIRTH + timedelta(days=rng.randint(0, 50 * 365))
        for at in one.stretches:
            lead = "mental_health" if at.location == "hospital" else LEAD[at.category]
            yield (crn(letter, number), at.area or report.area, at.unit, at.category, at.level, at.first,
                   at.last or "", lead, at.location, *names, born)  # fmt: skip


def events(people: Sequence[Made], letter: str) -> Iterator[tuple[object, ...]]:
    """Yield a row for each event."""
    for number, one in enumerate(people, 1):
        for kind, on, category, level in one.events:
            yield crn(letter, number), kind, on, category or "", level or "", ""


def population(report: Published) -> Iterator[tuple[object, ...]]:
    """Yield the estimate that the rate is made with, and those of the years around it."""
    if report.population:
        for year in (report.year - 2, report.year - 1, report.year):
            yield report.area, year, report.population if year == report.year - 1 else report.population // 2


def crn(letter: str, number: int) -> str:
    """Return the CRN of a person, by their number."""
    return f"{letter}{number:06d}"
