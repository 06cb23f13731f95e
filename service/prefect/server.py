"""The Prefect server as a child process: its settings, its start and its end, and whether one is up.

Prefect makes things happen and shows them; the record is the truth. So the server keeps a database of its own,
says nothing to anyone outside this machine, and may be away without anything that is due being late.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from models.settings import PREFIX
from policy.errors import UnavailableError
from service.logs import prefect_environment
from service.prefect.secret import make_secret, of_a_client, of_the_server
from service.prefect.trusted import certificates
from service.serve_settings import ServeSettings
from tasks.quiet import QUIET

READY_SECONDS = 120.0
STOP_SECONDS = 6.0
CHECK_SECONDS = 1.0
DAY_SECONDS = 24 * 60 * 60
EVENT_DAYS = 7
HERE = Path(__file__).resolve().parents[2]
LOCAL = ("127.0.0.1", "localhost", "::1")

CALM = {
    # The loops of the server that matter on one machine without schedules turn slower: less idle cost.
    "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS": "300",
    "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS": "60",
    "PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT60S",
    # No block is used, and registering every known one makes each start longer.
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_LEVEL": "WARNING",
}


class PrefectServerError(UnavailableError):
    """The Prefect server cannot be started; the message says why and what to do."""


def client_environment(settings: ServeSettings) -> dict[str, str]:
    """Return the variables under which this machine's Prefect server is used, by this process and its children."""
    return {
        **QUIET,
        "PREFECT_API_URL": settings.api_url,
        "PREFECT_HOME": str(settings.prefect_home),
        # Runs log to the server; the console is for the program's own words.
        **prefect_environment(),
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
        **of_a_client(settings.prefect_home),
        **without_proxy(settings.api_url),
    }


def without_proxy(api_url: str) -> dict[str, str]:
    """Return the variables that keep calls to this machine away from a proxy."""
    hosts = [*LOCAL, httpx.URL(api_url).host]
    known = [name for name in (os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or "").split(",") if name]
    names = ",".join(dict.fromkeys([*known, *hosts]))
    return {"NO_PROXY": names, "no_proxy": names}


def server_environment(settings: ServeSettings) -> dict[str, str]:
    """Return the environment of the server's process. What the operator has set himself stays."""
    home = settings.prefect_home
    shipped = {
        **CALM,
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_UI_STATIC_DIRECTORY": str(home / "ui"),
        "PREFECT_SERVER_UI_API_URL": settings.api_url,
        # No page of another address may ask it anything.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": settings.ui_url,
        **of_the_server(home),
        **forgetting_after(settings.prefect_history_days),
    }
    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    # Of the record and of e-mail it is told nothing.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**shipped, **inherited, **client_environment(settings), "PYTHONPATH": path}


def forgetting_after(days: int) -> dict[str, str]:
    """Return the variables under which the server forgets runs, with their logs and artifacts, after so many days.

    Unless told so it keeps them for ever, and its database grows. Its events it keeps for a week at most.
    """
    return {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(days * DAY_SECONDS),
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{min(days, EVENT_DAYS)}D",
    }


def is_up(api_url: str, timeout: float = CHECK_SECONDS) -> bool:
    """Tell within ``timeout`` seconds whether a Prefect server answers at an address."""
    try:
        answer = httpx.get(f"{api_url}/health", timeout=timeout, trust_env=False, verify=certificates())
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.status_code == httpx.codes.OK


def refuse_taken_port(host: str, port: int, setting: str = "MAPPA_PREFECT") -> None:
    """Raise ``PrefectServerError`` where another program listens on the port; ``setting`` names what to change."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise PrefectServerError(f"{host!r} is not an address of this machine", where=f"{setting}_HOST") from None
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise not_listening(error, host, port, setting) from None


def not_listening(error: OSError, host: str, port: int, setting: str) -> PrefectServerError:
    """Return the error that says why an address cannot be listened on, and what to do."""
    if isinstance(error, PermissionError):
        return PrefectServerError(
            f"port {port} needs more rights than this program has", to_do=f"set {setting}_PORT to one above 1023"
        )
    if error.errno is not None and "assign" in os.strerror(error.errno):
        return PrefectServerError(f"{host!r} is not an address of this machine", where=f"{setting}_HOST")
    return PrefectServerError(f"port {port} is taken by another program", to_do=f"stop it or set {setting}_PORT")


class PrefectServer:
    """The Prefect server of ``mappa serve``, in a process group of its own: Ctrl-C is for the program alone."""

    def __init__(self, settings: ServeSettings) -> None:
        """Nothing starts before ``start``."""
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server; ``PrefectServerError`` where its port is taken.

        To be called from a thread that lives as long as the program: the server dies with it.
        """
        refuse_taken_port(self.settings.prefect_host, self.settings.prefect_port)
        self.settings.prefect_home.mkdir(parents=True, exist_ok=True)
        self.settings.server_log.parent.mkdir(parents=True, exist_ok=True)
        make_secret(self.settings.prefect_home)
        words = [
            sys.executable,
            "-m",
            "service.prefect.child",
            self.settings.prefect_host,
            str(self.settings.prefect_port),
            str(os.getpid()),
            *self.settings.prefect_names,
        ]
        with self.settings.server_log.open("ab") as log:
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=server_environment(self.settings),
                start_new_session=True,
            )

    def wait_until_ready(self, timeout: float = READY_SECONDS) -> bool:
        """Wait until the server answers; ``False`` where it has not after ``timeout`` seconds.

        ``PrefectServerError`` where it ended instead.
        """
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if not self.is_running():
                raise PrefectServerError(
                    "the Prefect server ended at its start", to_do=f"see {self.settings.server_log}"
                )
            if is_up(self.settings.api_url):
                return True
            time.sleep(0.1)
        return False

    def is_running(self) -> bool:
        """Tell whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the server and whatever it started: kindly, and after some seconds not."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
