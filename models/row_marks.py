"""Which rows a transaction has touched, and how they were: noted by triggers, on this program's connections alone.

Whatever way a row is written (one by one, in bulk, by an expression inside the database), a trigger notes its table,
its key and its content of before in a temporary table of the connection. On SQLite the triggers are temporary, too; on
PostgreSQL they are there for everybody, and note nothing where the temporary table is missing. So an edit past the
program is never taken for the program's own (``models.row_seals``).
"""

import sqlite3
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Table

from models.base import Base

APART = frozenset(
    {"audit_chain", "audit_entry", "audit_seal", "desk_session", "row_change", "row_seal", "sign_in_code"}
)
"""Tables whose rows are not sealed: the trail has its own seals, and a sign-in lives for hours."""
MARK = "row_mark"
READY = "row_marks"
ON_SQLITE = """
CREATE TEMP TRIGGER mark_{event}_{name} AFTER {event} ON main."{name}" BEGIN
    INSERT INTO row_mark (name, key, was) VALUES ({values});
END;
"""
ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION mark_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_regclass('pg_temp.row_mark') IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO pg_temp.row_mark (name, key) SELECT '{name}', {new} FROM touched t;
    ELSE
        INSERT INTO pg_temp.row_mark (name, key, was) VALUES ('{name}', {old}, row_to_json(OLD)::text);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS mark_insert ON "{name}";
DROP TRIGGER IF EXISTS mark_change ON "{name}";
CREATE TRIGGER mark_insert AFTER INSERT ON "{name}" REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION mark_{name}();
CREATE TRIGGER mark_change AFTER UPDATE OR DELETE ON "{name}" FOR EACH ROW EXECUTE FUNCTION mark_{name}()
"""
TEMPORARY = """
CREATE TEMPORARY TABLE IF NOT EXISTS row_mark (id bigserial, name text, key text, was text) ON COMMIT DELETE ROWS
"""


def sealed_tables() -> list[Table]:
    """Return the tables whose rows are sealed, by name."""
    return [table for name, table in sorted(Base.metadata.tables.items()) if name not in APART]


def key_of(table: Table, row: str, *, sqlite: bool) -> str:
    """Return the expression of a row's key as a text: the columns of the primary key, with a stroke between."""
    cast = 'CAST({}."{}" AS TEXT)' if sqlite else '{}."{}"::text'
    return " || '|' || ".join(cast.format(row, column.name) for column in table.primary_key)


def content_of(table: Table, row: str, *, sqlite: bool, columns: Collection[str] | None = None) -> str:
    """Return the expression of a row's content: a JSON text that the database itself writes, always in one way.

    ``columns``: those that the table has, where it is not yet as this version wants it.
    """
    if not sqlite:
        return f"row_to_json({row})::text"
    names = sorted(columns or [column.name for column in table.columns])
    quoted = ", ".join(f'{row}."{name}"' for name in names)
    return f"json_array({quoted})"


def mark_on_sqlite(connection: sqlite3.Connection) -> bool:
    """Make the triggers of one connection, outside a transaction; tell whether its record has sealed rows at all."""
    there = {row[0] for row in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
    if "row_seal" not in there:
        return False
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.executescript("\n".join(sqlite_statements(there)))
    return True


def sqlite_statements(there: set[str]) -> Iterator[str]:
    """Yield the statements that make the temporary table and its triggers."""
    yield f"CREATE TEMP TABLE {MARK} (id INTEGER PRIMARY KEY, name TEXT, key TEXT, was TEXT);"
    for table in (one for one in sealed_tables() if one.name in there):
        for event, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
            was = "NULL" if event == "insert" else content_of(table, row, sqlite=True)
            values = f"'{table.name}', {key_of(table, row, sqlite=True)}, {was}"
            yield ON_SQLITE.format(event=event, name=table.name, values=values)


def mark_on_postgresql(connection: Connection) -> None:
    """Make the triggers of every table; safe to repeat."""
    for table in sealed_tables():
        new, old = key_of(table, "t", sqlite=False), key_of(table, "OLD", sqlite=False)
        connection.exec_driver_sql(ON_POSTGRESQL.format(name=table.name, new=new, old=old))


def prepare_postgresql(connection: Any, entry: Any) -> None:
    """Give one connection its temporary table, and the one time zone in which moments are written."""
    connection.execute("SET TIME ZONE 'UTC'")
    connection.execute(TEMPORARY)
    connection.commit()
    entry.info[READY] = True
