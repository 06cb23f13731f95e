"""Workers that do not do what waits, as a problem of the record: which worker, what its run said, what to do.

It is open until a worker has done the work of the stage again, and counts how often the clock had to help: from the
fifth time on the auditor tells of it, too (``failures-mended``).
"""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from models.cases import FAILURE, Problem
from models.clock import now
from models.record import Record

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

STAGE = "workers"
"""The stage of such a problem; its subject is the stage whose work they leave."""
REASON_LENGTH = 2000
LOOKED_AT = 5
MENDS = (
    "See that a worker runs, and that it has the same MAPPA_ variables as the clock, above all MAPPA_DATABASE_URL; "
    "mappa doctor, run where the worker runs, tells what it lacks"
)


def is_about(name: str) -> ColumnElement[bool]:
    """Return the condition for a problem to be the open one about a stage."""
    return and_(Problem.stage == STAGE, Problem.subject == name, Problem.resolved_at.is_(None))


def note(record: Record, name: str, why: str, as_at: datetime) -> None:
    """Write down that workers left the work of a stage; again, where that is written down already."""
    with record.writing() as session:
        problem = open_one(session, name)
        if problem is None:
            problem = Problem(
                stage=STAGE, subject=name, kind=FAILURE, reason=why, tries=0, first_seen_at=as_at, last_seen_at=as_at
            )
            session.add(problem)
        problem.tries += 1
        problem.reason, problem.last_seen_at = why[:REASON_LENGTH], as_at


def open_one(session: Session, name: str) -> Problem | None:
    """Return the open problem about a stage, locked."""
    return session.scalar(select(Problem).where(is_about(name)).with_for_update())


def noted(record: Record, name: str) -> datetime | None:
    """Return when the open problem about a stage was seen last; None where there is none."""
    with record.looking() as session:
        return session.scalar(select(Problem.last_seen_at).where(is_about(name)))


def settle(record: Record, name: str, as_at: datetime) -> None:
    """Close the problem about a stage."""
    with record.writing() as session:
        problem = open_one(session, name)
        if problem is not None:
            problem.resolved_at = as_at


def what_runs_say(client: "SyncPrefectClient", name: str, deployment: str) -> str:
    """Return what the newest run of a stage tells, and who may have had it, in sentences for an operator."""
    run = newest_run(client, name, deployment)
    if run is None or run.state is None or run.state_type is None or run.state_type.value == "SCHEDULED":
        return f"No worker has taken its run. {workers_of(client, run)}"
    said = f": {run.state.message}" if run.state.message else ""
    named = "" if "worker " in said else f" {workers_of(client, run)}"
    return f"Its newest run, {run.id}, is {run.state.name} since {run.state.timestamp:%H:%M} UTC{said}.{named}"


def newest_run(client: "SyncPrefectClient", name: str, deployment: str) -> "FlowRun | None":
    """Return the newest run of a stage that a worker has taken, else the newest."""
    from prefect.client.schemas.filters import DeploymentFilter, FlowFilter
    from prefect.client.schemas.sorting import FlowRunSort

    runs = client.read_flow_runs(
        flow_filter=FlowFilter.model_validate({"name": {"any_": [name]}}),
        deployment_filter=DeploymentFilter.model_validate({"name": {"any_": [deployment]}}),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=LOOKED_AT,
    )
    taken = [run for run in runs if run.state_type is not None and run.state_type.value != "SCHEDULED"]
    return next(iter([*taken, *runs]), None)


def workers_of(client: "SyncPrefectClient", run: "FlowRun | None") -> str:
    """Return which workers there are to take a run: whose it was, Prefect does not keep."""
    pool = None if run is None else run.work_pool_name
    names = [one.name for one in client.read_workers_for_work_pool(pool) if one.status == "ONLINE"] if pool else []
    if not names:
        return f"No worker of the pool {pool or 'mappa'} is there."
    return f"The workers of the pool {pool}: {', '.join(names)}."


def why_left(number: int, stage: str, seconds: float, runs_say: str) -> str:
    """Return the reason of the problem."""
    return (
        f"no worker has done {stage} within {seconds:.0f} seconds; {number:,} still waited and the clock did it "
        f"itself. {runs_say} {MENDS}"
    )


def completed_since(client: "SyncPrefectClient", name: str, deployment: str, since: datetime) -> bool:
    """Tell whether the newest run of a stage that a worker has taken came to a good end after a moment."""
    run = newest_run(client, name, deployment)
    well = run is not None and run.state_type is not None and run.state_type.value == "COMPLETED"
    return well and run is not None and (run.end_time or now()) > since
