"""Runs that a killed program left Running are marked as crashed at its next start; those of the living are not."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.states import Running

from models.clock import now
from service.prefect.earlier_life import IN_PROCESS, mark_crashed, this_process

Api = Callable[..., Any]


@flow
def some_flow() -> None:
    """A flow of which only runs are wanted."""


def left_running(api_url: str, *tags: str) -> str:
    """A run that is Running and that nobody works on."""
    with SyncPrefectClient(api_url) as client:
        run = client.create_flow_run(some_flow, tags=[*tags], state=Running())
        return str(run.id)


def state_of(api: Api, run: str) -> str:
    [found] = api("flow_runs/filter", flow_runs={"id": {"any_": [run]}})
    return str(found["state"]["type"])


@pytest.fixture
def dead_process() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_runs_of_a_dead_process_of_this_host_and_of_an_earlier_life_with_this_number_are_marked(
    prefect_server: str, api: Api, dead_process: int
) -> None:
    host = socket.gethostname()
    dead = left_running(prefect_server, IN_PROCESS, f"process {host}:{dead_process}")
    same_number = left_running(prefect_server, IN_PROCESS, this_process())
    alive = left_running(prefect_server, IN_PROCESS, f"process {host}:{os.getppid()}")
    elsewhere = left_running(prefect_server, IN_PROCESS, f"process elsewhere:{dead_process}")
    of_nobody = left_running(prefect_server)
    assert mark_crashed(prefect_server) == 2
    assert [state_of(api, run) for run in (dead, same_number)] == ["CRASHED", "CRASHED"]
    assert [state_of(api, run) for run in (alive, elsewhere, of_nobody)] == ["RUNNING"] * 3
    [found] = api("flow_runs/filter", flow_runs={"id": {"any_": [dead]}})
    assert "waits, and is done by the next run" in found["state"]["message"]

    # A container comes up under another name: after a day nobody can be at work on it.
    with time_machine.travel(now().replace(year=now().year + 1), tick=True):
        assert mark_crashed(prefect_server) == 2
    assert [state_of(api, run) for run in (alive, elsewhere, of_nobody)] == ["CRASHED", "CRASHED", "RUNNING"]


def test_a_server_that_is_not_there_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert mark_crashed("http://127.0.0.1:9/api") == 0
    assert "could not be marked (ConnectError)" in caplog.text
