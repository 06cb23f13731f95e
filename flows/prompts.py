"""Reminders and escalations that are due."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="prompts", flow_run_name=run_name("prompts"), persist_result=False)
def prompts(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Raise the reminders and escalations due now, for every timescale.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Only this MAPPA area, spelt as in the files. Empty: all areas.
        dry_run: Show what would happen. Changes nothing and sends nothing.

    """
    return drive("prompts", as_at, area, dry_run)
