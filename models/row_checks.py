"""Every row held against its seal: what was changed, added or deleted past the program, and what was put back."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select
from sqlalchemy.orm import Session

from models.audit_keys import Keys
from models.audit_seals import AuditSeal, newest_seal
from models.row_marks import content_of, key_of, sealed_tables
from models.row_seals import CHANGE, WRAP, Sums, Work, added, on_sqlite, row_seal, sound_changes

CHUNK = 5000
Row = tuple[str, str]


def rows_and_seals(connection: Connection, table: Table, columns: Collection[str] | None = None) -> Iterator[Any]:
    """Yield (key, content, seal, key of the seal) of every row of a table; no seal of a row that has none."""
    sqlite = on_sqlite(connection)
    key = key_of(table, "t", sqlite=sqlite)
    what = f"{key}, {content_of(table, 't', sqlite=sqlite, columns=columns)}, s.mac, s.key_id"
    join = f"LEFT JOIN row_seal s ON s.name = '{table.name}' AND s.key = {key}"
    query = f'SELECT {what} FROM "{table.name}" t {join}'  # noqa: S608  names of ours
    yield from connection.exec_driver_sql(query, execution_options={"yield_per": CHUNK})


def faults_of(
    connection: Connection, keys: Keys, table: Table, columns: Collection[str] | None = None, sums: Sums | None = None
) -> Iterator[tuple[str, str]]:
    """Yield key and fault of each row of a table that is not as it was sealed, and of each seal without its row.

    ``sums`` gets the count and the sum of the seals that fit.
    """
    count = total = 0
    for key, content, mac, key_id in rows_and_seals(connection, table, columns):
        if key_id is None:
            yield key, "was added"
            continue
        fits, term = row_seal(keys, key_id, table.name, key, content) if key_id in keys.by_name else ("", 0)
        if fits != mac:
            yield key, "was changed"
        count, total = count + 1, total + term
    for (key,) in connection.exec_driver_sql(orphans_of(connection, table)):
        yield key, "was deleted"
    if sums is not None and count:
        sums[str(table.name)] = [count, f"{total % WRAP:032x}"]


def orphans_of(connection: Connection, table: Table) -> str:
    """Return the query of the keys of seals whose row is gone."""
    sqlite = on_sqlite(connection)
    # The keys as texts have no index: they are gathered once.
    there = f'SELECT {key_of(table, "t", sqlite=sqlite)} FROM "{table.name}" t'  # noqa: S608  names of ours
    mine = f"SELECT key FROM row_seal WHERE name = '{table.name}'"  # noqa: S608
    return f"{mine} EXCEPT {there}"


def broken_rows(session: Session, tables: Collection[str] | None = None) -> Iterator[str]:
    """Yield a sentence for each row that was changed, added or deleted past the program; of all tables, or some.

    Of a table whose rows all fit, the seals are counted and summed: rows that went with their seals, or were put back.
    """
    keys: Keys = session.info["audit_keys"].keys()
    connection = session.connection()
    last = newest_seal(session)
    if last is None or last.rows is None:
        yield "the rows of the record were never sealed, or their seals are gone"
        return
    wanted: Sums = last.rows
    for one in sound_changes(session, keys):
        wanted = added(wanted, one["sums"])
    for table in (one for one in sealed_tables() if tables is None or one.name in tables):
        sums: Sums = {}
        sound = True
        for key, fault in faults_of(connection, keys, table, sums=sums):
            sound = False
            yield f"{table.name} {key} {fault} without the program"
        there, was = sums.get(table.name, [0, ""]), wanted.get(table.name, [0, ""])
        if sound and there != was:
            counts = f"{was[0]:,} rows were sealed, and {there[0]:,} are"
            what = counts if was[0] != there[0] else "rows were put back as they once were"
            yield f"{table.name}: {what}, without the program"


def seal_rows(session: Session, leave: Collection[Row] = ()) -> Sums:
    """Seal every row with the key in use, but those to be left: what was not as sealed stays so. Return the sums.

    They take the place of all that was gathered before.
    """
    keys: Keys = session.info["audit_keys"].keys()
    connection = session.connection()
    sums: Sums = {}
    for table in sealed_tables():
        work = Work(keys, {})
        for key, content, mac, key_id in rows_and_seals(connection, table):
            if (table.name, key) not in leave:
                work.seal_anew(str(table.name), key, content, None if mac is None else (mac, key_id))
        sums = added(sums, work.write(connection))
    connection.execute(delete(CHANGE))
    return sums


def broken_before(connection: Connection, keys: Keys, there: dict[str, list[str]]) -> set[Row]:
    """Return the rows that are not as sealed, by the columns that each table has now: before they are changed."""
    return {
        (table.name, key)
        for table in sealed_tables()
        if table.name in there
        for key, _ in faults_of(connection, keys, table, there[table.name])
    }


def sealed_before(session: Session) -> bool:
    """Tell whether the rows of a record were sealed once."""
    query = select(func.count()).select_from(AuditSeal).where(AuditSeal.rows.is_not(None))
    return bool(session.scalar(query))
