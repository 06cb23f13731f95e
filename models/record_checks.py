"""Looks at the record itself, before work: whether its file is there, and whether its pages are whole."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.ailing import ailing, first_line, kind_of
from models.record import Record, RecordAilingError, RecordError, file_of


class RecordLostError(RecordError):
    """The file of a record that was there is missing or empty."""


def refuse_lost_file(record: Record) -> None:
    """Raise ``RecordLostError`` where the file of the record is gone or empty: what is written then goes nowhere."""
    file = file_of(record.url)
    if file is not None and not (file.exists() and file.stat().st_size):
        raise RecordLostError(
            f"the record is gone: {file.absolute()} is {'empty' if file.exists() else 'not there any more'}",
            to_do="stop the program, then restore the last backup: mappa restore FILE",
        )


def refuse_damage(record: Record) -> None:
    """Raise ``RecordAilingError`` where pages of the record are damaged. It reads all of them."""
    with record.looking() as session:
        found = damaged_pages(session)
    if found is not None:
        raise RecordAilingError(ailing("damaged", record.url, found))


def damaged_pages(session: Session) -> str | None:
    """Return what SQLite finds wrong with the pages of the record, of which it reads all; None where nothing is.

    PostgreSQL has no such look: it says what is damaged when it comes to it.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    try:
        found = str(session.scalar(text("PRAGMA quick_check(1)")))
    except DBAPIError as error:
        if kind_of(error.orig or error) != "damaged":
            raise
        found = first_line(error.orig or error)
    return None if found == "ok" else " ".join(found.split())
