"""Backup and restore of a record on SQLite, while it is in use; PostgreSQL has its own programs for both.

A backup is one file, readable by its owner alone: it holds names. It is written beside its place and moved there
whole, so a file of that name is a backup that was checked, or none.
"""

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import make_url

from models.audit import Change, append
from models.audit_seals import RESTORE, seal
from models.audit_witness import Witness, bear, present_witness
from models.record import BESIDE, NoRecordError, Record, read_policies, usual_witness
from models.schema_versions import MIGRATIONS
from policy.errors import ConflictError, FailedError, NotFoundError, UnreadableError, WrongUsageError
from service.known_record import note
from service.settings import Settings
from service.upkeep.doubts import Doubted, doubt

NAMED = "sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


class NoBackupError(NotFoundError):
    """There is no backup of that name."""


class BadBackupError(UnreadableError):
    """A file that is no backup of a record, is damaged, or comes from a newer version of the program."""


class PlaceTakenError(ConflictError):
    """Something stands where the backup or the record is to go, or a program has the record open."""


class CopyFailedError(FailedError):
    """The database could not be copied."""


class NotForPostgreSQLError(WrongUsageError):
    """PostgreSQL is backed up by its own programs."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: its schema, rows by table, chains of the audit trail, and one hash over the heads of all."""

    schema: str
    rows: dict[str, int]
    chains: int
    head: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, what is in doubt, and where the database it replaced was kept."""

    contents: Contents
    doubted: Doubted
    kept: Path | None


def back_up(url: str, target: Path) -> Contents:
    """Write a copy of the record as it stands now, check it, and only then give it its name; never over another."""
    source = file_of(url, "pg_dump --format=custom --file={file} {database}", target)
    if not source.is_file():
        raise NoRecordError(url)
    if target.exists():
        raise PlaceTakenError(f"{target} exists already", to_do="name another file, or move it away")
    with part_beside(target) as part:
        copy(source, part)
        contents = checked(part)
        part.replace(target)
        remember(target.parent)
    return contents


def restore(
    settings: Settings, backup: Path, *, replace: bool, sent_until: datetime | None, as_at: datetime, actor: str
) -> Restored:
    """Put a backup in the place of the record; what may have left since is doubted before anybody can send it.

    All work is done on a copy beside the record, which takes its place at the end: where anything fails, nothing
    has changed.
    """
    target = file_of(
        settings.record.database_url,
        "pg_restore --clean --if-exists --single-transaction --dbname={database} {file}",
        backup,
        then="mappa messages doubt --sent-until MOMENT",
    )
    contents = checked(backup)
    refuse_newer(backup, contents.schema)
    if target.exists() and not replace:
        raise PlaceTakenError(f"{target} exists", to_do="--replace puts the backup in its place, and keeps it beside")
    refuse_in_use(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with part_beside(target) as part:
        copy(backup, part)
        doubted, witness = take_over(part, contents, settings, sent_until, as_at, actor)
        refuse_in_use(target)
        kept = keep_beside(target, as_at)
        part.replace(target)
        remember(target.parent)
    told_in = settings.assurance.audit_witness_file or usual_witness(settings.record.database_url)
    if witness is not None and told_in is not None:
        bear(told_in, witness)
    with closing(Record(settings.record.database_url, read_policies(settings.record.policy_dir))) as record:
        note(settings, record)
    return Restored(contents, doubted, kept)


def file_of(url: str, command: str, file: Path, then: str = "") -> Path:
    """Return the file of a record on SQLite; for PostgreSQL say which command does it there."""
    known = make_url(url)
    if known.get_backend_name() == "sqlite":
        return Path(known.database or "").absolute()
    # A password does not belong on a command line: the program asks for it, or finds it in PGPASSWORD or ~/.pgpass.
    database = known._replace(drivername="postgresql", password=None).render_as_string()
    words = command.format(file=file, database=f"'{database}'")
    after = f"\nand then, before anything is sent:\n  {then}" if then else ""
    raise NotForPostgreSQLError(f"the record is on PostgreSQL: use its own program:\n  {words}{after}")


@contextmanager
def part_beside(target: Path) -> Iterator[Path]:
    """Yield an empty file for its owner alone, in the folder of ``target``; gone at the end, unless it was moved."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for suffix in ("", *BESIDE):
            Path(name + suffix).unlink(missing_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a database at one moment of it, whoever writes to it meanwhile; the copy is one file."""
    try:
        with reading(source) as read, closing(sqlite3.connect(target, isolation_level=None)) as written:
            # All pages in one step: a copy in several begins anew whenever another process has written.
            read.backup(written)
            written.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        raise CopyFailedError(f"{source} cannot be copied to {target.parent}: {error}") from None


def reading(path: Path) -> "closing[sqlite3.Connection]":
    """Return a connection that can only read."""
    return closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True))


def checked(path: Path) -> Contents:
    """Return what a file holds; ``BadBackupError`` where it is damaged, or no record at all."""
    if not path.is_file():
        raise NoBackupError("there is no such file", where=str(path))
    try:
        with reading(path) as connection:
            damage = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if damage == "ok" and connection.execute("PRAGMA foreign_key_check").fetchone():
                damage = "rows name others that are not there"
            if damage != "ok":
                raise BadBackupError(f"{path} is damaged: {damage}")
            return contents(connection, path)
    except sqlite3.DatabaseError as error:
        raise BadBackupError(f"{path} cannot be read as a record: {error}") from None


def contents(connection: sqlite3.Connection, path: Path) -> Contents:
    """Return what a sound database holds."""
    names = sorted(row[0] for row in connection.execute(f"SELECT name FROM {NAMED}"))  # noqa: S608  fixed words
    if not {"alembic_version", "audit_chain"} <= set(names):
        raise BadBackupError(f"{path} is a database, but not a record of mappa")
    rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    schema = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    digest, chains = hashlib.sha256(), 0
    for chain, seq, head in sorted(connection.execute("SELECT chain, seq, hash FROM audit_chain")):
        digest.update(f"{chain} {seq} {head}\n".encode())
        chains += 1
    del rows["alembic_version"]
    return Contents(schema, rows, chains, digest.hexdigest())


def refuse_newer(backup: Path, schema: str) -> None:
    """Raise ``BadBackupError`` for a schema this version of the program does not know."""
    known = {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}
    if schema not in known:
        raise BadBackupError(
            f"{backup} has the schema {schema}, which this version of mappa does not know", to_do="use a newer one"
        )


def refuse_in_use(path: Path) -> None:
    """Raise ``PlaceTakenError`` where a program has the record open; what SQLite keeps beside it is merged into it.

    A database that cannot be read any more is in nobody's use that could be told.
    """
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            # Only the sole user of a database may leave the write-ahead log.
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise PlaceTakenError(
                f"{path} is in use", to_do="stop mappa serve and every other command on it first"
            ) from None
        raise
    except sqlite3.DatabaseError:
        return


def take_over(
    part: Path, found: Contents, settings: Settings, sent_until: datetime | None, as_at: datetime, actor: str
) -> tuple[Doubted, Witness | None]:
    """Bring a restored copy up to date, note the restore in its trail, and doubt what may have left.

    Returns the seal of the restored trail, too: it is told outside once the record is in its place.
    """
    from casework.loading.bank_holidays import ensure_calendar
    from casework.loading.shipped_offences import ensure_offences

    policies = read_policies(settings.record.policy_dir)
    of_the_stages = (settings.record, *settings.of_the_stages)
    record = Record(f"sqlite:///{part}", policies, *of_the_stages, key_file=settings.record.audit_key_file)
    try:
        record.migrate()
        ensure_calendar(record, as_at, settings.record.bank_holidays)
        ensure_offences(record, as_at)
        doubted = doubt(record, sent_until, as_at, actor)
        with record.writing() as session:
            after = {"head": found.head, "sent_until": sent_until, "messages_in_doubt": doubted.messages}
            append(session, [Change("record", "record-restored", "record", None, after)], actor=actor, at=as_at)
            seal(session, as_at, RESTORE)
            witness = present_witness(session)
    finally:
        record.close()
    refuse_in_use(part)
    return doubted, witness


def keep_beside(target: Path, as_at: datetime) -> Path | None:
    """Move a database away under a name that says when; return it, ``None`` where there was none."""
    kept = target.with_name(f"{target.name}.before-restore-{as_at:%Y%m%dT%H%M%SZ}")
    for suffix in (*BESIDE, ""):
        with suppress(FileNotFoundError):
            Path(f"{target}{suffix}").rename(f"{kept}{suffix}")
    return kept if kept.exists() else None


def remember(folder: Path) -> None:
    """Let the folder's new entry survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
