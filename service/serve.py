"""``mappa serve``: the Prefect server, the deployments and the clock, brought up and stopped together."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from models.addresses import shown_url
from models.clock import now
from models.record import Record
from policy.errors import WrongUsageError
from service import logs
from service.clock import Clock
from service.desk import Desk, refuse_taken_desk_port
from service.known_record import note
from service.open_record import open_for_work, record_of
from service.prefect.deployments import NAME as EMBEDDED
from service.prefect.deployments import Deployments
from service.prefect.earlier_life import mark_crashed
from service.prefect.runs import Ran, Runs
from service.prefect.secret import secret_file
from service.prefect.server import (
    READY_SECONDS,
    PrefectServer,
    PrefectServerError,
    client_environment,
    refuse_taken_port,
    without_proxy,
)
from service.serve_settings import ServeSettings
from service.settings import Settings
from service.stopping import StopAsked, say
from tasks.drive_case import NAME as ONE_CASE
from tasks.quiet import QUIET, use_prefect
from tasks.registry import STAGES
from web.routes import Page

if TYPE_CHECKING:
    from service.metrics import Metrics

log = logging.getLogger(__name__)

START_AGAIN_SECONDS = 30.0
REGISTER_SECONDS = 30.0
LOOK_SECONDS = 1.0


class UnknownFlowError(WrongUsageError):
    """A flow that does not exist, or is asked for what it does not do."""


def serve(settings: Settings) -> None:
    """Bring everything up, print where things are, and stop it all when told to.

    ``PrefectServerError`` where its port, or that of the metrics, is taken. A Prefect server that dies later is
    started again; the clock works on meanwhile.
    """
    refuse_taken_metrics_port(settings.serve)
    if settings.desk.desk_port:
        refuse_taken_desk_port(settings.desk)
        settings = settings.with_the_desk
    logs.set_up(settings.log, "INFO")
    begun = time.monotonic()
    stop = StopAsked()
    stop.listen()
    # The runs that operators start from the Prefect UI get processes of their own, which read these settings, too.
    with PrefectServer(settings.serve) as server:
        use_prefect(client_environment(settings.serve) | settings.environment())
        say("starting: the first start takes up to half a minute")
        import_prefect()
        record = open_for_work(settings, make=True)
        prefect_is_up = wait_for(server, stop)
        if not stop.is_set():
            work(settings, server, record, stop, begun, prefect_is_up)
        say("stopping")
    say("stopped")


def refuse_taken_metrics_port(settings: ServeSettings) -> None:
    """Raise ``PrefectServerError`` where another program listens where the metrics are to be served."""
    if settings.metrics_port:
        refuse_taken_port(settings.metrics_host, settings.metrics_port, "MAPPA_METRICS")


def import_prefect() -> None:
    """Import what takes seconds, while the server does the same."""
    import prefect.deployments.runner
    import prefect.runner  # noqa: F401

    import flows  # noqa: F401


def wait_for(server: PrefectServer, stop: Event) -> bool:
    """Wait for the Prefect server, or to be told to stop; tell whether it is up."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and not stop.is_set():
        if server.wait_until_ready(LOOK_SECONDS):
            return True
    return False


def work(
    settings: Settings,
    server: PrefectServer,
    record: Record,
    stop: Event,
    begun: float,
    prefect_is_up: bool,
    further: Sequence[Page] = (),
) -> None:
    """Serve the desk and the deployments, and let the clock beat until told to stop.

    ``further``: pages of the desk that only a demo has.
    """
    from flows import FLOWS

    api_url = settings.serve.api_url
    if prefect_is_up:
        left = mark_crashed(api_url, [EMBEDDED])
        if left:
            say(f"marked as crashed in Prefect: {left} that a killed program had left running")
    desk = Desk(record, settings, further) if settings.desk.desk_port else None
    deployments = Deployments(FLOWS.values())
    metrics = metrics_of(settings.serve, record)
    runs = Runs(record, api_url)
    worked = partial(note, settings, record)
    clock = Clock(record, list(STAGES.values()), runs, now, settings.serve.clock_seconds, metrics, worked)
    deployments.start()
    clock.start()
    try:
        if desk is not None:
            desk.start()
        if prefect_is_up:
            deployments.registered.wait(REGISTER_SECONDS)
        for line in where_things_are(settings, record, prefect_is_up):
            say(line)
        say(f"ready after {time.monotonic() - begun:.0f} seconds; Ctrl-C stops it all")
        watch(server, stop)
    finally:
        if not clock.stop():
            log.warning("the chunk at hand takes its time; Ctrl-C again ends it, and the record undoes it")
        if desk is not None:
            desk.stop()
        deployments.stop()
        flush_prefect()


