"""A record with a row in every table, made at any revision since 0010, is brought up to date and loses nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from models.record import Record, alembic_config
from tests.models.test_upgrade import first_release  # noqa: F401
from tests.support.opened import opened

REVISIONS = sorted(
    one.revision
    for one in ScriptDirectory.from_config(alembic_config("sqlite://")).walk_revisions()
    if one.revision >= "0010"
)[:-1]
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
Rows = dict[str, list[dict[str, Any]]]


def brought_to(record: Record, revision: str) -> None:
    """Migrate as the record does it, but no further than a revision."""
    config = alembic_config(record.url)
    with record._changing_tables() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


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


def every_row(connection: sa.Connection) -> Rows:
    """Return all rows of all tables, in the order of their keys."""
    return {
        table.name: [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]
        for table in reflected(connection)
    }


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_row_of_every_table_comes_through(first_release: str, revision: str) -> None:  # noqa: F811
    record = opened(first_release)
    brought_to(record, revision)
    with record.engine.begin() as connection:
        added = set(filled_up(connection))
        before = every_row(connection)
    assert len(added) > 20
    record.migrate()
    assert record.is_current()
    with record.engine.connect() as connection:
        after = every_row(connection)
    record.close()
    assert set(before) <= set(after)
    for table, rows in before.items():
        there = after[table]
        assert len(there) >= len(rows), table
        for was, now in zip(rows, there, strict=False):
            assert {name: now[name] for name in was if name in now} == was, table
