"""The record: engine, sessions, and what every session knows (the policies, the settings, the stored calendar).

A session that writes begins with the write lock on SQLite (``BEGIN IMMEDIATE``), so that what it read
still holds when it writes; on PostgreSQL rows are locked where they are read for a change.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic_settings import BaseSettings
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.orm import Session

from models.addresses import shown_url
from models.ailing import ailment
from models.audit_keys import AuditKeyError, KeyFile
from models.audit_seals import newest_seal
from models.clock import now
from models.directory import BankHoliday, CalendarVersion
from models.engine import make_engine
from models.full_disk import full_disk
from models.row_reseals import faults_before, seal_upgraded
from models.row_seals import seal_rows_of
from models.schema_versions import MIGRATIONS, newest_migration, refuse_other_schema, schema_of
from models.settings import Kind, RecordSettings
from policy.calendar import WorkingCalendar
from policy.errors import UnavailableError

if TYPE_CHECKING:
    from alembic.config import Config

    from policy.book import PolicyBook

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite may keep beside a database; left there, it would be taken for part of another that gets its name."""


class RecordError(UnavailableError):
    """The record cannot be used; the message says what is wrong and what to do."""


class NoRecordError(RecordError):
    """There is no record where the settings say: only a command that is meant to make one does."""

    def __init__(self, url: str) -> None:
        """Say where it was looked for: a file by its whole path, as a relative one depends on the folder."""
        file = file_of(url)
        shown = shown_url(url)
        super().__init__(
            f"there is no record in {shown if file is None else file.absolute()}",
            to_do="name the right place with --database or MAPPA_DATABASE_URL; to make a new record there, load a file "
            "(mappa load directory FILE) or run mappa serve",
        )


class RecordAilingError(RecordError):
    """The record is damaged, or cannot be written: no case's fault, and no try helps until a person has acted."""


class RecordFullError(RecordAilingError):
    """The disk with the record is full."""


