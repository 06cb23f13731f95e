"""What comes back of e-mails: answers to invitations, automatic replies, messages that could not be delivered."""

from datetime import datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.drive import drive, run_name


@flow(name="replies", flow_run_name=run_name("replies"), persist_result=False)
def replies(as_at: datetime | None = None, area: str | None = None, dry_run: bool = False) -> State[Any]:
    """Read what came back of e-mails: answers to invitations, automatic replies, what could not be delivered.

    Args:
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        area: Only addresses of this MAPPA area; the mailbox belongs to none, and is read without one. Empty: all.
        dry_run: Say what waits. Reads nothing and changes nothing.

    """
    return drive("replies", as_at, area, dry_run)
