"""APScheduler 3: a job store in the database, one job a deadline, run by its background scheduler."""

from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from bench.rivals.work import Work

WORK: list[Work] = []
"""What the jobs of this process work on: a stored job names its function, and can carry no connection."""


def write(number: int) -> None:
    """Do the job."""
    WORK[0].write(number)


def scheduler_of(work: Work) -> BackgroundScheduler:
    """Return a scheduler whose late jobs run however late they are, one after the other."""
    return BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=work.url)},
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None},
    )


def add(work: Work, due: list[int], jobs: int) -> None:
    """Add each job by a call of its own, as a user does: each is a row with a commit of its own."""
    past, future = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(days=200)
    scheduler = scheduler_of(work)
    scheduler.start(paused=True)
    for number in due:
        scheduler.add_job(write, "date", run_date=past, args=[number])
    for number in range(len(due), jobs):
        scheduler.add_job(write, "date", run_date=future, args=[-number])
    scheduler.shutdown()


def run(work: Work) -> None:
    """Run what is due."""
    WORK[:] = [work]
    scheduler_of(work).start()
