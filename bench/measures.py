"""The measurements, each in a process of its own: ``python -m bench.measures NAME URL`` prints one JSON line.

A process of its own gives each an honest peak of memory, and no warm cache from the one before.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, func, insert, select, update
from sqlalchemy.orm import Session

from bench import caseload
from casework.calendar import ensure_calendar
from casework.loading import load_sentences
from casework.offences import ensure_offences
from models import AuditChain, AuditEntry, Message, Prompt, Timescale
from models.record import Record
from policy.book import shipped_book
from service.demo_area import sentence_rows
from service.demo_names import SENTENCE_COLUMNS
from tasks import prompts
from tasks.registry import STAGES
from tasks.stage import run_stage, stages_with_work

AS_AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
TABLES = (Message, Prompt, AuditEntry, AuditChain)


def peak_mb() -> float:
    """Return the peak of this process's memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fresh(url: str) -> Record:
    """Return a new record with its calendar and offences."""
    record = Record(url, shipped_book())
    record.migrate()
    ensure_calendar(record, AS_AT)
    ensure_offences(record, AS_AT)
    return record


def load(url: str, rows: str) -> dict[str, Any]:
    """Load a sentences file of so many rows, and the same file again."""
    import csv

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
    assert report.added == count, report
    assert again.unchanged == count, again
    return {"seconds": first, "again": second, "mb": peak_mb()}


def build(url: str, timescales: str, due: str) -> dict[str, Any]:
    """Make a caseload; not a measurement."""
    record = fresh(url)
    start = time.perf_counter()
    caseload.build(record, int(timescales), int(due), AS_AT)
    return {"seconds": time.perf_counter() - start}


def sweep(url: str, due: str) -> dict[str, Any]:
    """Raise everything due, then write the very same rows again as bare SQL into the emptied tables."""
    record = Record(url, shipped_book())
    start = time.perf_counter()
    report = run_stage(record, prompts.STAGE, AS_AT)
    seconds = time.perf_counter() - start
    mb = peak_mb()
    with record.reading() as session:
        raised = session.scalar(select(func.count()).select_from(Prompt))
    assert report.count("done") == raised == int(due), (report.count("done"), raised)
    return {"seconds": seconds, "mb": mb, "bare": bare_sql(record)}


def bare_sql(record: Record) -> float:
    """Time the same rows as the sweep wrote, inserted and updated by the driver alone in one transaction."""
    statements: list[tuple[str, Any]] = []
    with record.writing() as session:
        rows = {
            table: [dict(row._mapping) for row in session.execute(select(*table.__table__.columns))] for table in TABLES
        }
        moved = [
            dict(row._mapping)
            for row in session.execute(
                select(Timescale.id, Timescale.next_rung, Timescale.next_prompt_at).where(Timescale.next_rung > 0)
            )
        ]
        for table in (Prompt, Message, AuditEntry, AuditChain):
            session.execute(table.__table__.delete())

    # The statements are compiled once and caught on their way to the driver; only the driver's work is timed.
    def note(*told: Any) -> None:
        statements.append((told[2], told[3]))

    event.listen(record.engine, "before_cursor_execute", note)
    with Session(record.engine.execution_options(writes=True)) as session:
        for table in TABLES:
            session.connection().execute(insert(table.__table__), rows[table])
        plain = Timescale.__table__
        from sqlalchemy import bindparam

        session.connection().execute(
            update(plain)
            .where(plain.c.id == bindparam("key"))
            .values(next_rung=bindparam("rung"), next_prompt_at=bindparam("moment")),
            [{"key": m["id"], "rung": m["next_rung"], "moment": m["next_prompt_at"]} for m in moved],
        )
        session.rollback()
    statements[:] = [(sql, params) for sql, params in statements if params and not sql.startswith("SELECT")]
    connection = create_engine(record.url).raw_connection()
    if record.url.startswith("sqlite"):
        connection.execute("PRAGMA synchronous=FULL")
    cursor = connection.cursor()
    start = time.perf_counter()
    for sql, params in statements:
        if isinstance(params, list):
            cursor.executemany(sql, params)
        else:
            cursor.execute(sql, params)
    connection.commit()
    return time.perf_counter() - start


def empty_tick(url: str) -> dict[str, Any]:
    """Ask every stage what waits when nothing does: median of 200 ticks, in milliseconds."""
    record = Record(url, shipped_book())
    early = AS_AT - timedelta(days=400)
    times = []
    for _ in range(200):
        start = time.perf_counter()
        found = stages_with_work(record, STAGES.values(), early)
        times.append(time.perf_counter() - start)
        assert not found
    return {"milliseconds": sorted(times)[100] * 1000}


def main() -> None:
    """Run one measurement by its name."""
    from bench import others, rendering

    named: dict[str, Callable[..., dict[str, Any]]] = {
        "load": load,
        "build": build,
        "sweep": sweep,
        "empty_tick": empty_tick,
        "render": rendering.render_all,
        "apscheduler": others.apscheduler_store,
        "prefect": others.prefect_flow_a_case,
    }
    print(json.dumps(named[sys.argv[1]](*sys.argv[2:])))


if __name__ == "__main__":
    main()