def metrics_of(settings: ServeSettings, record: Record) -> "Metrics | None":
    """Return the metrics, listening; ``None`` where none are asked for."""
    if not settings.metrics_port:
        return None
    from service.metrics import Metrics

    metrics = Metrics(record, now)
    metrics.listen(settings.metrics_host, settings.metrics_port)
    return metrics


def watch(server: PrefectServer, stop: Event) -> None:
    """Wait to be told to stop; start the Prefect server again where it died, at most every half minute."""
    last_start = time.monotonic()
    while not stop.wait(LOOK_SECONDS):
        if server.is_running() or time.monotonic() - last_start < START_AGAIN_SECONDS:
            continue
        last_start = time.monotonic()
        log.warning("the Prefect server has ended; it is started again (see %s)", server.settings.server_log)
        try:
            server.stop()
            server.start()
        except PrefectServerError as error:
            log.warning("%s", error)


def where_things_are(settings: Settings, record: Record, prefect_is_up: bool) -> list[str]:
    """Return the lines that say where to look."""
    mail, serving = settings.mail, settings.serve
    database = shown_url(record.url)
    late = "" if prefect_is_up else "  (not up yet: work goes on without it)"
    desk = settings.desk
    return [
        f"  desk         {(mail.desk_url or desk.address) if desk.desk_port else 'off: set MAPPA_DESK_PORT'}",
        f"  Prefect UI   {serving.ui_url}{late}",
        f"  sign in to it with the line in {secret_file(serving.prefect_home)}",
        f"  record       {database}",
        f"  mail         {mail.mail_folder if mail.transport == 'folder' else mail.smtp_host}",
        f"  logs         {serving.server_log}",
        f"  clock        looks every {serving.clock_seconds:g} seconds",
        f"  metrics      {serving.metrics_url or 'off: set MAPPA_METRICS_PORT'}",
        f"  history      Prefect forgets runs after {serving.prefect_history_days} days",
    ]


def flush_prefect(timeout: float = 3.0) -> None:
    """Send Prefect what it has not been sent yet of logs and events, while its server is still there."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (APILogWorker, EventsWorker):
        worker.drain_all(timeout=timeout)


def run_flow(
    settings: Settings,
    name: str,
    as_at: datetime | None = None,
    area: str | None = None,
    dry_run: bool = False,
    case: str | None = None,
) -> Ran:
    """Run one flow now, in this process: reported to the Prefect server where one answers, else plainly.

    The server is that of ``PREFECT_API_URL``, or the one ``mappa serve`` brings up. ``recorded`` of what is
    returned tells whether Prefect has the run. ``case``: the one that ``drive_case`` drives.
    """
    if name not in (*STAGES, ONE_CASE):
        raise UnknownFlowError(f"there is no flow {name!r}; the flows are {', '.join((*STAGES, ONE_CASE))}")
    if (case is not None) != (name == ONE_CASE):
        raise UnknownFlowError(f"use --case with {ONE_CASE} and with no other flow, such as --case LON-2026-000123")
    api_url = settings.prefect_api_url
    use_prefect(
        {**QUIET, **logs.prefect_environment(), **without_proxy(api_url)}
        if api_url
        else client_environment(settings.serve)
    )
    runs = Runs(record_of(settings), api_url or settings.serve.api_url)
    if case is not None:
        ran = runs.run_case(case, as_at or now(), dry_run)
    else:
        ran = runs.run(STAGES[name], as_at or now(), area, dry_run)
    if ran.recorded:
        flush_prefect()
    return ran
