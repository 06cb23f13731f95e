"""``mappa desk``: the web pages, alone or beside the clock of ``mappa serve``."""

import logging
from collections.abc import Iterable
from threading import Event, Thread

import uvicorn

from models.record import Record
from policy.errors import UnavailableError, WrongUsageError
from service.open_record import open_ready_record
from service.prefect.server import refuse_taken_port
from service.settings import Settings
from service.stopping import StopAsked, say
from web.app import make_app
from web.assets.served import style_sheet
from web.routes import Page
from web.settings import DeskSettings

log = logging.getLogger(__name__)

START_SECONDS = 20.0
STOP_SECONDS = 10.0
LOOK_SECONDS = 0.05


def serve_alone(settings: Settings) -> None:
    """Serve the desk until told to stop; a fleet has several, each alone."""
    if not settings.desk.desk_port:
        raise WrongUsageError("a desk needs a port", where="MAPPA_DESK_PORT")
    settings = settings.with_the_desk
    stop = StopAsked()
    stop.listen()
    desk = Desk(open_ready_record(settings), settings)
    desk.start()
    say(f"the desk is at {settings.mail.desk_url}; Ctrl-C stops it")
    while not stop.wait(1) and desk.is_running():
        continue
    desk.stop()
    say("stopped")


class Desk:
    """The desk in a thread of its own, until it is stopped."""

    def __init__(self, record: Record, settings: Settings, further: Iterable[Page] = ()) -> None:
        """Make the application; nothing listens yet. ``further``: pages that only a demo has."""
        refuse_taken_desk_port(settings.desk)
        style_sheet()
        self._server = uvicorn.Server(
            uvicorn.Config(
                make_app(record, settings.desk, settings.mail, further),
                host=settings.desk.desk_host,
                port=settings.desk.desk_port,
                # An address may hold what somebody searched for: a log must not.
                access_log=False,
                log_config=None,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=int(STOP_SECONDS),
            )
        )
        # Signals belong to whoever runs the desk.
        self._thread = Thread(target=self._server.run, name="desk", daemon=True)

    def start(self) -> None:
        """Begin to listen; ``UnavailableError`` where that does not come about."""
        self._thread.start()
        waited = Event()
        for _ in range(int(START_SECONDS / LOOK_SECONDS)):
            if self._server.started or not self._thread.is_alive():
                break
            waited.wait(LOOK_SECONDS)
        if not self._server.started:
            raise UnavailableError("the desk did not start", to_do="see the log above")

    def stop(self) -> None:
        """Answer what was asked so far, and end."""
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS + 1)

    def is_running(self) -> bool:
        """Tell whether the desk still listens."""
        return self._thread.is_alive()


def refuse_taken_desk_port(settings: DeskSettings) -> None:
    """Raise an error that names the setting where another program listens on the port of the desk."""
    refuse_taken_port(settings.desk_host, settings.desk_port, "MAPPA_DESK")
