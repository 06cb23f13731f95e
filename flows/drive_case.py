"""One case, on an operator's demand."""

from datetime import datetime
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from pydantic import Field

from flows.drive import row, under_ticket
from flows.happenings import emit_events
from tasks.chunks import drive_case_reported
from tasks.drive_case import NAME, as_one
from tasks.moments import local_minute, moment_of

CASE_REFERENCE = r"^[A-Z0-9]{2,6}-\d{4}-\d{6,}$"

CaseReference = Annotated[
    str, Field(pattern=CASE_REFERENCE, title="Case reference", examples=["LON-2026-000123"], max_length=20)
]


def run_name() -> str:
    """Return what names a run: 'drive_case · LON-2026-000123 · 2026-07-10 08:00'."""
    parameters = flow_run.parameters
    words = [NAME, parameters["case"], local_minute(moment_of(parameters["as_at"]))]
    return " · ".join([*words, *(["dry run"] if parameters["dry_run"] else [])])


@flow(name=NAME, flow_run_name=run_name, persist_result=False)
def drive_case(case: CaseReference, as_at: datetime | None = None, dry_run: bool = False) -> State[Any]:
    """Do everything that is due for one case now: its dates, its prompts, its messages; a failed step is tried again.

    Args:
        case: The case, by its reference, such as LON-2026-000123. Never a CRN: that names a person.
        as_at: Do it as at this moment; without an offset it is Europe/London. Empty: now.
        dry_run: Show what would happen. Changes nothing and sends nothing.

    """

    def work(halted: Any) -> Any:
        reports, left = drive_case_reported(case, moment_of(as_at), dry_run, halted)
        if not dry_run:
            for report in reports:
                emit_events(report, left)
        return as_one(reports, moment_of(as_at)), left

    return under_ticket(work, case, row)
