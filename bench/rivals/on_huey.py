"""Huey: tasks with a time in its schedule, moved to its queue when they are due, done by its consumer."""

import signal
from datetime import UTC, datetime, timedelta
from typing import Any

from huey import PostgresHuey, SqliteHuey

from bench.rivals.work import BUSY_SECONDS, Work


def queue_of(work: Work) -> tuple[Any, Any]:
    """Return Huey in the database of the work, and the task."""
    if work.url.startswith("sqlite"):
        huey = SqliteHuey(filename=work.url.removeprefix("sqlite:///"), timeout=BUSY_SECONDS, results=False)
    else:
        huey = PostgresHuey(dsn=work.url.replace("postgresql+psycopg://", "postgresql://", 1), results=False)
    return huey, huey.task(name="write")(work.write)


def add(work: Work, due: list[int], jobs: int) -> None:
    """Put each task into the schedule, which is where the consumer would put it."""
    huey, task = queue_of(work)
    past, future = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(days=200)
    for number in due:
        huey.add_schedule(task.s(number, eta=past))
    for number in range(len(due), jobs):
        huey.add_schedule(task.s(-number, eta=future))
    huey.storage.close()


def run(work: Work) -> None:
    """Start a consumer with one worker."""
    huey, _ = queue_of(work)
    consumer = huey.create_consumer(workers=1, periodic=False)
    consumer.start()
    # It takes the signals to itself; here the process ends by itself, or is killed.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
