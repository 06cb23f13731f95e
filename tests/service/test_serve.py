"""``mappa serve`` as a real process on a free port: up, at work, and gone without a trace."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from assurance.invariants import ALL
from bench.attack.doors import tried
from models.people import Sentence
from service.prefect.secret import secret_file
from service.prefect.server import PrefectServer, PrefectServerError, client_environment, server_environment
from service.serve import serve
from service.serve_settings import ServeSettings
from service.settings import read_settings
from tasks.registry import STAGES
from tests.support import rows
from tests.support.environment import without_settings
from tests.support.opened import opened
from tests.support.signed_in import signed_in_at

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
LOADED = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)


# The tables in which Prefect keeps what ran, and what came of it.
OF_RUNS = (
    "artifact", "artifact_collection", "event_resources", "events", "flow_run", "flow_run_state", "log", "task_run",
    "task_run_state",
)  # fmt: skip


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SERVE = "from cli.app import main; main()"


class Served:
    """A ``mappa serve`` of a test's own, with more settings where they are given.

    Its database comes from ``--database`` alone: the environment names another, which must never be touched.
    """

    def __init__(self, folder: Path, port: int, begin: str = SERVE, **settings: str) -> None:
        database = f"sqlite:///{folder}/record.db"
        self.port, self.folder, self.metrics_port, self.desk_port = port, folder, free_port(), free_port()
        self.prefect_home = folder / "var" / "prefect"
        self.api_url = f"http://127.0.0.1:{port}/api"
        self.out = folder / "out.txt"
        environment = {
            **without_settings(),
            "PYTHONPATH": str(ROOT),
            "MAPPA_DATABASE_URL": f"sqlite:///{folder}/another.db" if begin == SERVE else database,
            "MAPPA_MAIL_FOLDER": str(folder / "mail"),
            "MAPPA_STATE_DIR": str(folder / "var"),
            "MAPPA_PREFECT_PORT": str(port),
            "MAPPA_DESK_PORT": str(self.desk_port),
            "MAPPA_CLOCK_SECONDS": "1",
            "MAPPA_METRICS_PORT": str(self.metrics_port),
            "MAPPA_LOG_FORMAT": "json",
            **settings,
        }
        database = settings.get("MAPPA_DATABASE_URL", database)
        words = [sys.executable, "-c", begin, "serve", "--database", database]
        with self.out.open("w") as out:
            # A folder that is not the project's: nothing may hang on where it is started.
            self.process = subprocess.Popen(words, env=environment, cwd=folder, stdout=out, stderr=out)

    def until(self, look: Callable[[], Any], seconds: float = 60) -> Any:
        """Look until something is seen; fail with what the process printed."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if seen := look():
                return seen
            time.sleep(0.2)
        raise AssertionError(f"not seen within {seconds} seconds; it printed: {self.out.read_text()}")

    def ask(self, path: str, **body: Any) -> Any:
        """Ask the Prefect API; where its database is busy it answers 503, and is asked again as its own client does."""
        for _ in range(5):
            answer = httpx.post(f"{self.api_url}/{path}", json=body, auth=self.secret, timeout=30)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(1)
        answer.raise_for_status()
        return answer.json()

    @property
    def secret(self) -> tuple[str, str]:
        """The user and the password of its Prefect server."""
        return signed_in_at(self.prefect_home)

    def runs(self, like: str, state: str | None = None) -> list[dict[str, Any]]:
        """The flow runs whose name holds some words, in a state."""
        found = self.ask("flow_runs/filter", flow_runs={"name": {"like_": like}})
        return [run for run in found if state in (None, run["state"]["type"])]

    def lines(self, **wanted: Any) -> list[dict[str, Any]]:
        """The JSON lines of the log whose fields are as wanted."""
        found = [json.loads(line) for line in self.out.read_text().splitlines() if line.startswith("{")]
        return [line for line in found if wanted.items() <= line.items()]

    def family(self) -> set[int]:
        """The process and everything it has started that lives."""
        parents = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                pid, _, rest = status.read_text().partition(" (")
            except OSError:
                continue
            state, parent = rest.rpartition(")")[2].split()[:2]
            if state != "Z":
                parents[int(pid)] = int(parent)
        family, found = {self.process.pid}, True
        while found:
            found = {pid for pid, parent in parents.items() if parent in family} - family
            family |= found
        return family


