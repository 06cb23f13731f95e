"""Every row held against its seal: what was changed, added or deleted past the program, and what was put back."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.assurance import NAMED
from models.audit import keys_of
from models.audit_keys import Keys
from models.audit_seals import AuditSeal
from models.base import Base
from models.row_folds import Pending, Standing, gathered, notes, sums_of
from models.row_marks import NAMES_SOMEBODY, content_of, function_text, key_of, on_sqlite, sealed_tables
from models.row_seals import WRAP, hashing, summing, sums_digest

CHUNK = 5000
NEVER = "the rows of the record were never sealed, or their seals are gone"
NOTHING = Pending(None, None)
PLANTED_ON_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
PLANTED = """
SELECT tgname || ' on ' || tgrelid::regclass::text, p.proname, p.prosrc
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT tgisinternal ORDER BY 1
"""


class RowCheck(Base):
    """One check of all rows against their seals: how many rows, how many faults, and the first of them in words."""

    __tablename__ = "row_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime]
    rows: Mapped[int]
    faults: Mapped[int]
    named: Mapped[list[Any]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it was sealed: a row of a table by its key, or without a key the table; ``seal``: of the row."""

    said: str
    name: str = ""
    key: str | None = None
    seal: str | None = None


@dataclass(slots=True)
class Looked:
    """How many rows were looked at."""

    rows: int = 0


def newest_standing(connection: Connection) -> Standing | None:
    """Return how the seals of the rows stand by the newest seal of the trail; None where rows were never sealed."""
    query = select(AuditSeal.rows).order_by(AuditSeal.number.desc()).limit(1)
    rows: Mapping[str, Any] | None = connection.scalar(query)
    return None if rows is None else Standing.of(rows)


def faults_of_rows(
    connection: Connection, keys: Keys, looked: Looked, there: Mapping[str, Collection[str]] | None = None
) -> Iterator[Fault]:
    """Yield what is not as it was sealed, in one look at the record: it must not change meanwhile.

    ``there``: the columns that each table has, where they are not yet as this version wants them.
    """
    standing = newest_standing(connection)
    if standing is None or standing.key not in keys.by_name:
        yield Fault(NEVER)
        return
    told = gathered(keys, standing.key, notes(connection, standing.until))
    for number in told.forged:
        yield Fault(f"note {number} of what was written was not made with the key of this record")
    sums = sums_of(connection)
    if sums_digest(sums) != standing.sums:
        yield Fault("the counts and sums of the sealed rows are not those of the last seal")
    for table in sealed_tables():
        if there is None or table.name in there:
            at = At(connection, keys.by_name[standing.key], table, told.rows.get(table.name, {}))
            yield from at.faults(looked, None if there is None else there[table.name], sums.get(table.name, (0, "")))
    yield from (Fault(f"{one}: a trigger that is not this program's") for one in planted(connection))


