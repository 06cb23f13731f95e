"""Which rows a transaction writes, and how they were and are: told by triggers, to this program's connections alone.

Whatever way a row is written (one by one, in bulk, by an expression inside the database), a trigger tells its table,
its key, and its content before and after. On SQLite the triggers are temporary and call a function of the connection.
On PostgreSQL they are there for everybody; they write to a temporary table, and do nothing for a connection that has
none. So an edit past the program is never taken for the program's own (``models.row_seals``).
"""

import sqlite3
from collections.abc import Collection
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, LargeBinary, Table, event

from models.base import Base

APART = frozenset(
    {
        "audit_chain",
        "audit_entry",
        "audit_seal",
        "desk_session",
        "row_note",
        "row_seal",
        "row_sum",
        "sign_in_code",
    }
)
"""Tables whose rows are not sealed: the trail and the seals have their own, and a sign-in lives for hours."""
NAMES_SOMEBODY = frozenset({"case_reader"})
"""Tables whose key has the address of a person: what is said of a row of theirs does not show it."""
Mark = tuple[str, str, str | None, str | None]
"""Table, key, content before, content now: nothing before of a row that came, nothing now of one that went."""
MARKS, SAVED = "row_marks", "row_marks_saved"
NUMBERED: WeakKeyDictionary[Connection, int] = WeakKeyDictionary()
ON_SQLITE = """
CREATE TEMP TRIGGER mark_{event}_{name} AFTER {event} ON main."{name}" BEGIN
    SELECT row_mark('{name}', {key}, {was}, {now});
END;
"""
FUNCTION = """
BEGIN
    IF to_regclass('pg_temp.row_mark') IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO pg_temp.row_mark (name, key, now) SELECT '{name}', {many}, row_to_json(t)::text FROM touched t;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO pg_temp.row_mark (name, key, was, now)
            VALUES ('{name}', {old}, row_to_json(OLD)::text, row_to_json(NEW)::text);
    ELSE
        INSERT INTO pg_temp.row_mark (name, key, was) VALUES ('{name}', {old}, row_to_json(OLD)::text);
    END IF;
    RETURN NULL;
END """
ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION mark_{name}() RETURNS trigger LANGUAGE plpgsql AS $${source}$$;
DROP TRIGGER IF EXISTS mark_insert ON "{name}";
DROP TRIGGER IF EXISTS mark_change ON "{name}";
CREATE TRIGGER mark_insert AFTER INSERT ON "{name}" REFERENCING NEW TABLE AS touched
    FOR EACH STATEMENT EXECUTE FUNCTION mark_{name}();