def alive(pids: set[int]) -> set[int]:
    """Those processes that live."""
    living = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            living.add(pid)
    return living


@pytest.fixture
def served(tmp_path: Path, sqlite_template: Path, prefect_database: Path) -> Iterator[Served]:
    """A serve that says it is ready, over an empty record."""
    shutil.copy(sqlite_template, tmp_path / "record.db")
    with serving(tmp_path, prefect_database) as served:
        yield served


@contextmanager
def serving(folder: Path, prefect_database: Path, **more: str) -> Iterator[Served]:
    """Yield a serve that says it is ready; leave nothing of it behind."""
    home = folder / "var" / "prefect"
    home.mkdir(parents=True)
    if prefect_database.exists():
        shutil.copy(prefect_database, home / "prefect.db")
    served = Served(folder, free_port(), **more)
    family: set[int] = set()
    try:
        served.until(lambda: "ready after" in served.out.read_text(), 120)
        if not prefect_database.exists():
            with sqlite3.connect(home / "prefect.db") as live, sqlite3.connect(prefect_database) as kept:
                live.backup(kept)
                # What this serve has run by now is no matter of the next one's.
                for table in OF_RUNS:
                    kept.execute(f"DELETE FROM {table}")
        yield served
    finally:
        family = served.family()
        served.process.kill()
        served.process.wait()
        for pid in alive(family):
            os.kill(pid, signal.SIGKILL)


def add_sentence(served: Served) -> None:
    """Let one sentence wait for identification."""
    record = opened(f"sqlite:///{served.folder}/record.db")
    with record.writing() as session:
        rows.sentence(session, rows.person(session), outcome=None, outcome_reason=None, identify_at=LOADED)
    record.close()


def identified(served: Served) -> bool:
    """Whether the sentence has been looked at."""
    record = opened(f"sqlite:///{served.folder}/record.db")
    with record.reading() as session:
        done = session.query(Sentence).one().outcome is not None
    record.close()
    return done


def test_serve_brings_everything_up_works_and_stops_without_a_trace(served: Served) -> None:
    printed = served.out.read_text()
    assert f"http://127.0.0.1:{served.port}" in printed
    assert str(served.folder / "record.db") in printed

    deployments = served.ask("deployments/filter")
    flows = {f["id"]: f["name"] for f in served.ask("flows/filter")}
    assert {flows[d["flow_id"]] for d in deployments} == {*STAGES, "drive_case", "operators_notice"}
    assert all(d["description"] and d["name"] == "embedded" for d in deployments)

    # Nothing waits but the audit, so nothing else runs; a fact recorded starts its flow.
    served.until(lambda: served.runs(f"assurance · all areas · {len(ALL)} invariants", "COMPLETED"), 60)
    assert all(run["name"].startswith("assurance ·") for run in served.ask("flow_runs/filter"))
    add_sentence(served)
    [run] = served.until(lambda: served.runs("identification · all areas · 1 sentence", "COMPLETED"), 60)
    tables = served.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    # Two tables, in whatever order Prefect gives them: what came of it, and for which case.
    first_rows = [json.loads(table["data"])[0] for table in tables]
    assert {"outcome": "waited", "count": 1, "why": ""} in first_rows

    # The log and the metrics tell of that run.
    [line] = served.lines(stage="identification")
    assert (line["flow_run_id"], line["done"], line["logger"]) == (run["id"], 1, "tasks.stage")
    metrics = httpx.get(f"http://127.0.0.1:{served.metrics_port}/metrics", trust_env=False).text
    assert 'mappa_stage_outcomes_total{result="done",stage="identification"} 1.0' in metrics
    assert "mappa_record_up 1.0" in metrics

    the_door_is_shut(served, deployments[0]["id"])
    # An operator starts one from the UI. As at a day to come none does anything.
    [sweep] = [d for d in deployments if flows[d["flow_id"]] == "prompts"]
    ahead = {"as_at": "2071-01-01T08:00:00Z"}
    served.ask(f"deployments/{sweep['id']}/create_flow_run", parameters=ahead, state={"type": "SCHEDULED"})
    [refused] = served.until(lambda: served.runs("2071-01-01", "FAILED"))
    assert "is still to come, and a run does what is due now: leave the moment empty" in refused["state"]["message"]
    [chosen] = [d for d in deployments if flows[d["flow_id"]] == "deliver"]
    served.ask(f"deployments/{chosen['id']}/create_flow_run", parameters={"dry_run": True}, state={"type": "SCHEDULED"})
    served.until(lambda: [r for r in served.runs("dry run", "COMPLETED") if r["name"].startswith("deliver · ")])
    assert not (served.folder / "another.db").exists()

    family = served.family()
    assert len(family) >= 2
    begun = time.monotonic()
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(20) == 0
    assert time.monotonic() - begun < 20
    served.until(lambda: not alive(family), 20)
    assert served.out.read_text().endswith("stopping\nstopped\n")
    assert "Traceback" not in served.out.read_text()


