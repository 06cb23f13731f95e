"""A caseload's files, loaded as an area loads them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from casework.loading import LoadReport, load_events, load_population, load_registrations
from models.record import Record
from sample.published.files import Files

LOADED = datetime(2015, 6, 1, 9, tzinfo=UTC)


def take_in(record: Record, files: Files) -> None:
    """Load the three files; every row must go in."""
    of_files: dict[Path, Callable[..., LoadReport]] = {
        files.registrations: load_registrations,
        files.events: load_events,
        files.population: load_population,
    }
    for file, load in of_files.items():
        report = load(record, file, as_at=LOADED, actor="Adam")
        assert (report.rejected, report.added) == (0, report.read), [one.reason for one in report.rejects[:3]]
