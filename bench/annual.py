"""The annual report of London 2013-14 from files, beside a count in plain Python; and the nation of 31 March 2014."""

import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.fresh_record import fresh
from bench.memory import peak_mb
from casework.loading import load_events, load_population, load_registrations
from figures.annual.report import Report, annual_report, asked_for, explain, page_of
from figures.pages import page_as_html
from models.record import Record
from models.registrations import Spell
from sample.published.files import Files, write_caseload
from sample.published.reports import parts_of, published

LOADED = datetime(2014, 6, 2, 9, tzinfo=UTC)
PARTS = ("North", "Middle", "South")
TIMES = 5


def london(url: str) -> dict[str, Any]:
    """Load London 2013-14, then make its report, a page of it, and the list of the people behind one number."""
    record = fresh(url)
    with tempfile.TemporaryDirectory() as folder:
        load(record, write_caseload(Path(folder), published()["london"]))
    asked = asked_for(["London"], 2014, LOADED.date())
    with record.reading() as session:
        times, report = timed(lambda: annual_report(session, asked))
        plain, counted = timed(lambda: in_plain_python(session, asked.year.last))
        listing, people = timed(lambda: explain(session, asked, "eligible.total.total"))
    writing, _ = timed(lambda: page_as_html(page_of(report)))
    assert [row[:-1] for row in cells(report)][:-1] == counted
    assert cells(report) == [list(row) for row in published()["london"].eligible]
    return {
        "people": len(people), "seconds": times, "plain": plain, "explain": listing, "page": writing, "mb": peak_mb(),
    }  # fmt: skip


def nation(url: str, part: str) -> dict[str, Any]:
    """Load the nation of 31 March 2014 in three areas, then make the report of all three. ``part``: one in so many."""
    record = fresh(url)
    start = time.perf_counter()
    parts = parts_of(published()["england_and_wales"], PARTS, scale=int(part))
    for its, letter in zip(parts, "ABC", strict=True):
        with tempfile.TemporaryDirectory() as folder:
            load(record, write_caseload(Path(folder), its, letter=letter))
    loading = time.perf_counter() - start
    with record.reading() as session:
        seconds, report = timed(lambda: annual_report(session, asked_for(PARTS, 2014, LOADED.date())))
    expected = [list(map(sum, zip(*rows, strict=True))) for rows in zip(*(one.eligible for one in parts), strict=True)]
    assert cells(report) == expected
    return {"people": expected[-1][-1], "seconds": seconds, "loading": loading, "mb": peak_mb()}


def load(record: Record, files: Files) -> None:
    """Load the files of a caseload; every row must go in."""
    for file, its in (
        (files.registrations, load_registrations),
        (files.events, load_events),
        (files.population, load_population),
    ):
        assert its(record, file, as_at=LOADED, actor="bench").rejected == 0


def timed(work: Any) -> tuple[float, Any]:
    """Return the median seconds of some rounds of a piece of work, and what it gave."""
    times, found = [], None
    for _ in range(TIMES):
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
    return median(times), found


def cells(report: Report) -> list[list[Any]]:
    """Return the numbers of the snapshot, row by row."""
    table = report.table("eligible")
    return [[table.value(row.name, column.name) for column in table.columns] for row in table.rows]


def in_plain_python(session: Session, day: date) -> list[list[int]]:
    """Count the snapshot alone as a script would: every spell is read, and looked at one by one."""
    found: Counter[tuple[int | None, int | None]] = Counter()
    rows: Sequence[Spell] = session.scalars(select(Spell)).all()
    for row in rows:
        here = row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)
        if here and row.area == "London" and row.location == "community":
            found[row.level, row.category] += 1
    session.expunge_all()
    return [[found[level, category] for category in (1, 2, 3)] for level in (1, 2, 3)]
