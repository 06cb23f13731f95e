"""New sentences: eligibility and category, the one open episode of the person, its timescales."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="identification", flow_run_name=run_name("identification"), persist_result=False)
def identification(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Identify new and changed sentences: eligibility and category, open or join the case, set its timescales.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Only this MAPPA area, spelt as in the files. Empty: all areas.
        dry_run: Show what would happen. Changes nothing and sends nothing.

    """
    return drive("identification", as_at, area, dry_run)