@dataclass(slots=True)
class At:
    """One table under its key, and what notes tell of its rows that the seals do not have yet."""

    connection: Connection
    key: bytes
    table: Table
    pending: dict[str, Pending]

    def faults(self, looked: Looked, columns: Collection[str] | None, sealed: tuple[int, str]) -> Iterator[Fault]:
        """Yield the faults of the table; ``sealed``: how many seals there should be, and the sum over them."""
        name = str(self.table.name)
        digest, term = hashing(self.key, name), summing(self.key, name)
        count = total = 0
        for row, content, seal in self.rows_and_seals(columns):
            looked.rows += 1
            noted = self.pending.pop(row, None) if self.pending else None
            if seal is not None:
                count, total = count + 1, total + term(row, seal)
            expected = seal if noted is None else noted.after if noted.follows(seal) else None
            if expected is None or digest(content) != expected:
                what = "was added" if seal is None and noted is None else "was changed"
                yield self.fault(row, seal, what)
        for row, seal in self.seals_without_rows():
            count, total = count + 1, total + term(row, seal)
            noted = self.pending.pop(row, None)
            if noted is None or noted.after is not None or not noted.follows(seal):
                yield self.fault(row, seal, "was deleted")
        for row, noted in self.pending.items():
            if noted.after is not None or not noted.follows(None):
                yield self.fault(row, None, "was deleted")
        if (count, f"{total % WRAP:032x}") != sealed and (count or sealed[0]):
            counts = f"sealed rows: {sealed[0]:,} expected, {count:,} found"
            same = count == sealed[0]
            yield Fault(f"{name}: {'rows were put back as they once were' if same else counts}", name)

    def fault(self, row: str, seal: str | None, what: str) -> Fault:
        """Return the fault of a row."""
        name = str(self.table.name)
        said = f"a row of {name}" if name in NAMES_SOMEBODY else f"{name} {row}"
        return Fault(f"{said} {what}", name, row, seal)

    def rows_and_seals(self, columns: Collection[str] | None) -> Iterator[Any]:
        """Yield key, content and seal of every row; no seal of a row that has none."""
        sqlite = on_sqlite(self.connection)
        key, name = key_of(self.table, "t", sqlite=sqlite), self.table.name
        what = f"{key}, {content_of(self.table, 't', sqlite=sqlite, columns=columns)}, s.hash"
        join = f"LEFT JOIN row_seal s ON s.name = '{name}' AND s.key = {key}"
        query = f'SELECT {what} FROM "{name}" t {join}'  # noqa: S608  names of ours
        yield from self.connection.exec_driver_sql(query, execution_options={"yield_per": CHUNK})

    def seals_without_rows(self) -> Iterator[Any]:
        """Yield key and seal where the row is gone."""
        there = key_of(self.table, "t", sqlite=on_sqlite(self.connection))
        # The keys as texts have no index: they are gathered once.
        mine = f"SELECT key, hash FROM row_seal WHERE name = '{self.table.name}'"  # noqa: S608  names of ours
        query = f'{mine} AND key NOT IN (SELECT {there} FROM "{self.table.name}" t)'  # noqa: S608  names of ours
        yield from self.connection.exec_driver_sql(query)


def planted(connection: Connection) -> Iterator[str]:
    """Yield the triggers that somebody has put into the record: what one writes passes for the program's own."""
    if on_sqlite(connection):
        yield from (name for (name,) in connection.exec_driver_sql(PLANTED_ON_SQLITE))
        return
    ours = {f"mark_{table.name}": function_text(table) for table in sealed_tables()}
    for name, function, source in connection.execute(text(PLANTED)):
        if ours.get(function) != source:
            yield name


def looked_at(session: Session) -> tuple[list[Fault], int]:
    """Return what is not as it was sealed, and how many rows there were, in a look of its own at what is committed."""
    with snapshot(session) as connection:
        looked = Looked()
        return list(faults_of_rows(connection, keys_of(session), looked)), looked.rows


@contextmanager
def snapshot(session: Session) -> Iterator[Connection]:
    """Yield a connection for which nothing changes; the session's own where it was given one."""
    bind = session.get_bind()
    if not isinstance(bind, Engine):
        yield session.connection()
        return
    reads = bind.execution_options(writes=False)
    if bind.dialect.name == "postgresql":
        reads = reads.execution_options(isolation_level="REPEATABLE READ")
    with reads.connect() as connection, connection.begin():
        yield connection


def check_rows(session: Session, at: datetime) -> RowCheck:
    """Check every row, and write down what was found."""
    found, rows = looked_at(session)
    one = RowCheck(checked_at=at, rows=rows, faults=len(found), named=[fault.said for fault in found[:NAMED]])
    session.add(one)
    session.flush()
    return one


def newest_check(session: Session, as_at: datetime) -> RowCheck | None:
    """Return the last check of all rows up to a moment."""
    query = select(RowCheck).where(RowCheck.checked_at <= as_at)
    return session.scalar(query.order_by(RowCheck.checked_at.desc(), RowCheck.id.desc()).limit(1))