def the_door_is_shut(served: Served, deployment: str) -> None:
    """Nobody who does not belong gets through any door, nor the page of another address; the right secret does."""
    shut, still_open = tried(served)
    assert still_open == []
    assert {house for house, _ in shut} == {"Prefect", "desk", "API"}
    assert shut.total() > 500
    assert served.ask(
        f"deployments/{deployment}/create_flow_run", state={"type": "SCHEDULED"}, parameters={"dry_run": True}
    )["id"]
    for origin, allowed in (("https://elsewhere.example", None), (ui := served.api_url.removesuffix("/api"), ui)):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = httpx.options(f"{served.api_url}/flow_runs/filter", headers=asked)
        assert answer.headers.get("access-control-allow-origin") == allowed
    assert secret_file(served.prefect_home).stat().st_mode & 0o077 == 0


def test_a_prefect_server_that_dies_delays_nothing_and_is_started_again(served: Served) -> None:
    [server] = [pid for pid in served.family() if b"service.prefect.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(server, signal.SIGKILL)
    add_sentence(served)
    served.until(lambda: identified(served), 60)
    assert "work goes on without it" in served.out.read_text()
    served.until(lambda: "is started again" in served.out.read_text(), 60)
    served.until(lambda: answers(served.api_url), 60)
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(20) == 0


def test_the_prefect_server_dies_with_a_program_that_is_killed(served: Served) -> None:
    family = served.family()
    served.process.kill()
    served.process.wait()
    served.until(lambda: not alive(family), 20)


def answers(api_url: str) -> bool:
    """Whether a Prefect server answers."""
    try:
        return httpx.get(f"{api_url}/health", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = PrefectServer(ServeSettings(prefect_port=port, state_dir=tmp_path / "var"))
        with pytest.raises(PrefectServerError) as caught:
            server.start()
    assert str(caught.value) == f"port {port} is taken by another program: stop it or set MAPPA_PREFECT_PORT"
    assert not (tmp_path / "var").exists()


def test_an_address_of_another_machine_is_told(tmp_path: Path) -> None:
    with pytest.raises(PrefectServerError, match="is not an address of this machine"):
        PrefectServer(ServeSettings(prefect_host="192.0.2.1", state_dir=tmp_path)).start()


def test_prefect_forgets_runs_after_the_days_that_are_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.settings.models.server.events import ServerEventsSettings
    from prefect.settings.models.server.services import ServerServicesDBVacuumSettings

    told = server_environment(ServeSettings(state_dir=tmp_path, prefect_history_days=5))
    for name in told:
        if "VACUUM" in name or "EVENTS" in name:
            monkeypatch.setenv(name, told[name])
    vacuum = ServerServicesDBVacuumSettings()
    assert vacuum.enabled_vacuum_types == {"events", "flow_runs", "orphans"}
    assert (vacuum.retention_period.days, ServerEventsSettings().retention_period.days) == (5, 5)


def test_a_taken_port_of_the_metrics_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        settings = ServeSettings(prefect_port=free_port(), metrics_port=port, state_dir=tmp_path / "var")
        with pytest.raises(PrefectServerError) as caught:
            serve(replace(read_settings(), serve=settings))
    assert str(caught.value) == f"port {port} is taken by another program: stop it or set MAPPA_METRICS_PORT"
    assert not (tmp_path / "var").exists()


def test_nothing_about_its_use_leaves_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    settings = ServeSettings(state_dir=tmp_path)
    told = server_environment(settings)
    assert told["DO_NOT_TRACK"] == "1"
    assert told["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert told["PREFECT_SERVER_EPHEMERAL_ENABLED"] == "false"
    assert told["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert "intranet.example" in told["NO_PROXY"]
    assert "127.0.0.1" in client_environment(settings)["NO_PROXY"]