class Record:
    """A database with the policies that apply to it, and the settings by which its stages work."""

    def __init__(
        self,
        url: str,
        policies: "PolicyBook | Callable[[], PolicyBook]",
        *settings: BaseSettings,
        key_file: Path | None = None,
    ) -> None:
        """Open ``url``; nothing is created before ``migrate``, neither file nor folder.

        ``policies``: the book, or what reads it when somebody asks: a list of cases needs no number of it.
        ``key_file``: where the key of the audit trail is, if not at its usual place.
        """
        self.url = url
        self.audit_keys = KeyFile(key_file or usual_key_file(url))
        self._policies = policies
        self._settings: dict[type[BaseSettings], BaseSettings] = {type(one): one for one in settings}
        self._calendars: dict[tuple[str, date, date], WorkingCalendar] = {}
        self.engine = make_engine(url)
        seal_rows_of(self.engine, self.audit_keys.keys)
        self._reads = self.engine.execution_options(writes=False)
        self._writes = self.engine.execution_options(writes=True)
        # SQLite reads without leaving a transaction open as it is; PostgreSQL would begin and end one each time.
        on_postgresql = self.engine.dialect.name == "postgresql"
        self._looks = self._reads.execution_options(isolation_level="AUTOCOMMIT") if on_postgresql else self._reads

    @cached_property
    def policies(self) -> "PolicyBook":
        """The policies that apply to it."""
        return self._policies() if callable(self._policies) else self._policies

    def settings(self, kind: type[Kind]) -> Kind:
        """Return the settings of a kind that the record was opened with."""
        return found_among(self._settings, kind)

    def with_settings(self, *changed: BaseSettings) -> Self:
        """Return the same record for work by other settings: a simulation, a test. They share the connections."""
        other = copy.copy(self)
        other._settings = self._settings | {type(one): one for one in changed}
        return other

    def with_policies(self, book: "PolicyBook") -> Self:
        """Return the same record for work by other policies: one that is tried. They share the connections."""
        other = copy.copy(self)
        other.policies = book
        return other

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for reading; nothing it does is kept."""
        with self._session(self._reads) as session:
            yield session

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """Yield a session for a short look that is taken every few seconds: each query stands for itself."""
        with self._session(self._looks) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that commits at the end of the block and rolls back on any error."""
        with self._session(self._writes) as session:
            yield session
            session.commit()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        with self._telling_what_is_wrong(), Session(engine, info=self.session_info()) as session:
            yield session

    def session_info(self) -> dict[str, Any]:
        """Return what every session of the record knows."""
        return {
            "record": self,
            "settings": self._settings,
            "calendars": self._calendars,
            "audit_keys": self.audit_keys,
        }

    @contextmanager
    def _telling_what_ails_it(self) -> Iterator[None]:
        """Raise ``RecordAilingError`` where the database says that it is not well: the record knows where it is."""
        try:
            yield
        except DBAPIError as error:
            if full := full_disk(error, self.url):
                raise RecordFullError(full) from error
            if ill := ailment(error, self.url):
                raise RecordAilingError(ill) from error
            raise

    @contextmanager
    def _telling_what_is_wrong(self) -> Iterator[None]:
        """Raise ``OtherSchemaError`` where a statement fails as the record is of another version: no case's fault."""
        with self._telling_what_ails_it():
            try:
                yield
            except (OperationalError, ProgrammingError, IntegrityError):
                schema = None
                with suppress(SQLAlchemyError, RecordError):
                    schema = self.schema()
                refuse_other_schema(schema)
                raise

    def migrate(self) -> None:
        """Bring the schema up to date; a fresh database gets it whole. Safe to repeat."""
        # Alembic is needed once in the life of a schema; every command would wait for its import.
        from alembic import command

        config = alembic_config(self.url)
        if (file := file_of(self.url)) is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        with self._telling_what_ails_it(), self._changing_tables() as connection:
            if self.engine.dialect.name == "postgresql":
                # Two processes that start together must not both create the schema.
                connection.execute(text("SELECT pg_advisory_xact_lock(6173)"))
            config.attributes["connection"] = connection
            current = schema_of(connection) == newest_migration()
            before = None if current else faults_before(connection, self.audit_keys)
            command.upgrade(config, "head")
            if not current:
                with Session(connection, info=self.session_info()) as session:
                    if newest_seal(session) is None:
                        self.audit_keys.make()
                    seal_upgraded(session, now(), before)
                    session.flush()

    def refuse_other_keys(self) -> None:
        """Raise ``AuditKeyError`` where this process has no key, or not the one that the record is written with."""
        with self.reading() as session:
            newest = newest_seal(session)
        if newest is not None and newest.key_id not in self.audit_keys.keys().by_name:
            raise AuditKeyError(
                f"the record is written with the key {newest.key_id}, which {self.audit_keys.path.absolute()} lacks",
                to_do="name the file that has it with MAPPA_AUDIT_KEY_FILE, or copy that file there",
            )

    @contextmanager
    def _changing_tables(self) -> Iterator[Connection]:
        """Yield a connection in a transaction in which tables may be made anew.

        SQLite changes a table by a copy that takes its place: the rows that point to it would forbid it. So references
        are not watched meanwhile, and all are checked before it is committed.
        """
        # Triggers that tell what is touched must not stand in the way of tables that are made anew.
        self.engine.dispose()
        with self._writes.execution_options(marks=False).connect() as connection:
            if self.engine.dialect.name != "sqlite":
                with connection.begin():
                    yield connection
                return
            watch: Any = connection.connection.dbapi_connection
            watch.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if lost:
                        raise RecordError(f"the upgrade left {len(lost)} rows without what they point to: restore the "
                                          "backup that was made before it, and report a defect")  # fmt: skip
            finally:
                watch.execute("PRAGMA foreign_keys=ON")

    def is_current(self) -> bool:
        """Tell whether the schema is the one this version of the program wants."""
        return self.schema() == newest_migration()

    def schema(self) -> str | None:
        """Return the version of the schema; none where there is no record yet. To ask makes no file."""
        file = file_of(self.url)
        if file is not None and not (file.exists() and file.stat().st_size):
            return None
        with self._telling_what_ails_it(), self._reads.connect() as connection:
            return schema_of(connection)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def alembic_config(url: str) -> "Config":
    """Return the configuration of the migrations for a database."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def file_of(url: str) -> Path | None:
    """Return the file of a database on SQLite; none for PostgreSQL."""
    known = make_url(url)
    return Path(known.database or "") if known.get_backend_name() == "sqlite" else None


def usual_key_file(url: str) -> Path:
    """Return where the key of the trail is if nobody says: beside a file of SQLite, else in the state folder."""
    file = file_of(url)
    return (Path("var") if file is None else file.parent) / "audit.key"


def usual_witness(url: str) -> Path | None:
    """Return where the seals are told if nobody says: beside a file of SQLite; of a server nowhere."""
    file = file_of(url)
    return None if file is None else file.parent / "audit-witness.jsonl"


def read_policies(folder: Path | None) -> "PolicyBook":
    """Return the shipped policy and the overrides of a folder, in the order of their file names."""
    from policy.book import PolicyError, compile_book

    paths = sorted(folder.glob("*.toml")) if folder else []
    try:
        return compile_book((path.name, path.read_text(encoding="utf-8")) for path in paths)
    except PolicyError as error:
        raise RecordError(f"the policy cannot be used:\n{error}") from error


@cache
def _opened(url: str, policy_dir: Path | None, key_file: Path | None) -> Record:
    # Read once for all who share the connections, and not before somebody asks.
    record = Record(url, cache(partial(read_policies, policy_dir)), key_file=key_file)
    schema = record.schema()
    if schema is None:
        record.close()
        raise NoRecordError(url)
    if schema > newest_migration():
        record.close()
        refuse_other_schema(schema)
    if schema != newest_migration():
        record.migrate()
    if record.audit_keys.exists():
        record.refuse_other_keys()
    return record


def open_record(settings: RecordSettings, *of_the_stages: BaseSettings, make: bool = False) -> Record:
    """Return the record the settings name, migrated; its connections are opened once a process and database.

    ``of_the_stages``: the settings by which the stages work on it, which they ask the session for.
    ``make``: make a record where there is none. Else that is a ``NoRecordError``: a slip in the place, such as
    another folder, must not pass for a record in which nothing is due.
    """
    url, policy_dir, key_file = settings.database_url, settings.policy_dir, settings.audit_key_file
    try:
        record = _opened(url, policy_dir, key_file)
    except NoRecordError:
        if not make:
            raise
        with closing(Record(url, read_policies(policy_dir), key_file=key_file)) as new:
            new.migrate()
        record = _opened(url, policy_dir, key_file)
    return record.with_settings(settings, *of_the_stages)


def found_among(settings: dict[type[BaseSettings], BaseSettings], kind: type[Kind]) -> Kind:
    """Return the settings of a kind; that there are none is a defect of whoever opened the record."""
    found = settings.get(kind)
    if not isinstance(found, kind):
        raise LookupError(f"the record was opened without {kind.__name__}")
    return found


def settings_of(session: Session, kind: type[Kind]) -> Kind:
    """Return the settings of a kind by which a session works: those that its record was opened with."""
    return found_among(session.info["settings"], kind)


def policies(session: Session) -> "PolicyBook":
    """Return the policies a session works with."""
    record: Record = session.info["record"]
    return record.policies


NEWEST_CALENDAR = (
    select(CalendarVersion.version, CalendarVersion.first, CalendarVersion.last)
    .order_by(CalendarVersion.stored_at.desc(), CalendarVersion.version)
    .limit(1)
)


def working_calendar(session: Session) -> WorkingCalendar:
    """Return the newest stored calendar: which it is, is asked once a session; its days are read once a record.

    A stored version is never changed. ``RecordError`` if none is stored: dates without bank holidays would be wrong
    without a word.
    """
    known: WorkingCalendar | None = session.info.get("calendar")
    if known is not None:
        return known
    version = session.execute(NEWEST_CALENDAR).one_or_none()
    if version is None:
        raise RecordError("no bank holidays are stored", to_do="run 'mappa tick' or load a file: both store them")
    key = (version.version, version.first, version.last)
    read: dict[tuple[str, date, date], WorkingCalendar] = session.info["calendars"]
    calendar = read.get(key)
    if calendar is None:
        days = session.scalars(select(BankHoliday.day).where(BankHoliday.version == version.version))
        calendar = WorkingCalendar(frozenset(days), version.first, version.last, version.version)
        read[key] = calendar
    session.info["calendar"] = calendar
    return calendar
