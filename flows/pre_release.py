"""Cases before release: prison notice, referral and level follow the release date."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="pre_release", flow_run_name=run_name("pre_release"), persist_result=False)
def pre_release(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Drive cases before release: prison notice, referral and level, anew at every change of a release date.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Only this MAPPA area, spelt as in the files. Empty: all areas.
        dry_run: Show what would happen. Changes nothing and sends nothing.

    """
    return drive("pre_release", as_at, area, dry_run)
