"""Flow runs that an earlier life of this program left Running in Prefect, because it was killed.

A run in the program's own process has no heartbeat (it would wait up to a second for it to end), so nobody else
notices its death. Its tags tell the host and the process; at its next start the program marks as crashed what no
living process of this host works on, and what has run for a day on any host. The work itself is not in doubt:
what a killed run had not done still waits in the record.
"""

import logging
import os
import socket
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from models.clock import now
from service.prefect.client import client_at

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

log = logging.getLogger(__name__)

IN_PROCESS = "in-process"
TOO_LONG = timedelta(days=1)
ASKED_AT_ONCE = 200
WHY = "The program that ran it could not tell its end. What it had not done waits, and is done by the next run."


def this_process() -> str:
    """Return the tag of the runs of this process: ``process HOST:PID``."""
    return f"process {socket.gethostname()}:{os.getpid()}"


def is_alive(tag: str) -> bool:
    """Tell whether another process of this host may be at work on a run with this tag.

    This process has no run at work: one that bears its number was started by an earlier life, as in a container, or
    Prefect did not take down its end.
    """
    host, _, number = tag.removeprefix("process ").rpartition(":")
    if host != socket.gethostname():
        return True
    if int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def mark_crashed(api_url: str, deployments: Sequence[str] = ()) -> int:
    """Mark what earlier lives of this program left behind as crashed; return how many runs that were.

    ``deployments``: names of deployments whose runs this program alone serves, and so serves no longer. To be
    called while this program has no run at work. Whatever goes wrong, the program goes on.
    """
    try:
        return _mark_crashed(api_url, deployments)
    except Exception as error:  # noqa: BLE001  history alone is at stake
        log.warning("runs of an earlier life of this program could not be marked (%s)", type(error).__name__)
        return 0


def _mark_crashed(api_url: str, deployments: Sequence[str]) -> int:
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
    from prefect.states import Crashed

    unfinished = {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}
    with client_at(api_url) as client:
        left = [
            run
            for run in client.read_flow_runs(
                flow_run_filter=FlowRunFilter.model_validate({"state": unfinished, "tags": {"all_": [IN_PROCESS]}}),
                limit=ASKED_AT_ONCE,
            )
            if is_dead(run)
        ]
        if deployments:
            left += client.read_flow_runs(
                flow_run_filter=FlowRunFilter.model_validate({"state": unfinished}),
                deployment_filter=DeploymentFilter.model_validate({"name": {"any_": list(deployments)}}),
                limit=ASKED_AT_ONCE,
            )
        for run in left:
            client.set_flow_run_state(run.id, Crashed(message=WHY), force=True)
    return len(left)


def is_dead(run: "FlowRun") -> bool:
    """Tell whether nobody works on a run any more."""
    processes = [tag for tag in run.tags if tag.startswith("process ")]
    begun = run.start_time or run.created
    too_long = begun is not None and now() - begun > TOO_LONG
    return too_long or not any(is_alive(tag) for tag in processes)
