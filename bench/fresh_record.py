"""A new record to measure on."""

from datetime import UTC, datetime, timedelta

from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models import AssuranceRun
from models.record import Record
from tasks.registry import STAGES
from tasks.stage import run_stage
from tests.support.opened import opened

AS_AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
EARLY = AS_AT - timedelta(days=400)
"""Before anything of the caseload is due."""


def fresh(url: str) -> Record:
    """Return a new record with its calendar and offences."""
    record = opened(url)
    record.migrate()
    ensure_calendar(record, AS_AT)
    ensure_offences(record, AS_AT)
    return record


def settle(record: Record) -> None:
    """Let nothing wait early on: the reports to come are planned, and the record was audited a moment ago."""
    run_stage(record, STAGES["reports"], EARLY)
    with record.writing() as session:
        session.add(AssuranceRun(ran_at=EARLY, ok=True, findings=[], counts={}))
