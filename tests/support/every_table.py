"""A row in every table of a record, whatever its version."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

VALUES: dict[type[sa.types.TypeEngine[Any]], Any] = {
    sa.Boolean: True,
    sa.Integer: 7,
    sa.JSON: ["x"],
    sa.DateTime: datetime(2026, 9, 1, 7, tzinfo=UTC),
    sa.Date: date(2026, 9, 1),
    sa.LargeBinary: b"x",
    sa.Float: 1.5,
    sa.String: "x",
}


def reflected(connection: sa.Connection) -> list[sa.Table]:
    """Return the tables as they are in the database, each behind those it points to."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def counts_itself(connection: sa.Connection, column: sa.Column[Any]) -> bool:
    """Tell whether the database gives a new row its value of a column: SQLite any whole-number key, else by default."""
    alone = len(column.table.primary_key) == 1
    given = connection.dialect.name == "sqlite" or column.server_default is not None
    return column.primary_key and alone and given and isinstance(column.type, sa.Integer)


def a_row(connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    """Return a row of a table that names the first row of each table it points to, but not of its own."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.foreign_keys:
            [key] = column.foreign_keys
            if key.column.table is not table:
                row[column.name] = connection.scalar(sa.select(key.column).limit(1))
        elif not counts_itself(connection, column):
            row[column.name] = next(value for kind, value in VALUES.items() if isinstance(column.type, kind))
    return row


def filled_up(connection: sa.Connection) -> Iterator[str]:
    """Give every empty table a row, and yield its name."""
    for table in reflected(connection):
        if not connection.scalar(sa.select(sa.func.count()).select_from(table)):
            connection.execute(table.insert().values(a_row(connection, table)))
            yield table.name
