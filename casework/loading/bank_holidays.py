"""The stored calendar of bank holidays: a versioned table, seeded from the ``holidays`` library, overridable."""

import hashlib
import json
from datetime import date, datetime
from importlib.metadata import version as version_of
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from casework.errors import FileRefusedError
from models.audit import Change, append
from models.cases import Case
from models.directory import BankHoliday, CalendarVersion
from models.obligations import Timescale
from models.preparing import prepare_alone
from models.record import Record
from policy.calendar import london_date
from policy.vocabulary import State

FIRST_YEAR = 1990
YEARS_AHEAD = 40
YEARS_WANTED = 20
DIVISION = "england-and-wales"


def library_days(first_year: int, last_year: int) -> dict[date, str]:
    """Return the bank holidays of England and Wales by law and proclamation, as the library knows them."""
    # Imported here because it is needed once in the life of a record, and every command would wait for it.
    import holidays

    found = holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1))
    return {day: str(name)[:120] for day, name in sorted(found.items())}


def read_bank_holidays(path: Path) -> dict[date, str]:
    """Return the days of a file in the form of gov.uk's bank-holidays JSON, division england-and-wales."""
    try:
        events = json.loads(path.read_text(encoding="utf-8"))[DIVISION]["events"]
        return {date.fromisoformat(event["date"]): str(event["title"])[:120] for event in events}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileRefusedError(
            f"not a bank-holidays file ({type(error).__name__}: {error})",
            where=str(path),
            to_do=f'it must have the form {{"{DIVISION}": {{"events": [{{"date": "2026-12-25", '
            '"title": "Christmas Day"}]}}',
        ) from error


def with_override(days: dict[date, str], override: dict[date, str]) -> dict[date, str]:
    """Return ``days`` with the override in place of every day of the years it speaks of."""
    years = {day.year for day in override}
    return {day: name for day, name in days.items() if day.year not in years} | override


def ensure_calendar(record: Record, as_at: datetime, override: Path | None = None) -> str:
    """Store the calendar where none is stored, it ends too soon, or it comes from elsewhere than the stored one.

    Returns the version in force. A stored version is never changed: timescales name the one they used.
    """
    source = f"holidays {version_of('holidays')}"
    if override is not None:
        source += f" and {override.name} {digest(read_bank_holidays(override))}"
    with record.reading() as session:
        newest = newest_version(session)
        if newest is not None and newest.source == source and newest.last.year >= as_at.year + YEARS_WANTED:
            return newest.version
    last_year = as_at.year + YEARS_AHEAD
    days = library_days(FIRST_YEAR, last_year)
    if override is not None:
        days = with_override(days, read_bank_holidays(override))
    version = f"ew-{last_year}-{digest(days)}"
    with record.writing() as session:
        prepare_alone(session)
        before = newest_version(session)
        known = session.get(CalendarVersion, version)
        if known is None:
            store(session, version, source, date(FIRST_YEAR, 1, 1), date(last_year, 12, 31), days, as_at)
        else:
            # The same days from another source: the newest word on them is what counts from now on.
            known.source, known.stored_at = source, as_at
        if before is not None and to_come(session, before, as_at) != {
            day for day in days if london_date(as_at) <= day <= before.last
        }:
            look_again(session, version, as_at)
    return version


def to_come(session: Session, known: CalendarVersion, as_at: datetime) -> set[date]:
    """Return the bank holidays from today on in a stored version."""
    query = select(BankHoliday.day).where(BankHoliday.version == known.version, BankHoliday.day >= london_date(as_at))
    return set(session.scalars(query))


def look_again(session: Session, version: str, as_at: datetime) -> None:
    """Have the cases looked at whose prompts were dated by other bank holidays: the pre-release flow does it."""
    other = select(Timescale.case_id).where(
        Timescale.state.in_((State.OPEN, State.PAUSED)), Timescale.calendar_version != version
    )
    session.execute(
        update(Case).where(Case.id.in_(other), Case.closed_on.is_(None)).values(review_at=as_at),
        execution_options={"synchronize_session": False},
    )


def digest(days: dict[date, str]) -> str:
    """Return a short fingerprint of a table of days."""
    return hashlib.sha256(json.dumps([day.isoformat() for day in sorted(days)]).encode()).hexdigest()[:8]


def newest_version(session: Session) -> CalendarVersion | None:
    """Return the version stored last."""
    return session.scalar(
        select(CalendarVersion).order_by(CalendarVersion.stored_at.desc(), CalendarVersion.version).limit(1)
    )


def store(
    session: Session, version: str, source: str, first: date, last: date, days: dict[date, str], as_at: datetime
) -> None:
    """Store a version of the table and its audit entry."""
    session.add(CalendarVersion(version=version, source=source, first=first, last=last, stored_at=as_at))
    session.flush()
    session.execute(insert(BankHoliday), [{"version": version, "day": d, "name": n} for d, n in days.items()])
    change = Change("calendar", "calendar-stored", version, after={"source": source, "days": len(days)})
    append(session, [change], actor="mappa", at=as_at)
