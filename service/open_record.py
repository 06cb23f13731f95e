"""The record, opened with everything the work needs: schema, bank holidays, offences."""

from datetime import datetime

from models.clock import now
from models.record import Record, open_record
from policy.errors import WrongUsageError
from policy.texts import same
from service.settings import Settings


class UnknownAreaError(WrongUsageError):
    """An area nobody has loaded anything for."""


def record_of(settings: Settings) -> Record:
    """Return the record the settings name, migrated, opened with those by which its stages work."""
    return open_record(settings.record, *settings.of_the_stages)


def open_ready_record(settings: Settings, as_at: datetime | None = None) -> Record:
    """Return the record the settings name, migrated, with its calendar and the common offences stored.

    ``as_at`` (default: now) is the moment of the work: the calendar reaches years beyond it.
    """
    from casework.loading.bank_holidays import ensure_calendar
    from casework.loading.shipped_offences import ensure_offences

    record = record_of(settings)
    when = as_at or now()
    ensure_calendar(record, when, settings.record.bank_holidays)
    ensure_offences(record, when)
    return record


def area_as_written(record: Record, area: str) -> str:
    """Return an area as the record writes it, whatever its letter case, spaces and apostrophes; else as it is."""
    from views.areas import areas

    with record.reading() as session:
        known = areas(session)
    return area if area in known else next((one for one in known if same(one, area)), area)


def refuse_unknown_area(record: Record, area: str | None) -> None:
    """Raise ``UnknownAreaError`` for an area the record has never heard of: a slip must not pass for "nothing due".

    An empty record knows no area at all, and lets any pass.
    """
    if area is None:
        return
    from views.areas import areas

    with record.reading() as session:
        known = areas(session)
    if known and area not in known:
        raise UnknownAreaError(f"the record knows no area {area!r}; it knows {', '.join(known)}", where="--area")


def refuse_unknown_case(record: Record, reference: str | None) -> None:
    """Raise ``UnknownCaseError`` for a case the record does not have, before a run is begun for it."""
    if reference is None:
        return
    from tasks.drive_case import case_of

    with record.reading() as session:
        case_of(session, reference)
