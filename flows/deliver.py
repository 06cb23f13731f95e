"""The outbox: messages that wait to be sent."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="deliver", flow_run_name=run_name("deliver"), persist_result=False)
def deliver(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Send the messages that wait in the outbox.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Only this MAPPA area, spelt as in the files. Empty: all areas.
        dry_run: Show what would happen. Changes nothing and sends nothing.

    """
    return drive("deliver", as_at, area, dry_run)
