"""A sweep, and the same rows written by the driver alone: as one transaction, and as a loop with one a prompt."""

import pickle
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Select, bindparam, create_engine, event, func, insert, select, update

from bench.fresh_record import AS_AT
from bench.memory import peak_mb
from models import AuditChain, AuditEntry, Base, Message, Prompt, Timescale
from models.base import table_of
from tasks import prompts
from tasks.stage import run_stage
from tests.support.opened import opened

TABLES = (Message, Prompt, AuditEntry, AuditChain)


def sweep(url: str, due: str, rows_file: str) -> dict[str, Any]:
    """Raise everything due; keep the rows it wrote for ``bare_sql``."""
    record = opened(url)
    start = time.perf_counter()
    report = run_stage(record, prompts.STAGE, AS_AT)
    seconds = time.perf_counter() - start
    mb = peak_mb()
    with record.reading() as session:
        raised = session.scalar(select(func.count()).select_from(Prompt))
        rows = {
            table.__tablename__: [dict(row._mapping) for row in session.execute(of_the_sweep(table))]
            for table in TABLES
        }
        rows["moved"] = [
            {"key": row.id, "rung": row.next_rung, "moment": row.next_prompt_at}
            for row in session.execute(
                select(Timescale.id, Timescale.next_rung, Timescale.next_prompt_at).where(Timescale.next_rung > 0)
            )
        ]
    rows["message"] = as_first_carried(rows["message"], rows["prompt"])
    assert report.count("done") == raised == int(due), (report.count("done"), raised)
    Path(rows_file).write_bytes(pickle.dumps(rows))
    return {"seconds": seconds, "mb": mb}


def as_first_carried(messages: list[dict[str, Any]], prompts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return messages in the order of the first prompt that each carries: the plain loop writes them side by side."""
    first = {row["message_id"]: number for number, row in reversed(list(enumerate(prompts)))}
    return sorted(messages, key=lambda row: first[row["id"]])


def of_the_sweep(table: type[Base]) -> Select[Any]:
    """Return the query of the rows a sweep wrote: the audit trail began with the calendar and the offences."""
    query = select(*table_of(table).columns)
    return query.where(table_of(table).c.chain.like("case/%")) if "chain" in table_of(table).c else query


def bare_sql(url: str, rows_file: str, elsewhere: str) -> dict[str, Any]:
    """Write the rows of a sweep by the driver alone, in one transaction, into a database that stands as it did."""
    statements = compiled(elsewhere, pickle.loads(Path(rows_file).read_bytes()))
    connection, cursor = by_the_driver(url)
    start = time.perf_counter()
    for sql, params in statements:
        if isinstance(params, list):
            cursor.executemany(sql, params)
        else:
            cursor.execute(sql, params)
    connection.commit()
    return {"seconds": time.perf_counter() - start}


def by_the_driver(url: str) -> tuple[Any, Any]:
    """Return a connection that is as durable as the program's, and a cursor of it."""
    connection: Any = create_engine(url).raw_connection()
    if url.startswith("sqlite"):
        connection.execute("PRAGMA synchronous=FULL")
    return connection, connection.cursor()


def plain_loop(url: str, rows_file: str, elsewhere: str) -> dict[str, Any]:
    """Write the rows of a sweep as a loop over what is due would: by the driver, a transaction for each prompt."""
    statements = compiled(elsewhere, pickle.loads(Path(rows_file).read_bytes()))
    many = [(sql, params if isinstance(params, list) else [params]) for sql, params in statements]
    connection, cursor = by_the_driver(url)
    start = time.perf_counter()
    for number in range(max(len(params) for _, params in many)):
        # A digest carries many prompts: there are fewer messages than transactions.
        for sql, params in many:
            if number < len(params):
                cursor.execute(sql, params[number])
        connection.commit()
    return {"seconds": time.perf_counter() - start}


def compiled(elsewhere: str, rows: dict[str, list[dict[str, Any]]]) -> list[tuple[str, Any]]:
    """Return the statements as the driver gets them; compiling them and converting values is not timed.

    They are caught on their way to the driver of another database of the same kind, which takes them back.
    """
    statements: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        statements.append((told[2], told[3]))

    in_memory = elsewhere.startswith("sqlite")
    scratch = create_engine("sqlite://" if in_memory else elsewhere)
    event.listen(scratch, "before_cursor_execute", note)
    with scratch.connect() as connection:
        if in_memory:
            Base.metadata.create_all(connection)
            statements.clear()
        for table in TABLES:
            connection.execute(insert(table_of(table)), rows[table.__tablename__])
        timescales = table_of(Timescale)
        connection.execute(
            update(timescales)
            .where(timescales.c.id == bindparam("key"))
            .values(next_rung=bindparam("rung"), next_prompt_at=bindparam("moment")),
            rows["moved"],
        )
        connection.rollback()
    return [(sql, params) for sql, params in statements if params]
