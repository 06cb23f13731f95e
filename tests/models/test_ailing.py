"""What a database says of a record that is not well, and what people are told then."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DatabaseError

from models.ailing import ailment

FILE = "sqlite:////srv/mappa/var/mappa.db"
SERVER = "postgresql+psycopg://mappa:secret@db.agency.example/mappa"


def of_sqlite(code: int, text: str) -> sqlite3.Error:
    error = sqlite3.DatabaseError(text)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("url", "error", "told"),
    [
        (FILE, of_sqlite(sqlite3.SQLITE_CORRUPT, "database disk image is malformed"), "The record is damaged"),
        (FILE, of_sqlite(sqlite3.SQLITE_CORRUPT_INDEX, "malformed"), "The record is damaged"),
        (FILE, of_sqlite(sqlite3.SQLITE_NOTADB, "file is not a database"), "The record is damaged"),
        (FILE, of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED, "readonly"), "The record cannot be written"),
        (FILE, of_sqlite(sqlite3.SQLITE_CANTOPEN, "unable to open"), "The record cannot be written"),
        (FILE, of_sqlite(sqlite3.SQLITE_IOERR_READ, "disk I/O error"), "The disk with the record does not answer"),
        (SERVER, psycopg.errors.DataCorrupted("invalid page"), "The record is damaged"),
        (SERVER, psycopg.errors.IndexCorrupted("bad index"), "The record is damaged"),
        (SERVER, psycopg.errors.ReadOnlySqlTransaction("read-only"), "The record cannot be written"),
        (SERVER, psycopg.errors.IoError("could not read"), "The disk with the record does not answer"),
        (FILE, of_sqlite(sqlite3.SQLITE_BUSY, "database is locked"), None),
        (SERVER, psycopg.errors.LockNotAvailable("locked"), None),
        (FILE, ValueError("another"), None),
    ],
    ids=str,
)
def test_what_is_told(url: str, error: Exception, told: str | None) -> None:
    said = ailment(DatabaseError("SELECT", {"name": "Okonkwo"}, error), url)
    if told is None:
        assert said is None
        return
    assert said is not None
    assert said.startswith(told)
    assert said.endswith(f"The database says: {error}")
    assert "Okonkwo" not in said
    assert "secret" not in said
