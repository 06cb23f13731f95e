"""A worker of Prefect's own, as a process, that was started with the variables of another record."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import WorkPoolCreate

from flows import FLOWS
from models.cases import Problem
from models.clock import now
from models.record import Record
from service.clock import Clock
from service.prefect.worker_problems import STAGE
from service.prefect.worker_runs import DEPLOYMENT, WorkerRuns
from tasks.registry import STAGES
from tests.support import rows
from tests.support.opened import opened

ROOT = Path(__file__).parents[3]
NAME, POOL, WORKER = "identification", "mappa-night", "night-3"
PATIENCE = 120
Api = Callable[..., Any]
pytestmark = pytest.mark.slow


def worker(api_url: str, folder: Path, record: str) -> str:
    """Let a worker take what is scheduled, see it to its end and stop; return what it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAPPA_")}
    environment = kept | {
        "PYTHONPATH": str(ROOT),
        "PREFECT_API_URL": api_url,
        "PREFECT_HOME": str(folder),
        "DO_NOT_TRACK": "1",
        "MAPPA_DATABASE_URL": record,
    }
    words = ("worker", "start", "--pool", POOL, "--type", "process", "--name", WORKER, "--run-once")
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *words], env=environment, cwd=folder, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def test_a_worker_of_another_record_does_nothing_and_is_named(
    prefect_server: str, record: Record, api: Api, tmp_path: Path
) -> None:
    other = opened(f"sqlite:///{tmp_path}/other.db")
    other.migrate()
    other.close()
    with record.writing() as session:
        rows.sentence(session, rows.person(session), identify_at=now() - timedelta(minutes=1))
    with SyncPrefectClient(prefect_server) as client:
        client.create_work_pool(WorkPoolCreate(name=POOL, type="process"), overwrite=True)
        deployment = client.create_deployment(
            client.create_flow(FLOWS[NAME]),
            DEPLOYMENT,
            work_pool_name=POOL,
            entrypoint=f"flows/{NAME}.py:{NAME}",
            pull_steps=[{"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}],
        )
        runs = WorkerRuns(record, prefect_server, patience_seconds=PATIENCE)
        clock = Clock(record, [STAGES[NAME]], runs, now)
        assert clock.beat() == []
        said = worker(prefect_server, tmp_path, f"sqlite:///{tmp_path}/other.db")
        [run] = api("flow_runs/filter", deployments={"id": {"any_": [str(deployment)]}})
        assert run["state"]["type"] == "FAILED", said
        assert f"the worker {WORKER} on" in run["state"]["message"]
        with time_machine.travel(now() + timedelta(seconds=PATIENCE + 1), tick=True):
            [helped] = clock.beat()
        client.delete_deployment(deployment)
    assert helped.report.count("done") == 1
    with record.reading() as session:
        problem = session.query(Problem).filter(Problem.stage == STAGE).one()
        assert f"the worker {WORKER} on" in problem.reason
        assert "MAPPA_DATABASE_URL" in problem.reason
