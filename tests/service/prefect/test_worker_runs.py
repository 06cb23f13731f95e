"""A clock that has workers run its stages: one run at a time, however many clocks; and the work waits for nobody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.states import Completed, Crashed, Pending, Running, Scheduled

from models.clock import now
from models.record import Record
from notifications.outbox.claims import waiting
from service.clock import Clock
from service.prefect.worker_runs import DEPLOYMENT, WorkerRuns
from tests.support.factories import queue
from tests.support.toys import Toy

EIGHT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)
Api = Callable[..., Any]


class Deployed:
    """A flow of a name of its own with the fleet's deployment, and a clock over a toy of that name."""

    def __init__(self, api_url: str, record: Record, api: Api) -> None:
        self.api_url, self.record, self.api = api_url, record, api
        self.name = f"stage_{uuid4().hex[:8]}"
        self.toy = Toy({1})
        with SyncPrefectClient(api_url) as client:
            flow_id = client.create_flow(flow(name=self.name)(lambda: None))
            self.id: UUID = client.create_deployment(flow_id, DEPLOYMENT)

    def clock(self, patience: float = 120) -> Clock:
        runs = WorkerRuns(self.record, self.api_url, patience_seconds=patience)
        return Clock(self.record, [self.toy.stage(self.name)], runs, lambda: EIGHT)

    def runs(self) -> list[dict[str, Any]]:
        found = self.api("flow_runs/filter", deployments={"id": {"any_": [str(self.id)]}})
        return sorted(found, key=lambda run: str(run["created"]))

    def put(self, run: str, state: Any) -> None:
        with SyncPrefectClient(self.api_url) as client:
            client.set_flow_run_state(UUID(run), state, force=True)


@pytest.fixture
def deployed(prefect_server: str, record: Record, api: Api) -> Deployed:
    return Deployed(prefect_server, record, api)


def test_a_run_is_asked_for_once_while_it_is_scheduled_or_runs_and_again_when_it_ended(deployed: Deployed) -> None:
    clock = deployed.clock()
    for _ in range(3):
        assert clock.beat() == []
    [first] = deployed.runs()
    assert first["state"]["type"] == "SCHEDULED"
    # Left to the deployment: the moment is that of the worker.
    assert first["parameters"] == {}
    deployed.put(first["id"], Running())
    clock.beat()
    assert len(deployed.runs()) == 1
    deployed.put(first["id"], Completed())
    clock.beat()
    clock.beat()
    assert [run["state"]["type"] for run in deployed.runs()] == ["COMPLETED", "SCHEDULED"]
    assert deployed.toy.handled == []


