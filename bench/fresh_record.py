"""A new record to measure on."""

from datetime import UTC, datetime

from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models.record import Record
from tests.support.opened import opened

AS_AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def fresh(url: str) -> Record:
    """Return a new record with its calendar and offences."""
    record = opened(url)
    record.migrate()
    ensure_calendar(record, AS_AT)
    ensure_offences(record, AS_AT)
    return record
