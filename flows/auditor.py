"""The auditor: what must hold of the record, and what to do where it does not."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from assurance.invariants import INVARIANTS
from flows.drive import Row, drive, run_name
from tasks.stage import Outcome


@flow(name="assurance", flow_run_name=run_name("assurance"), persist_result=False)
def assurance(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Audit the record, where the last audit is older than an hour (MAPPA_ASSURANCE_HOURS).

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Leave it empty: an audit is about the whole record, and with an area nothing waits.
        dry_run: Say what would be found; record nothing, give no sign of life.

    """
    return drive("assurance", as_at, area, dry_run, looked_at)


def looked_at(outcome: Outcome) -> Row:
    """Return the row of one invariant: what must hold, and what was found and is to be done."""
    return {
        "invariant": outcome.subject,
        "what must hold": INVARIANTS[outcome.subject].explanation,
        "outcome": outcome.result,
        "found, and what to do": outcome.detail,
    }
