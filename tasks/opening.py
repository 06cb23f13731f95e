"""The record on which a run under Prefect works.

Where the program runs a flow in its own process, it hands the flow the record it has open. In a process of Prefect's,
a worker's or a runner's, nobody has: there the run reads the settings once, at its start, and opens the record.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from assurance.settings import AssuranceSettings
from figures.settings import FigureSettings
from models.record import Record, open_record
from models.settings import RecordSettings, read
from notifications.settings import MailSettings

_HANDED: ContextVar[Record | None] = ContextVar("the record of this run", default=None)


@contextmanager
def working_on(record: Record) -> Iterator[None]:
    """Hand a record to whatever runs in this thread."""
    token = _HANDED.set(record)
    try:
        yield
    finally:
        _HANDED.reset(token)


def record_of_this_run() -> Record:
    """Return the record that was handed to this run, else the one the settings of this process name."""
    return _HANDED.get() or open_record(
        read(RecordSettings), read(MailSettings), read(AssuranceSettings), read(FigureSettings)
    )
