"""The reports that each area publishes after a month, a quarter and a reporting year."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="reports", flow_run_name=run_name("reports"), persist_result=False)
def reports(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Publish the reports that are due: indicators, outcomes, the board's pack, the annual report.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Publish the reports of this area alone. Empty: of every area.
        dry_run: Say what is due; publish nothing.

    """
    return drive("reports", as_at, area, dry_run)
