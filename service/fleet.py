"""``mappa clock``: a clock alone, for a fleet in which the Prefect server and the workers are elsewhere."""

import logging
from functools import partial
from threading import Event

from models.addresses import shown_url
from models.clock import now
from models.record import Record
from service import logs
from service.clock import Clock
from service.known_record import note
from service.open_record import open_for_work
from service.prefect.earlier_life import mark_crashed
from service.prefect.runs import Runs
from service.prefect.server import client_environment, without_proxy
from service.prefect.worker_runs import WorkerRuns
from service.serve import flush_prefect
from service.settings import Settings
from service.stopping import StopAsked, say
from tasks.quiet import QUIET, use_prefect
from tasks.registry import STAGES

log = logging.getLogger(__name__)

CALM_CLIENT = {
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
}
ASKS_ONCE = {"PREFECT_CLIENT_MAX_RETRIES": "0"}
"""Who only asks for runs does not ask again for half a minute: the clock does the work itself."""


def api_of(settings: Settings) -> str:
    """Make this process use the Prefect server of ``PREFECT_API_URL``, else that of ``mappa serve``; return its API."""
    api_url = settings.prefect_api_url
    quiet = {**QUIET, **CALM_CLIENT, **logs.prefect_environment()}
    use_prefect({**quiet, **without_proxy(api_url)} if api_url else client_environment(settings.serve))
    return api_url or settings.serve.api_url


def run_clock(settings: Settings, through_workers: bool) -> None:
    """Let a clock beat until told to stop. Several at once are safe, on one machine or many."""
    logs.set_up(settings.log, "INFO")
    stop = StopAsked()
    stop.listen()
    api_url = api_of(settings)
    if through_workers:
        use_prefect(ASKS_ONCE)
    record = open_for_work(settings)
    runs = runs_of(record, api_url, through_workers, settings.serve.worker_patience_seconds)
    if runs.prefect_answers():
        left = mark_crashed(api_url)
        if left:
            say(f"marked as crashed in Prefect: {left} that a killed program had left running")
    seconds = settings.serve.clock_seconds
    clock = Clock(record, list(STAGES.values()), runs, now, seconds, worked=partial(note, settings, record))
    clock.start()
    try:
        say(f"record  {shown_url(record.url)}")
        say(f"Prefect {api_url} ({'workers take the runs' if through_workers else 'runs in this process'})")
        say(f"the clock looks every {seconds:g} seconds; Ctrl-C stops it")
        wait(stop)
    finally:
        if not clock.stop():
            log.warning("the chunk at hand takes its time; Ctrl-C again ends it, and the record undoes it")
        if runs.prefect_answers():
            flush_prefect()
    say("stopped")


def runs_of(record: Record, api_url: str, through_workers: bool, patience_seconds: float) -> Runs:
    """Return what starts the runs of a clock."""
    if through_workers:
        return WorkerRuns(record, api_url, patience_seconds=patience_seconds)
    return Runs(record, api_url)


def wait(stop: Event) -> None:
    """Wait to be told to stop; in short steps, or a signal would not be heard."""
    while not stop.wait(1):
        pass
