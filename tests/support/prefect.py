"""One Prefect server for all tests that need one (``tests/conftest.py``), and a record the settings name."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.record import Record
from tests.support.opened import opened

Api = Callable[..., Any]
Prefect = Callable[..., None]
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[str]:
    """The address of a Prefect server's API, used by every flow of this process; heartbeats off."""
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    no_heartbeats = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
    with prefect_test_harness(server_startup_timeout=120), temporary_settings(no_heartbeats):
        yield PREFECT_API_URL.value()


@pytest.fixture
def api(prefect_server: str) -> Api:
    """Ask the server: ``api("flow_runs/filter", ...)``."""

    def ask(path: str, **body: Any) -> Any:
        answer = httpx.post(f"{prefect_server}/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    return ask


@pytest.fixture
def record(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Record]:
    """A migrated record, which is also the one the settings name."""
    path = tmp_path / "record.db"
    shutil.copy(sqlite_template, path)
    monkeypatch.setenv("MAPPA_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    monkeypatch.setenv("MAPPA_ANY_MOMENT", "true")
    at_hand = opened(f"sqlite:///{path}")
    yield at_hand
    at_hand.close()


@pytest.fixture
def prefect(prefect_server: str, tmp_path: Path) -> Prefect:
    """Run Prefect's own command line in the folder of the project, with the work pool of prefect.yaml made."""
    environment = {**os.environ, "PREFECT_API_URL": prefect_server, "PREFECT_HOME": str(tmp_path), "DO_NOT_TRACK": "1"}

    def run(*words: str, **more: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *words],
            cwd=ROOT,
            env={**environment, **more},
            text=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    run("work-pool", "create", "mappa", "--type", "process", "--overwrite")
    return run
