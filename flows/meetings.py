"""Meetings: invitations with calendar events, their changes and cancellations, final minutes."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="meetings", flow_run_name=run_name("meetings"), persist_result=False)
def meetings(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Prepare the meetings planned, moved, cancelled or minuted: who must come, invitations, updates, minutes.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Only this MAPPA area, spelt as in the files. Empty: all areas.
        dry_run: Show what would happen. Changes nothing and sends nothing.

    """
    return drive("meetings", as_at, area, dry_run)
