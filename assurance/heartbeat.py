"""The sign of life: written and called after an audit that found nothing wrong, so that its absence is the alarm."""

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from assurance.settings import AssuranceSettings
from models.clock import now

log = logging.getLogger(__name__)

PRESENT = timedelta(hours=1)
TIMEOUT_SECONDS = 5.0


def is_present(as_at: datetime) -> bool:
    """Tell whether a run is about now: one about another day (``--as-at``, a simulation) is no sign of life."""
    return abs(now() - as_at) <= PRESENT


def beat(
    as_at: datetime, counts: dict[str, Any], settings: AssuranceSettings, seal: dict[str, Any] | None = None
) -> None:
    """Give the sign of life that the settings ask for. What fails is logged, and changes nothing.

    ``seal``: the newest seal of the audit trail, so that whoever keeps the signs of life is its witness.
    """
    if not is_present(as_at):
        return
    document = {"at": as_at.isoformat(), "ok": True, "counts": counts, "seal": seal}
    if settings.heartbeat_file is not None:
        try:
            write(settings.heartbeat_file, document)
        except OSError as error:
            log.warning("the heartbeat file cannot be written: %s", error.strerror or type(error).__name__)
    if settings.heartbeat_url is not None:
        call(settings.heartbeat_url, document)


def write(path: Path, document: dict[str, Any]) -> None:
    """Put the document in its place in one step: who reads the file never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(json.dumps(document) + "\n", encoding="utf-8")
    beside.replace(path)


def call(url: str, document: dict[str, Any]) -> None:
    """Call an address. It may hold a key, so that the log names the failure only."""
    # Imported here because most commands give no sign of life, and each would wait for it.
    import httpx

    try:
        httpx.post(url, json=document, timeout=TIMEOUT_SECONDS).raise_for_status()
    except httpx.HTTPStatusError as error:
        log.warning("the heartbeat address answered %d", error.response.status_code)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("the heartbeat address cannot be called (%s)", type(error).__name__)
