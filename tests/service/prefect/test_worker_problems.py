"""Workers that leave what waits: refused where they serve another record, helped out, and told to the operators.

What a worker's process does with a run that a clock asked for is done here by the same function of Prefect's.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from prefect.client.orchestration import SyncPrefectClient
from prefect.flow_engine import run_flow

from flows import FLOWS
from models.cases import Problem
from models.clock import now
from models.people import Sentence
from models.record import Record
from service.clock import Clock
from service.prefect.worker_problems import STAGE
from service.prefect.worker_runs import DEPLOYMENT, WorkerRuns
from tasks.registry import STAGES
from tests.support import rows
from tests.support.opened import opened

NAME = "identification"
PATIENCE = 120
MOMENT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)
Api = Callable[..., Any]


class Fleet:
    """A clock that leaves identification to workers, and one sentence that waits for it."""

    def __init__(self, api_url: str, record: Record, deployment: UUID, api: Api) -> None:
        self.api_url, self.record, self.deployment, self.api = api_url, record, deployment, api
        runs = WorkerRuns(record, api_url, patience_seconds=PATIENCE)
        self.clock = Clock(record, [STAGES[NAME]], runs, lambda: MOMENT)

    def runs(self) -> list[dict[str, Any]]:
        found = self.api("flow_runs/filter", deployments={"id": {"any_": [str(self.deployment)]}})
        return sorted(found, key=lambda run: str(run["created"]))

    def work(self) -> dict[str, Any]:
        """Do what a worker does with the newest run, in the environment as it is; return the run's end."""
        with SyncPrefectClient(self.api_url) as client:
            flow_run = client.read_flow_run(UUID(self.runs()[-1]["id"]))
        run_flow(FLOWS[NAME], flow_run=flow_run, parameters={"as_at": MOMENT}, return_type="state")
        ended: dict[str, Any] = self.runs()[-1]["state"]
        return ended

    def waits(self) -> bool:
        with self.record.reading() as session:
            return session.query(Sentence).filter(Sentence.identify_at.is_not(None)).count() > 0

    def problem(self) -> Problem | None:
        with self.record.reading() as session:
            found = session.query(Problem).filter(Problem.stage == STAGE).one_or_none()
            session.expunge_all()
            return found


@pytest.fixture
def fleet(
    prefect_server: str, record: Record, api: Api, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Fleet]:
    monkeypatch.setenv("PREFECT__WORKER_NAME", "night-2")
    monkeypatch.setenv("MAPPA_DATABASE_URL", record.url)
    monkeypatch.setenv("MAPPA_ANY_MOMENT", "true")
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    with SyncPrefectClient(prefect_server) as client:
        deployment = client.create_deployment(client.create_flow(FLOWS[NAME]), DEPLOYMENT)
        with record.writing() as session:
            rows.sentence(session, rows.person(session), identify_at=MOMENT)
        yield Fleet(prefect_server, record, deployment, api)
        client.delete_deployment(deployment)


@pytest.fixture
def own_record(tmp_path: Path) -> str:
    """The empty record of a worker that was started without its variables."""
    url = f"sqlite:///{tmp_path}/var.db"
    other = opened(url)
    other.migrate()
    other.close()
    return url


def test_a_worker_of_another_record_is_refused_helped_out_and_named(
    fleet: Fleet, own_record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet.clock.beat()
    with monkeypatch.context() as worker:
        worker.setenv("MAPPA_DATABASE_URL", own_record)
        ended = fleet.work()
    assert ended["type"] == "FAILED"
    assert "the worker night-2 on" in ended["message"]
    assert fleet.waits()
    # One that has just failed is not followed by another at each beat.
    fleet.clock.beat()
    assert len(fleet.runs()) == 1
    with time_machine.travel(now() + timedelta(seconds=PATIENCE + 1), tick=True):
        [helped] = fleet.clock.beat()
    assert (helped.recorded, helped.report.count("done"), fleet.waits()) == (False, 1, False)
    problem = fleet.problem()
    assert problem is not None
    assert (problem.subject, problem.tries, problem.resolved_at) == (NAME, 1, None)
    assert problem.reason.startswith(
        "no worker has done identification within 120 seconds; 1 still waited and the clock did it itself. "
        "Its newest run, "
    )
    assert "the worker night-2 on" in problem.reason
    assert "MAPPA_DATABASE_URL" in problem.reason


def test_the_problem_ends_with_a_run_that_does_the_work(fleet: Fleet) -> None:
    with time_machine.travel(now(), tick=True) as present:
        fleet.clock.beat()
        present.shift(PATIENCE + 1)
        fleet.clock.beat()
        problem = fleet.problem()
        assert problem is not None
        assert "No worker has taken its run. No worker of the pool mappa is there." in problem.reason
        # Done by the clock: that nothing waits is no sign of a worker.
        fleet.clock.beat()
        assert (fleet.problem() or problem).resolved_at is None
        with fleet.record.writing() as session:
            rows.sentence(session, rows.person(session, crn="X100002"), identify_at=MOMENT)
        fleet.clock.beat()
        assert fleet.work()["type"] == "COMPLETED"
        assert not fleet.waits()
        fleet.clock.beat()
    settled = fleet.problem()
    assert settled is not None
    assert settled.resolved_at == MOMENT


def test_runs_that_fail_for_want_of_a_database_do_not_keep_the_clock_from_the_work(
    fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fails within a moment, so that no run is ever old."""
    with time_machine.travel(now(), tick=True) as present:
        for _ in range(2):
            fleet.clock.beat()
            with monkeypatch.context() as worker:
                worker.setenv("MAPPA_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere.db")
                assert "NoRecordError: there is no record in" in fleet.work()["message"]
            present.shift(PATIENCE / 2 + 1)
        [helped] = fleet.clock.beat()
    assert helped.report.count("done") == 1
    assert [run["state"]["type"] for run in fleet.runs()[:2]] == ["FAILED", "FAILED"]
    problem = fleet.problem()
    assert problem is not None
    assert "the worker night-2 on" in problem.reason
