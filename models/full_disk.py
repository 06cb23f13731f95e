"""Whether an error means that a disk takes no more, and what to tell people then."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

# What SQLite answers where a file cannot grow. A disk quota that is used up is told as a failed write.
NO_ROOM = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
)
POSTGRESQL_DISK_FULL = "53100"
# The same of a file: no room, a quota that is used up, a limit on the size of a file.
FILE_TAKES_NO_MORE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
WHAT_TO_DO = (
    "What was being written is undone as a whole; nothing is lost. Make room there, then run it again; "
    "a running clock goes on by itself"
)


def full_disk(error: BaseException, url: str) -> str | None:
    """Return what to tell of an error where it means that the disk with the record at ``url`` is full."""
    if not any(says_full(one) for one in with_causes(error)):
        return None
    return f"the disk with the record is full ({place_of(url)}). {WHAT_TO_DO}"


def with_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = getattr(error, "orig", None) or error.__cause__ or error.__context__


def says_full(error: BaseException) -> bool:
    """Tell whether a database says that it has no room."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in NO_ROOM
    return getattr(error, "sqlstate", None) == POSTGRESQL_DISK_FULL


def place_of(url: str) -> str:
    """Return where the record stands, and how much room is left there where that can be known."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return f"database {parsed.database or ''} on {parsed.host or 'this machine'}"
    path = Path(parsed.database).absolute()
    left = shutil.disk_usage(path.parent).free // 1024
    return f"{path}, {left:,} KiB left"