def test_two_clocks_that_ask_at_once_get_one_run(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have looked, and seen no run, before either asks."""
    monkeypatch.setattr("service.prefect.worker_runs.live_runs", lambda *_: [])
    # In one minute, whatever the real clock does meanwhile.
    monkeypatch.setattr("service.prefect.worker_runs.now", lambda: EIGHT)
    for _ in range(2):
        deployed.clock(patience=1e9).beat()
    assert len(deployed.runs()) == 1


def test_a_run_that_is_planned_for_later_is_not_waited_for(deployed: Deployed) -> None:
    with SyncPrefectClient(deployed.api_url) as client:
        client.create_flow_run_from_deployment(deployed.id, state=Scheduled(scheduled_time=now() + timedelta(hours=3)))
    deployed.clock().beat()
    assert len(deployed.runs()) == 2


def test_one_that_waits_for_its_turn_is_waited_for(deployed: Deployed) -> None:
    later = now() + timedelta(seconds=30)
    with SyncPrefectClient(deployed.api_url) as client:
        run = client.create_flow_run_from_deployment(deployed.id)
        waits = Scheduled(name="AwaitingConcurrencySlot", scheduled_time=later)
        client.set_flow_run_state(run.id, waits, force=True)
    deployed.clock().beat()
    assert len(deployed.runs()) == 1


def test_where_no_worker_comes_the_clock_does_the_work_itself_and_says_so_once(
    deployed: Deployed, caplog: pytest.LogCaptureFixture
) -> None:
    clock = deployed.clock(patience=0)
    clock.beat()
    deployed.toy.waits |= {2}
    [ran] = clock.beat()
    assert (ran.recorded, deployed.toy.handled) == (False, [1, 2])
    assert len(deployed.runs()) == 1
    told = [r.message for r in caplog.records if "no worker has done" in r.message]
    assert told == [
        f"no worker has done {deployed.name} within 0 seconds: the clock does it itself (is a worker running?)"
    ]


@pytest.mark.parametrize(("state", "given_up_after"), [(Pending(), 120), (Running(), 1200)])
def test_a_run_whose_worker_died_is_given_up_and_another_asked_for(
    deployed: Deployed, state: Any, given_up_after: int
) -> None:
    clock = deployed.clock()
    clock.beat()
    [first] = deployed.runs()
    deployed.put(first["id"], state)
    with time_machine.travel(now() + timedelta(seconds=given_up_after - 10), tick=True):
        clock.beat()
        assert len(deployed.runs()) == 1
    # Meanwhile the clock did the work itself; more has come.
    deployed.toy.waits |= {2}
    with time_machine.travel(now() + timedelta(seconds=given_up_after + 10), tick=True):
        clock.beat()
    assert [run["state"]["type"] for run in deployed.runs()] == ["CRASHED", "SCHEDULED"]


def test_a_run_whose_end_was_never_told_is_closed_though_nothing_waits_any_more(deployed: Deployed) -> None:
    """Its worker did the work while the database of Prefect was started again, and could tell nobody."""
    clock = deployed.clock()
    clock.beat()
    [first] = deployed.runs()
    deployed.put(first["id"], Running())
    deployed.toy.waits.clear()
    # Runs are looked for once a minute: by this clock just now, by this one at once.
    with time_machine.travel(now() + timedelta(seconds=1190), tick=True):
        deployed.clock().beat()
        assert deployed.runs()[0]["state"]["type"] == "RUNNING"
    with time_machine.travel(now() + timedelta(seconds=1210), tick=True):
        deployed.clock().beat()
    assert [run["state"]["type"] for run in deployed.runs()] == ["CRASHED"]


@pytest.mark.parametrize(("state", "again"), [(Crashed(), {"m1"}), (Running(), set())])
def test_what_a_run_on_another_machine_had_not_begun_is_free_when_prefect_knows_that_it_ended(
    deployed: Deployed, state: Any, again: set[str]
) -> None:
    """What it had begun may be with the mail server: that waits for the end of its lease, as ever."""
    deployed.clock().beat()
    [run] = deployed.runs()
    deployed.put(run["id"], state)
    claimed = {
        "state": "claimed",
        "claimed_by": f"elsewhere:0a1b2c3d:17:4711:{UUID(run['id']).hex}:00ff00ff",
        "lease_until": EIGHT + timedelta(minutes=15),
    }
    with deployed.record.writing() as session:
        queue(session, "m1", **claimed)
        queue(session, "m2", **claimed, began_at=EIGHT, tries=1)
    deployed.clock().beat()
    with deployed.record.reading() as session:
        assert set(waiting(session, EIGHT)) == again
        assert set(waiting(session, EIGHT + timedelta(minutes=15))) == {"m1", "m2"}


def test_where_nothing_is_deployed_the_clock_does_the_work_itself_and_says_what_to_do(
    deployed: Deployed, caplog: pytest.LogCaptureFixture
) -> None:
    deployed.name = "stage_that_nobody_deployed"
    [ran] = deployed.clock().beat()
    assert (ran.recorded, deployed.toy.handled) == (False, [1])
    assert "knows no deployment stage_that_nobody_deployed/fleet (prefect --no-prompt deploy --all)" in caplog.text


def test_where_prefect_is_down_the_clock_does_the_work_itself(record: Record, caplog: pytest.LogCaptureFixture) -> None:
    toy = Toy({1})
    runs = WorkerRuns(record, "http://127.0.0.1:9/api")
    [ran] = Clock(record, [toy.stage("prompts")], runs, lambda: EIGHT).beat()
    assert (ran.recorded, toy.handled) == (False, [1])
    assert "work goes on without it" in caplog.text


def test_a_sweep_that_a_worker_has_not_done_yet_is_not_told_as_completed(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    toy, handed = Toy({1}), [True]
    monkeypatch.setattr(WorkerRuns, "tell_swept", lambda _: told.append(1))
    monkeypatch.setattr(
        WorkerRuns, "see_to", lambda self, stage, as_at: None if handed[0] else self.plainly(stage, as_at)
    )
    clock = Clock(record, [toy.stage("prompts")], WorkerRuns(record, None), lambda: EIGHT)
    clock.beat()
    assert told == []
    handed[0] = False
    clock.beat()
    clock.beat()
    assert told == [1, 1]
