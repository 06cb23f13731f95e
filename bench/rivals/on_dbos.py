"""DBOS: a durable workflow a deadline in its queue; the rows are written in a transaction step of it."""

from typing import Any

from dbos import DBOS, DBOSClient, SQLAlchemyDatasource, run_dbos_database_migrations
from sqlalchemy.exc import IntegrityError

from bench.rivals.work import Work

QUEUE, FAR_AHEAD = "prompts", 200 * 86400.0


def add(work: Work, due: list[int], jobs: int) -> None:
    """Enqueue each workflow with its delay, by a call of its own."""
    run_dbos_database_migrations(work.url)
    client = DBOSClient(system_database_url=work.url)
    for number in due:
        client.enqueue({"workflow_name": "write", "queue_name": QUEUE, "delay_seconds": 0.001}, number)
    for number in range(len(due), jobs):
        client.enqueue({"workflow_name": "write", "queue_name": QUEUE, "delay_seconds": FAR_AHEAD}, -number)
    client.destroy()


def run(work: Work) -> None:
    """Launch it: it recovers what a process that was killed had begun, and takes what is due from the queue."""
    DBOS(config={"name": "rival", "system_database_url": work.url, "console_log_level": "CRITICAL"})
    source = SQLAlchemyDatasource.create(work.url)
    # As all others write. It asks for serializable transactions where it is not told, and then retries many.
    isolation: Any = None if work.url.startswith("sqlite") else {"isolation_level": "READ COMMITTED"}

    def rows(number: int) -> None:
        try:
            work.write_by(source.sql_session().connection().exec_driver_sql, number)
        except IntegrityError:
            work.note_twice(number)
            raise

    def write(number: int) -> None:
        source.run_tx_step(isolation, rows, number)
        work.count(number)

    DBOS.workflow(name="write")(write)
    DBOS.launch()
    DBOS.register_queue(QUEUE)
