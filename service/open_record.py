"""The record, opened with everything the work needs: schema, bank holidays, offences."""

import sys
from datetime import datetime
from functools import cache
from pathlib import Path

from models.clock import now
from models.record import NoRecordError, Record, file_of, open_record
from models.record_checks import refuse_damage
from policy.errors import WrongUsageError
from policy.texts import same
from service.known_record import refuse_new, refuse_unexpected
from service.private_files import close_to_others
from service.settings import Settings


class UnknownAreaError(WrongUsageError):
    """An area nobody has loaded anything for."""


def record_of(settings: Settings, *, make: bool = False) -> Record:
    """Return the record the settings name, migrated, opened with those by which its stages work.

    ``make``: make one where there is none; else that is a ``NoRecordError``. Where this machine knows that there was
    one, none is made: that is an ``UnexpectedRecordError``.
    """
    tell_default(settings)
    close_to_others(settings)
    try:
        return open_record(settings.record, *settings.of_the_stages)
    except NoRecordError:
        if not make:
            raise
        refuse_new(settings)
        return open_record(settings.record, *settings.of_the_stages, make=True)


def tell_default(settings: Settings) -> None:
    """Say on standard error which file is worked on where nobody named one: it depends on the folder."""
    file = file_of(settings.record.database_url)
    if settings.record.database_by_default and file is not None:
        tell_once(file.absolute())


@cache
def tell_once(file: Path) -> None:
    """Say where the record is: once a process, however often a command opens it."""
    sys.stderr.write(f"The record is {file}, as MAPPA_DATABASE_URL is not set.\n")


def open_ready_record(settings: Settings, as_at: datetime | None = None, *, make: bool = False) -> Record:
    """Return the record the settings name, migrated, with its calendar and the common offences stored.

    ``as_at`` (default: now) is the moment of the work: the calendar reaches years beyond it.
    ``make``: make one where there is none, as loading and serving do; else that is a ``NoRecordError``.
    """
    from casework.loading.bank_holidays import ensure_calendar
    from casework.loading.shipped_offences import ensure_offences

    record = record_of(settings, make=make)
    # Who only reads needs no key; work that could not be written down is not begun, nor what no policy could guide.
    record.refuse_other_keys()
    _ = record.policies
    when = as_at or now()
    ensure_calendar(record, when, settings.record.bank_holidays)
    ensure_offences(record, when)
    return record


def open_for_work(settings: Settings, as_at: datetime | None = None, *, make: bool = False) -> Record:
    """Return the record, ready, for work that raises and sends: the one this machine worked on last, and no other.

    ``UnexpectedRecordError`` where it is another, or has gone back; ``RecordAilingError`` where it is damaged.
    """
    record = open_ready_record(settings, as_at, make=make)
    refuse_damage(record)
    refuse_unexpected(settings, record)
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
