"""Many rows at once, in the session's transaction and without the unit of work.

A load writes a hundred thousand rows and a sweep ten thousand: the unit of work would double the time of
either. PostgreSQL gets them as a stream (COPY), where one statement a row would each make its own way.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import JSON, Connection, Table, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.base import Base, table_of


def to_json(value: Any) -> str:
    """Return the JSON of a value as every JSON column holds it: dates and moments in ISO 8601."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def insert_many(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; each must name the same columns, and every one that the database itself cannot fill."""
    if not rows:
        return
    write_many(session.connection(), table_of(model), rows)


def write_many(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows over a connection, as ``insert_many`` does."""
    if connection.dialect.name == "postgresql":
        copy(connection, table, rows)
    else:
        connection.execute(insert(table), rows)


@contextmanager
def errors_as_of_statements(connection: Connection) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy raises it of a statement.

    Whoever does a transaction again where two processes met, or tells a full disk from a bad row, knows no driver.
    """
    dialect = connection.dialect
    assert dialect.dbapi is not None
    error: Any = dialect.dbapi.Error
    try:
        yield
    except error as raised:
        raise DBAPIError.instance("COPY", None, raised, error, hide_parameters=True, dialect=dialect) from raised


def copy(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Stream rows into a table of PostgreSQL."""
    names = tuple(rows[0])
    as_json = [isinstance(table.c[name].type, JSON) for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    driver = connection.connection.driver_connection
    assert driver is not None
    asked = f'COPY "{table.name}" ({columns}) FROM STDIN'
    with errors_as_of_statements(connection), driver.cursor() as cursor, cursor.copy(asked) as stream:
        for row in rows:
            values = [row[name] for name in names]
            stream.write_row(
                [
                    to_json(value) if is_json and value is not None else value
                    for value, is_json in zip(values, as_json, strict=True)
                ]
            )
