"""Runs that workers take: the clock asks Prefect for a run of a stage's deployment, and never for a second one.

Nothing that is due waits for Prefect or for a worker: where no server answers, or nobody has done the work within
some time, the clock does it itself. That the worker may still come is no harm, as every claim is in the record.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from models.clock import now
from service.prefect.client import client_at
from service.prefect.runs import Ran, Runs
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
PATIENCE_WITH = {"PENDING": 1, "RUNNING": 10}
"""After how many times the patience a run is given up. One that is scheduled waits for a worker, however long."""
GIVEN_UP = "Its worker has given no sign of life. What it had not done waits, and is done by the next run."
ENDED = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")


@dataclass(slots=True)
class WorkerRuns(Runs):
    """Asks for runs. ``patience_seconds``: how old a run may grow with its work still waiting."""

    patience_seconds: float = 120.0
    _helping: set[str] = field(default_factory=set, init=False)

    def see_to(self, stage: Stage, as_at: datetime) -> Ran | None:
        """Have a worker run a stage; ``None`` where one was asked to. Do it here where that is of no use."""
        if self.prefect_answers() and self.is_seen_to(stage.name):
            return None
        return self.plainly(stage, as_at)

    def is_seen_to(self, name: str) -> bool:
        """Tell whether a worker has been asked to run a stage and may be expected to do it."""
        from prefect.exceptions import ObjectNotFound

        try:
            with self.client() as client:
                deployment = client.read_deployment_by_name(f"{name}/{DEPLOYMENT}").id
                live = self.without_the_dead(client, live_runs(client, deployment))
                if not live:
                    ask_for_a_run(client, name, deployment)
        except ObjectNotFound:
            self.set_prefect_aside(f"knows no deployment {name}/{DEPLOYMENT} (prefect --no-prompt deploy --all)")
            return False
        except Exception as error:  # noqa: BLE001  whatever it is, the work is done without it
            self.set_prefect_aside(f"could not be asked for a run of {name} ({type(error).__name__})")
            return False
        return self.is_in_time(name, live)

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

    def is_in_time(self, name: str, live: "Sequence[FlowRun]") -> bool:
        """Tell whether the oldest unfinished run is young enough to be waited for; say once where it is not."""
        oldest = min((run.start_time or run.created or now() for run in live), default=now())
        in_time = now() - oldest <= timedelta(seconds=self.patience_seconds)
        if not in_time and name not in self._helping:
            log.warning(
                "no worker has done %s within %.0f seconds: the clock does it itself (is a worker running?)",
                name,
                self.patience_seconds,
            )
        (self._helping.discard if in_time else self._helping.add)(name)
        return in_time

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


def is_planned(run: "FlowRun") -> bool:
    """Tell whether a run is to begin later: by its plan, and not because it waits for its turn."""
    return run.state_name == "Scheduled" and run.expected_start_time is not None and run.expected_start_time > now()


def ask_for_a_run(client: "SyncPrefectClient", name: str, deployment: "UUID") -> None:
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
    after = before[0].id if before else "none"
    key = f"{name} {now():%Y-%m-%dT%H:%M} after {after}"
    client.create_flow_run_from_deployment(deployment, idempotency_key=key)
