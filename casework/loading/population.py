"""The population file: how many people aged ten and over live in an area, by the estimate of a year."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from casework.loading.as_written import AREA, areas_as_written
from casework.loading.cells import read_cells
from casework.loading.columns import Column, Columns, Reader
from casework.loading.lines import Row
from casework.loading.mapping import FileMapping
from casework.loading.reading import good_rows, read_through
from casework.loading.report import LoadReport, Progress, Reject, RejectsFile
from casework.loading.table import open_table
from models.audit import Change, append
from models.record import Record
from models.registrations import Population
from policy.calendar import london_date
from policy.texts import whole_number

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


def columns(area: Reader = AREA) -> Columns:
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


def load_population(
    record: Record,
    path: Path,
    *,
    as_at: datetime,
    actor: str,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
    mapping: FileMapping | None = None,
    areas: Collection[str] | None = None,
) -> LoadReport:
    """Load a population file; a row is known by area and year, and a later one corrects it.

    ``areas``: those for which whoever loads may load; None: every area. Raises ``FileRefusedError`` for a file that
    cannot be read whole.
    """
    known = columns(areas_as_written(record, areas))
    table = open_table(path, "population", known, mapping)
    read_through(table)
    report, today, lines = LoadReport(), london_date(as_at), dict[tuple[str, int], int]()

    def check(row: Row) -> tuple[dict[str, Any], list[Reject]]:
        values, reasons = read_cells(row, known)
        if not reasons and values["year"] > today.year:
            reasons = [Reject(row.line, "year", f"{values['year']} is in the future")]
        return values, reasons

    with RejectsFile(rejects, table.header) as rejects_file, record.writing() as session:
        there = {(one.area, one.year): one for one in session.scalars(select(Population))}
        changes: list[Change] = []
        for row, values in good_rows(table, check, report, rejects_file, progress):
            key, count = (values["area"], values["year"]), values["aged_10_and_over"]
            entry, before = there.get(key), None
            if entry is None:
                there[key] = Population(area=key[0], year=key[1], aged_10_and_over=count, loaded_at=as_at)
                session.add(there[key])
                report.added += 1
            elif entry.aged_10_and_over == count:
                report.unchanged += 1
                continue
            else:
                before = {"aged_10_and_over": entry.aged_10_and_over}
                report.change(f"line {row.line}: {key[0]} in {key[1]}: {entry.aged_10_and_over:,} -> {count:,}")
                entry.aged_10_and_over, entry.loaded_at = count, as_at
                if key in lines:
                    report.warnings.append(
                        f"lines {lines[key]} and {row.line} tell {key[0]} in {key[1]} differently; the later one stands"
                    )
            lines[key] = row.line
            what = f"{key[0]} {key[1]}"[:80]
            changes.append(
                Change(f"population/{key[0]}", "population-loaded", what, before, {"aged_10_and_over": count})
            )
        append(session, changes, actor=actor, at=as_at)
        session.flush()
        if dry_run:
            session.rollback()
    return report
