"""What a user would use instead: a scheduler's job store with one job a deadline, one flow run a case, a plain loop.

Procrastinate, DBOS and Huey are no dependency of the project, not even of its tests: they are not measured here.
"""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.quiet import use_prefect

DONE: list[str] = []


def remind(reference: str) -> None:
    """Stand for the reminder: the scheduler's own work is what is measured."""
    DONE.append(reference)


def apscheduler_store(url: str, jobs: str, due: str) -> dict[str, Any]:
    """Keep one job a deadline in APScheduler's SQLAlchemy store; time how long the due ones take to run.

    Each job is added by a call of its own (``add_job``), as a user adds it, to a scheduler that is started and paused:
    each is a row with a commit of its own. So all of them are, and how long that takes is given beside it. No audit
    entry, message or ladder is written: a reminder here is one function call.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    count, wanted = int(jobs), int(due)
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=url)},
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None},
    )
    past, future = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(days=200)
    scheduler.start(paused=True)
    start = time.perf_counter()
    for number in range(count):
        moment = past if number < wanted else future
        scheduler.add_job(remind, "date", run_date=moment, args=[f"REF-{number}"], id=str(number))
    adding = time.perf_counter() - start
    start = time.perf_counter()
    scheduler.resume()
    while len(DONE) < wanted and time.perf_counter() - start < 300:
        time.sleep(0.01)
    seconds = time.perf_counter() - start
    scheduler.shutdown(wait=False)
    return {"seconds": seconds, "adding": adding, "ran": len(DONE)}


def prefect_flow_a_case(runs: str) -> dict[str, Any]:
    """Run one Prefect flow a case against a server of its own; seconds a case."""
    use_prefect({"PREFECT_HOME": tempfile.mkdtemp(), "PREFECT_LOGGING_LEVEL": "ERROR"})
    from prefect import flow
    from prefect.testing.utilities import prefect_test_harness

    @flow(name="one-case")
    def one_case(reference: str) -> str:
        return reference

    with prefect_test_harness(server_startup_timeout=120):
        one_case("warm-up")
        start = time.perf_counter()
        for number in range(int(runs)):
            one_case(f"REF-{number}")
        seconds = time.perf_counter() - start
    return {"seconds_a_case": seconds / int(runs)}
