"""Runs that workers take: the clock asks Prefect for a run of a stage's deployment, and never for a second one.

Nothing that is due waits for Prefect or for a worker: where no server answers, or what waits has waited for some time,
the clock does it itself, whatever became of the runs meanwhile. That the worker may still come is no harm, as every
claim is in the record.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from models.clock import now
from notifications.outbox.claimants import run_of
from notifications.outbox.claims import end_leases, holders_of_claims
from service.prefect import worker_problems
from service.prefect.client import client_at
from service.prefect.runs import Ran, Runs
from service.prefect.waiting_work import Left, WaitingWork
from tasks.same_record import tags_for
from tasks.stage import Stage

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

log = logging.getLogger(__name__)

DEPLOYMENT = "fleet"
"""The name of the deployments in prefect.yaml."""
SECONDS = 5.0
"""How long an answer of Prefect's is waited for."""
LIVE = ("SCHEDULED", "PENDING", "RUNNING")
PATIENCE_WITH = {"PENDING": 1, "RUNNING": 10, "CANCELLING": 10}
"""After how many times the patience a run is given up. One that is scheduled waits for a worker, however long."""
GIVEN_UP = "Its worker has given no sign of life. What it had not done waits, and is done by the next run."
ENDED = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")
FAILED_REST = timedelta(seconds=30)
"""How long no run is asked for after one that failed: another worker may take the next, and none helps each beat."""
BUSY_REST = 10.0
"""How many seconds a server that refused is left alone: it answered, and so is there."""
TIDY_SECONDS = 60.0
"""How often runs are looked for that nobody works on, whether their stage has work or not."""


@dataclass(slots=True)
class WorkerRuns(Runs):
    """Asks for runs. ``patience_seconds``: how long work may wait for workers before the clock does it itself."""

    patience_seconds: float = 120.0
    _waiting: WaitingWork = field(init=False)
    _tags: list[str] | None = field(default=None, init=False)
    _helping: set[str] = field(default_factory=set, init=False)
    _tidied_at: float = field(default=-TIDY_SECONDS, init=False)

    def __post_init__(self) -> None:
        """Begin with nothing seen."""
        self._waiting = WaitingWork(self.record, timedelta(seconds=self.patience_seconds))

    def see_to(self, stage: Stage, as_at: datetime) -> Ran | None:
        """Have a worker run a stage; ``None`` where one was asked to. Do it here where that is of no use."""
        if self.prefect_answers() and self.is_asked_for(stage.name):
            left = self._waiting.left(stage, as_at)
            if left is None:
                return None
            self.tell_left(stage.name, left, as_at)
        ran = self.plainly(stage, as_at)
        self._waiting.forget(stage)
        return ran

    def nothing_waits(self, stage: Stage, as_at: datetime) -> None:
        """Close the problem about the workers where what was left to them is done, by a run of theirs."""
        if not self._waiting.forget(stage):
            return
        self._helping.discard(stage.name)
        since = worker_problems.noted(self.record, stage.name)
        if since is None or not self.prefect_answers():
            return
        with self.client() as client:
            well = worker_problems.completed_since(client, stage.name, DEPLOYMENT, since)
        if well:
            worker_problems.settle(self.record, stage.name, as_at)

    def tell_left(self, name: str, left: Left, as_at: datetime) -> None:
        """Say once, and put to the operators, that workers leave what waits; not where they are merely slow."""
        if name not in self._helping:
            log.warning(
                "no worker has done %s within %.0f seconds: the clock does it itself (is a worker running?)",
                name,
                self.patience_seconds,
            )
        self._helping.add(name)
        if not left.untouched:
            return
        try:
            with self.client() as client:
                said = worker_problems.what_runs_say(client, name, DEPLOYMENT)
        except Exception as error:  # noqa: BLE001  the problem is there, whatever Prefect can tell of it
            said = f"Prefect could not be asked about its runs ({type(error).__name__})."
        why = worker_problems.why_left(left.number, name, self.patience_seconds, said)
        try:
            worker_problems.note(self.record, name, why, as_at)
        except SQLAlchemyError as error:
            # Two clocks may find it at once, and the work comes first.
            log.warning("the problem with the workers could not be written down (%s)", type(error).__name__)

    def tidy(self, as_at: datetime) -> None:
        """Free the messages of runs that have ended, and close runs that have stood too long, whatever waits.

        A worker whose server was away when its run ended could tell nobody.
        """
        self.free_messages(as_at)
        if time.monotonic() - self._tidied_at < TIDY_SECONDS or not self.prefect_answers():
            return
        self._tidied_at = time.monotonic()
        with self.client() as client:
            self.without_the_dead(client, taken_runs(client))

    def free_messages(self, as_at: datetime) -> None:
        """End the leases on what runs had claimed and not begun, where Prefect knows that they have ended."""
        from prefect.client.schemas.filters import FlowRunFilter

        with self.record.looking() as session:
            held = [(run_of(one), one) for one in holders_of_claims(session, as_at)]
        runs = sorted({run for run, _ in held if run is not None})
        if not runs or not self.prefect_answers():
            return
        ended = {"id": {"any_": runs}, "state": {"type": {"any_": list(ENDED)}}}
        with self.client() as client:
            over = {run.id.hex for run in client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(ended))}
        if dead := [one for run, one in held if run in over]:
            with self.record.writing() as session:
                end_leases(session, dead, as_at)

    def is_asked_for(self, name: str) -> bool:
        """Tell whether a worker is asked to run a stage, or will be: after one that failed, the next waits a little."""
        from httpx import HTTPStatusError
        from prefect.exceptions import ObjectNotFound

        try:
            with self.client() as client:
                deployment = client.read_deployment_by_name(f"{name}/{DEPLOYMENT}").id
                live = self.without_the_dead(client, live_runs(client, deployment))
                if not live:
                    if self._tags is None:
                        self._tags = tags_for(self.record)
                    ask_for_a_run(client, deployment, self._tags)
        except ObjectNotFound:
            self.set_prefect_aside(f"knows no deployment {name}/{DEPLOYMENT} (prefect --no-prompt deploy --all)")
            return False
        except HTTPStatusError as error:
            # It answers, and is only busy as a rule: it is asked once, and not again while work waits.
            code = error.response.status_code
            self.set_prefect_aside(f"answered {code} when asked for a run of {name}", min(BUSY_REST, self.rest_seconds))
            return False
        except Exception as error:  # noqa: BLE001  whatever it is, the work is done without it
            self.set_prefect_aside(f"could not be asked for a run of {name} ({type(error).__name__})")
            return False
        return True

    def without_the_dead(self, client: "SyncPrefectClient", live: "Sequence[FlowRun]") -> "list[FlowRun]":
        """Return the runs that somebody may be at work on; the others are marked as crashed, to be in nobody's way.

        A worker that died while it began a run has sent no heartbeat, so that no automation would notice.
        """
        from prefect.states import Crashed

        dead = [run for run in live if self.is_given_up(run)]
        for run in dead:
            client.set_flow_run_state(run.id, Crashed(message=GIVEN_UP), force=True)
        return [run for run in live if run not in dead]

    def is_given_up(self, run: "FlowRun") -> bool:
        """Tell whether a run has stood so long where it stands that its worker must be dead."""
        patience = PATIENCE_WITH.get(run.state_type.value if run.state_type else "")
        if patience is None or run.state is None:
            return False
        return now() - run.state.timestamp > timedelta(seconds=patience * self.patience_seconds)

    def client(self) -> "SyncPrefectClient":
        """Return a client that does not wait long."""
        assert self.api_url is not None
        return client_at(self.api_url, SECONDS)