CREATE TRIGGER mark_change AFTER UPDATE OR DELETE ON "{name}" FOR EACH ROW EXECUTE FUNCTION mark_{name}()
"""
TEMPORARY = (
    "CREATE TEMPORARY TABLE row_mark (id bigserial, name text, key text, was text, now text) ON COMMIT DELETE ROWS"
)
TAKEN = "SELECT name, key, was, now FROM pg_temp.row_mark ORDER BY id"


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
    names = sorted(table.columns.keys() if columns is None else columns)
    return f"json_array({', '.join(value_of(table, row, name) for name in names)})"


def value_of(table: Table, row: str, name: str) -> str:
    """Return the expression of a value on SQLite; its JSON takes no bytes."""
    value = f'{row}."{name}"'
    return f"hex({value})" if name in table.c and isinstance(table.c[name].type, LargeBinary) else value


def on_sqlite(connection: Connection) -> bool:
    """Tell whether a connection is to SQLite."""
    return connection.dialect.name == "sqlite"


def watch(engine: Engine) -> None:
    """Let every connection of an engine that writes tell what it has touched (``marks``).

    On SQLite this must listen before whoever begins the transaction: triggers are made outside of one.
    """
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", prepare_postgresql)
        return
    event.listen(engine, "begin", begin_marks)
    event.listen(engine, "savepoint", save_marks)
    event.listen(engine, "rollback_savepoint", take_back_marks)


def is_watched(connection: Connection) -> bool:
    """Tell whether what a connection touches is noted: not where it reads, and not where tables are made anew."""
    options = connection.get_execution_options()
    return bool(options.get("writes", True)) and bool(options.get("marks", True))


def marks(connection: Connection) -> list[Mark]:
    """Return what the transaction of a connection has touched so far, in order."""
    if on_sqlite(connection):
        found: list[Mark] = connection.info.get(MARKS, [])
        return found
    return [(name, key, was, now) for name, key, was, now in connection.exec_driver_sql(TAKEN)]


def begin_marks(connection: Connection) -> None:
    """Begin a transaction on SQLite with nothing touched; the first one of a connection makes its triggers."""
    if not is_watched(connection):
        return
    if MARKS not in connection.info:
        driver: Any = connection.connection.dbapi_connection
        if not mark_on_sqlite(driver, connection.info):
            return
    # What was touched and rolled back is no work of this transaction.
    connection.info[MARKS].clear()
    connection.info[SAVED] = {}


def save_marks(connection: Connection, name: str | None) -> None:
    """Remember how much was touched before a savepoint."""
    if name is None:
        # SQLAlchemy names those of a connection by their number, and only after it has told of them.
        number = NUMBERED[connection] = NUMBERED.get(connection, 0) + 1
        name = f"sa_savepoint_{number}"
    if MARKS in connection.info:
        connection.info[SAVED][name] = len(connection.info[MARKS])


def take_back_marks(connection: Connection, name: str, _context: None) -> None:
    """Forget what was touched since a savepoint that is rolled back."""
    if MARKS in connection.info:
        del connection.info[MARKS][connection.info[SAVED][name] :]


def mark_on_sqlite(driver: sqlite3.Connection, info: Any) -> bool:
    """Make the triggers of one connection, outside a transaction; tell whether its record has sealed rows at all."""
    there = {row[0] for row in driver.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
    if "row_note" not in there:
        return False
    touched: list[Mark] = []

    def note(name: str, key: str, was: str | None, now: str | None) -> None:
        touched.append((name, key, was, now))

    driver.create_function("row_mark", 4, note)
    driver.executescript(sqlite_triggers(frozenset(there)))
    info[MARKS] = touched
    return True


@cache
def sqlite_triggers(there: frozenset[str]) -> str:
    """Return the statements that make the triggers of the tables that a record has; every connection needs them."""
    made = []
    for table in (one for one in sealed_tables() if one.name in there):
        old, new = (content_of(table, row, sqlite=True) for row in ("OLD", "NEW"))
        for what, row, was, now in (("INSERT", "NEW", "NULL", new), ("UPDATE", "OLD", old, new),
                                    ("DELETE", "OLD", old, "NULL")):  # fmt: skip
            key = key_of(table, row, sqlite=True)
            made.append(ON_SQLITE.format(event=what, name=table.name, key=key, was=was, now=now))
    return "\n".join(made)


def function_text(table: Table) -> str:
    """Return the source of the function that the triggers of a table call on PostgreSQL."""
    many, old = key_of(table, "t", sqlite=False), key_of(table, "OLD", sqlite=False)
    return FUNCTION.format(name=table.name, many=many, old=old)


def postgresql_triggers(connection: Connection) -> None:
    """Make the triggers of every table on PostgreSQL; safe to repeat."""
    for table in sealed_tables():
        connection.exec_driver_sql(ON_POSTGRESQL.format(name=table.name, source=function_text(table)))


def prepare_postgresql(driver: Any, _entry: Any) -> None:
    """Give one connection its temporary table, and the one time zone in which moments are written."""
    driver.execute("SET TIME ZONE 'UTC'")
    driver.execute(TEMPORARY)
    driver.commit()
