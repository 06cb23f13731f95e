"""Events of ours in Prefect, for its feed and its automations. Counts and case references, nothing else.

An event is sent by Prefect's own thread, and one that cannot be sent is lost: nothing that is due hangs on it.
"""

import logging
import time

from tasks import quiet  # noqa: F401  before Prefect

# isort: split
from prefect.events import emit_event

from tasks.chunks import happenings_of
from tasks.happenings import SWEEP_COMPLETED, Happening, of_the_stage
from tasks.stage import StageReport

log = logging.getLogger(__name__)

SWEEP_SECONDS = 3600.0
"""How often a process says at most that the sweep was completed: it is asked for once a day."""

_swept: list[float] = []


def emit_events(report: StageReport, left: int = 0) -> None:
    """Tell Prefect what of a run is worth an event."""
    try:
        for happening in happenings_of(report):
            emit(happening)
        if report.stage == "prompts" and not left:
            sweep_completed()
    except Exception as error:  # noqa: BLE001  the work is done; that nobody hears of it is no reason to fail
        log.warning("events of %s could not be sent (%s)", report.stage, type(error).__name__)


def sweep_is_to_be_told() -> bool:
    """Tell whether this process has not said for an hour that the sweep was completed."""
    return not _swept or time.monotonic() - _swept[-1] >= SWEEP_SECONDS


def sweep_completed() -> None:
    """Say that every rung that is due has been raised, unless that was said within the hour."""
    if sweep_is_to_be_told():
        _swept[:] = [time.monotonic()]
        emit(Happening(SWEEP_COMPLETED, of_the_stage("prompts")))


def emit(happening: Happening) -> None:
    """Send one event."""
    resource = {"prefect.resource.id": happening.resource, "prefect.resource.name": happening.resource}
    emit_event(happening.event, resource, payload=happening.told)
