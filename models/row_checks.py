"""Every row held against its seal: what was changed, added or deleted past the program, and what was put back."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.orm import Session

from models.audit_keys import Keys
from models.audit_seals import AuditSeal, newest_seal
from models.row_marks import content_of, key_of, sealed_tables
from models.row_seals import SEAL, WRAP, Sums, Work, added, on_sqlite, row_mac, sound_changes, term

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


def broken_rows_of(
    connection: Connection, keys: Keys, table: Table, columns: Collection[str] | None = None
) -> Iterator[tuple[str, str]]:
    """Yield key and fault of each row of a table that is not as it was sealed, and of each seal without its row."""
    for key, content, mac, key_id in rows_and_seals(connection, table, columns):
        if key_id is None:
            yield key, "was added"
        elif key_id not in keys.by_name or row_mac(keys, key_id, table.name, key, content) != mac:
            yield key, "was changed"
    sqlite = on_sqlite(connection)
    there = f'SELECT 1 FROM "{table.name}" t WHERE {key_of(table, "t", sqlite=sqlite)} = s.key'  # noqa: S608
    if sqlite or len(table.primary_key) > 1:
        # The keys as texts have no index: they are gathered once.
        there = f'SELECT {key_of(table, "t", sqlite=sqlite)} FROM "{table.name}" t'  # noqa: S608
        orphans = f"SELECT s.key FROM row_seal s WHERE s.name = '{table.name}' AND s.key NOT IN ({there})"  # noqa: S608
    else:
        orphans = f"SELECT s.key FROM row_seal s WHERE s.name = '{table.name}' AND NOT EXISTS ({there})"  # noqa: S608
    for (key,) in connection.exec_driver_sql(orphans):
        yield key, "was deleted"


def broken_rows(session: Session, tables: Collection[str] | None = None) -> Iterator[str]:
    """Yield a sentence for each row that was changed, added or deleted past the program; of all tables, or some."""
    keys: Keys = session.info["audit_keys"].keys()
    connection = session.connection()
    for table in sealed_tables():
        if tables is None or table.name in tables:
            for key, fault in broken_rows_of(connection, keys, table):
                yield f"{table.name} {key} {fault} without the program"
    yield from wrong_sums(session, keys, tables)


def wrong_sums(session: Session, keys: Keys, tables: Collection[str] | None) -> Iterator[str]:
    """Yield a sentence for each table whose seals are not those that were written: rows put back, or gone with them."""
    last = newest_seal(session)
    if last is None or last.rows is None:
        yield "the rows of the record were never sealed, or their seals are gone"
        return
    wanted: Sums = last.rows
    for one in sound_changes(session, keys):
        wanted = added(wanted, one["sums"])
    found = sums_of(session, keys, tables)
    for name in sorted(found.keys() | wanted.keys()):
        if (tables is None or name in tables) and found.get(name) != wanted.get(name):
            there, was = found.get(name, [0])[0], wanted.get(name, [0])[0]
            counts = f"{was:,} rows were sealed, and {there:,} are"
            yield f"{name}: {counts if was != there else 'rows were put back as they once were'}, without the program"


def sums_of(session: Session, keys: Keys, tables: Collection[str] | None) -> Sums:
    """Return the counts and sums of the seals as they are; a seal under a key that is not here adds nothing."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    query = select(SEAL.c.name, SEAL.c.key, SEAL.c.mac, SEAL.c.key_id).execution_options(yield_per=CHUNK)
    for name, key, mac, key_id in session.execute(query if tables is None else query.where(SEAL.c.name.in_(tables))):
        if key_id in keys.by_name:
            totals[name][0] += 1
            totals[name][1] += term(keys, key_id, name, key, mac)
    return {name: [count, f"{total % WRAP:032x}"] for name, (count, total) in totals.items()}


def seal_rows(session: Session, leave: Collection[Row] = ()) -> None:
    """Seal every row with the key in use, but those to be left: what was not as sealed stays so."""
    keys: Keys = session.info["audit_keys"].keys()
    connection = session.connection()
    for table in sealed_tables():
        work = Work(keys, {})
        for key, content, mac, key_id in rows_and_seals(connection, table):
            if (table.name, key) not in leave:
                work.seal(table.name, key, content, None if mac is None else (mac, key_id))
        work.write(connection)


def broken_before(connection: Connection, keys: Keys, there: dict[str, list[str]]) -> set[Row]:
    """Return the rows that are not as sealed, by the columns that each table has now: before they are changed."""
    return {
        (table.name, key)
        for table in sealed_tables()
        if table.name in there
        for key, _ in broken_rows_of(connection, keys, table, there[table.name])
    }


def sealed_before(session: Session) -> bool:
    """Tell whether the rows of a record were sealed once."""
    query = select(func.count()).select_from(AuditSeal).where(AuditSeal.rows.is_not(None))
    return bool(session.scalar(query))
