"""Measurements of files: sentences that are loaded, and a caseload that is taken on.

Each is run by ``bench.measures`` in a process of its own.
"""

import csv
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.fresh_record import AS_AT, fresh
from bench.memory import peak_mb
from casework.loading import load_registrations, load_sentences
from sample.area import sentence_rows
from sample.names import SENTENCE_COLUMNS


def load(url: str, rows: str) -> dict[str, Any]:
    """Load a sentences file of so many rows, and the same file again."""
    count = int(rows)
    record = fresh(url)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentences.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, SENTENCE_COLUMNS)
            writer.writeheader()
            for number, row in enumerate(sentence_rows(today=date(2026, 11, 23), people=count, faults=False)):
                if number == count:
                    break
                writer.writerow(row)
        start = time.perf_counter()
        report = load_sentences(record, path, as_at=AS_AT, actor="bench")
        first = time.perf_counter() - start
        start = time.perf_counter()
        again = load_sentences(record, path, as_at=AS_AT, actor="bench")
        second = time.perf_counter() - start
    # Chance makes a few invented people with one sentence told twice; those rows stay out, as they should.
    assert report.added + report.rejected == count, report
    assert report.rejected <= count // 1000, report
    assert again.unchanged == report.added, again
    return {"seconds": first, "again": second, "mb": peak_mb()}


def registrations(url: str, rows: str, one_by_one: str) -> dict[str, Any]:
    """Take on a caseload of so many registrations, and the same file again; then some, each in a load of its own."""
    count = int(rows)
    record = fresh(url)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registrations.csv"
        write_registrations(path, 0, count)
        start = time.perf_counter()
        report = load_registrations(record, path, as_at=AS_AT, actor="bench")
        first = time.perf_counter() - start
        mb = peak_mb()
        start = time.perf_counter()
        again = load_registrations(record, path, as_at=AS_AT, actor="bench")
        second = time.perf_counter() - start
        start = time.perf_counter()
        for number in range(int(one_by_one)):
            write_registrations(path, count + number, 1)
            load_registrations(record, path, as_at=AS_AT, actor="bench")
        each = (time.perf_counter() - start) / int(one_by_one)
    assert (report.added, again.unchanged) == (count, count), (report, again)
    return {"seconds": first, "again": second, "mb": mb, "one_by_one": each * count}


def write_registrations(path: Path, first: int, count: int) -> None:
    """Write registrations of invented people: two each, the second of which runs, at levels and categories in turn."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow((*REGISTRATION, "surname", "forenames", "date_of_birth"))
        for number in range(first, first + count):
            person, is_second = divmod(number, 2)
            began = date(2010, 1, 1) + timedelta(days=person % 3000)
            changed = began + timedelta(days=400)
            days = (changed, "") if is_second else (began, changed - timedelta(days=1))
            crn = f"{'ABCDEFGH'[person // 1_000_000]}{person % 1_000_000:06d}"
            at = (1 + person % 2, 1 + (person + is_second) % 3)
            who = (f"Invented {person}", "Bench", date(1980, 1, 1))
            writer.writerow((crn, "Benchshire", "North", *at, *days, "police", "community", *who))


REGISTRATION = ("crn", "area", "unit", "category", "level", "start_date", "end_date", "lead_agency", "location")
