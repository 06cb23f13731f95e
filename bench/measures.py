"""The measurements, each in a process of its own: ``python -m bench.measures NAME URL`` prints one JSON line.

A process of its own gives each an honest peak of memory, and no warm cache from the one before.
"""

import csv
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assurance.invariants import INVARIANTS
from bench import caseload
from bench.fresh_record import AS_AT, EARLY, fresh, settle
from bench.memory import peak_mb
from casework.loading import load_registrations, load_sentences
from sample.area import sentence_rows
from sample.names import SENTENCE_COLUMNS
from tasks import assurance
from tasks.registry import STAGES
from tasks.stage import run_stage, stages_with_work
from tests.support.opened import opened


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


def build(url: str, timescales: str, due: str) -> dict[str, Any]:
    """Make a caseload; not a measurement."""
    record = fresh(url)
    start = time.perf_counter()
    caseload.build(record, int(timescales), int(due), AS_AT)
    return {"seconds": time.perf_counter() - start}


def empty_tick(url: str) -> dict[str, Any]:
    """Ask every stage what waits when nothing does: 200 ticks, in milliseconds of the clock and of the processor."""
    record = opened(url)
    settle(record)
    times = []
    used = time.process_time()
    for _ in range(200):
        start = time.perf_counter()
        found = stages_with_work(record, STAGES.values(), EARLY)
        times.append(time.perf_counter() - start)
        assert not found, found
    each = (time.process_time() - used) / len(times)
    return {"milliseconds": sorted(times)[100] * 1000, "of_the_processor": each * 1000}


def audit(url: str) -> dict[str, Any]:
    """Look at every invariant of a caseload, once."""
    record = opened(url)
    start = time.perf_counter()
    report = run_stage(record, assurance.STAGE, AS_AT)
    seconds = time.perf_counter() - start
    assert report.count("done") + report.count("failed") == len(INVARIANTS)
    return {"seconds": seconds}


def scrape(url: str, prompts_each: str) -> dict[str, Any]:
    """Give each timescale so many prompts, then look at the metrics: the first look, and the median of nine more."""
    from service.metrics import OfTheRecord

    record = opened(url)
    caseload.raise_earlier(record, int(prompts_each), AS_AT)
    collector = OfTheRecord(record, lambda: AS_AT, kept_seconds=0)
    times = []
    for _ in range(10):
        start = time.perf_counter()
        found = list(collector.collect())
        times.append(time.perf_counter() - start)
        assert len(found) > 2, found
    return {"first": times[0], "seconds": sorted(times[1:])[4]}


def by_name() -> dict[str, Callable[..., dict[str, Any]]]:
    """Return every measurement by its name."""
    from bench import annual, desk, figures, growth, meetings, national, others, profiles, rendering, serving, sweeping
    from bench.rivals import units

    return {
        "load": load,
        "registrations": registrations,
        "build": build,
        "sweep": sweeping.sweep,
        "bare_sql": sweeping.bare_sql,
        "plain_loop": sweeping.plain_loop,
        "units": units.make,
        "profile": profiles.profile,
        "looks": growth.looks,
        "commands": growth.commands,
        "empty_tick": empty_tick,
        "audit": audit,
        "scrape": scrape,
        "london": annual.london,
        "nation": annual.nation,
        "desk": desk.pages,
        "serve": serving.serve,
        "render": rendering.render_all,
        "meetings": meetings.prepare,
        "morning": national.morning,
        "year": meetings.year,
        "history": figures.make,
        "indicators": figures.indicators,
        "outcomes": figures.outcomes,
        "board": figures.board,
        "bare_count": figures.bare,
        "prefect": others.prefect_flow_a_case,
    }


def main() -> None:
    """Run one measurement by its name."""
    print(json.dumps(by_name()[sys.argv[1]](*sys.argv[2:])))


if __name__ == "__main__":
    main()
