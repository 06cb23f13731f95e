"""Cases at the end of a sentence, licence, order or notification period: what is still open."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="exit_planning", flow_run_name=run_name("exit_planning"), persist_result=False)
def exit_planning(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Put the end-of-sentence check of each case to a person on its day: what is open, what still holds.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Only this MAPPA area, spelt as in the files. Empty: all areas.
        dry_run: Show what would happen. Changes nothing and sends nothing.

    """
    return drive("exit_planning", as_at, area, dry_run)
