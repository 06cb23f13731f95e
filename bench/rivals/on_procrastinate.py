"""Procrastinate: a job a deadline in PostgreSQL, done by its worker. It has no other database."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector

from bench.rivals.work import Work

AT_ONCE = 500


def address(work: Work) -> str:
    """Return the database as its driver wants it."""
    return work.url.replace("postgresql+psycopg://", "postgresql://", 1)


def add(work: Work, due: list[int], jobs: int) -> None:
    """Add the jobs by hundreds, as it offers it."""
    app = App(connector=SyncPsycopgConnector(conninfo=address(work)))
    past, future = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(days=200)
    with app.open():
        app.schema_manager.apply_schema()
        for moment, numbers in ((past, due), (future, [-number for number in range(len(due), jobs)])):
            for first in range(0, len(numbers), AT_ONCE):
                some = [{"number": number} for number in numbers[first : first + AT_ONCE]]
                app.configure_task("write", schedule_at=moment).batch_defer(*some)


def run(work: Work) -> None:
    """Start a worker; what one that was killed left half done is retried first, as its handbook advises."""
    threading.Thread(target=asyncio.run, args=(serve(work),), daemon=True).start()


async def serve(work: Work) -> None:
    """Retry what is left of workers that are dead (the only other one is), and work."""
    app = App(connector=PsycopgConnector(conninfo=address(work)))
    app.task(work.write, name="write")
    async with app.open_async():
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=0):
            await app.job_manager.retry_job(job)
        await app.run_worker_async(install_signal_handlers=False)
