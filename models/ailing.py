"""Whether an error means that the record itself is not well (damaged, or closed for writing), and what to tell then.

A full disk has a module of its own (``models.full_disk``).
"""

import sqlite3

from sqlalchemy.engine import make_url

from models.full_disk import with_causes

# SQLite's own words for it; an extended code has the plain one in its last byte.
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
CLOSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
UNREADABLE = (sqlite3.SQLITE_IOERR,)
PLAIN = 0xFF
POSTGRESQL = {
    # data_corrupted, index_corrupted
    "XX001": "damaged",
    "XX002": "damaged",
    # read_only_sql_transaction
    "25006": "closed",
    # io_error
    "58030": "unreadable",
}
TO_DO = {
    "damaged": "The record is damaged{at}. Stop every program on it and keep the file as it is; then restore the last "
    "backup (docs/handbook.md, When something breaks)",
    "closed": "The record cannot be written{at}. Nothing was raised or sent, and nothing is lost. Let this user write "
    "it (of SQLite the folder, too, and the files beside it that end in -wal and -shm), then run it again; a running "
    "clock goes on by itself",
    "unreadable": "The disk with the record does not answer as it should{at}. Look at the disk and its log; then check "
    "the record: mappa doctor",
}


def ailment(error: BaseException, url: str) -> str | None:
    """Return what to tell of an error where it means that the record at ``url`` is not well; it names nobody."""
    for one in with_causes(error):
        if (kind := kind_of(one)) is not None:
            return ailing(kind, url, first_line(one))
    return None


def ailing(kind: str, url: str, found: str) -> str:
    """Return what to tell of a record that is not well in some way, with what its database says."""
    return f"{TO_DO[kind].format(at=f' ({place_of(url)})')}. The database says: {found}"


def kind_of(error: BaseException) -> str | None:
    """Return how the record is not well by what a database says; None where the error is another."""
    if not isinstance(error, sqlite3.Error):
        return POSTGRESQL.get(getattr(error, "sqlstate", None) or "")
    code = (getattr(error, "sqlite_errorcode", None) or 0) & PLAIN
    kinds = {"damaged": DAMAGED, "closed": CLOSED, "unreadable": UNREADABLE}
    return next((kind for kind, codes in kinds.items() if code in codes), None)


def place_of(url: str) -> str:
    """Return where the record is, without a password."""
    parsed = make_url(url)
    return parsed.database or "" if parsed.get_backend_name() == "sqlite" else parsed.render_as_string()


def first_line(error: BaseException) -> str:
    """Return the first line of what a database says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