def live_runs(client: "SyncPrefectClient", deployment: "UUID") -> "list[FlowRun]":
    """Return the unfinished runs of a deployment, without those that somebody has planned for later."""
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter

    runs = client.read_flow_runs(
        deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment]}}),
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": list(LIVE)}}}),
        limit=50,
    )
    return [run for run in runs if not is_planned(run)]


def taken_runs(client: "SyncPrefectClient") -> "list[FlowRun]":
    """Return the runs of every deployment of the fleet that somebody has taken and not ended."""
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter

    return client.read_flow_runs(
        deployment_filter=DeploymentFilter.model_validate({"name": {"any_": [DEPLOYMENT]}}),
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": list(PATIENCE_WITH)}}}),
        limit=200,
    )


def is_planned(run: "FlowRun") -> bool:
    """Tell whether a run is to begin later: by its plan, and not because it waits for its turn."""
    return run.state_name == "Scheduled" and run.expected_start_time is not None and run.expected_start_time > now()


def ask_for_a_run(client: "SyncPrefectClient", deployment: "UUID", tags: Sequence[str]) -> None:
    """Ask for a run. Clocks that ask at the same time name the same ended run before it, and so get one together.

    The minute is in the key so that a run that was deleted or never began stands in nobody's way for longer.
    """
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
    from prefect.client.schemas.sorting import FlowRunSort

    before = client.read_flow_runs(
        deployment_filter=DeploymentFilter.model_validate({"id": {"any_": [deployment]}}),
        flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": list(ENDED)}}}),
        sort=FlowRunSort.END_TIME_DESC,
        limit=1,
    )
    if before and has_just_failed(before[0]):
        return
    after = before[0].id if before else "none"
    key = f"{deployment} {now():%Y-%m-%dT%H:%M} after {after}"
    client.create_flow_run_from_deployment(deployment, idempotency_key=key, tags=tags)


def has_just_failed(run: "FlowRun") -> bool:
    """Tell whether a run has failed a moment ago, by its worker's doing; one that a clock gave up is another matter."""
    if run.state is None or run.state_type is None or run.state_type.value not in ("FAILED", "CRASHED"):
        return False
    return run.state.message != GIVEN_UP and now() - run.state.timestamp < FAILED_REST
