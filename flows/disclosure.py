"""Disclosures: approved by a second person, made, and followed to their end."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="disclosure", flow_run_name=run_name("disclosure"), persist_result=False)
def disclosure(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Put proposed disclosures to a second person, and approved ones to who is to make them.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Only this MAPPA area, spelt as in the files. Empty: all areas.
        dry_run: Show what would happen. Changes nothing and sends nothing.

    """
    return drive("disclosure", as_at, area, dry_run)
