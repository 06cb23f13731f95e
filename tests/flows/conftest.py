"""One Prefect server for all tests of flows, and a record the settings name."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.record import Record
from policy.book import shipped_book

Api = Callable[..., Any]


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
    opened = Record(f"sqlite:///{path}", shipped_book())
    yield opened
    opened.close()
