"""Referrals: put to screening or sent back; the answer reaches who referred."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="screening", flow_run_name=run_name("screening"), persist_result=False)
def screening(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Take up the referrals that came in or were answered: put to screening, sent back, or the outcome letter.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Only this MAPPA area, spelt as in the files. Empty: all areas.
        dry_run: Show what would happen. Changes nothing and sends nothing.

    """
    return drive("screening", as_at, area, dry_run)
