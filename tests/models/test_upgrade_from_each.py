"""A record with a row in every table, made at any revision since 0010, is brought up to date and loses nothing."""

from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from models.record import Record, alembic_config
from tests.models.test_upgrade import first_release  # noqa: F401
from tests.support.every_table import filled_up, reflected
from tests.support.opened import opened

REVISIONS = sorted(
    one.revision
    for one in ScriptDirectory.from_config(alembic_config("sqlite://")).walk_revisions()
    if one.revision >= "0010"
)[:-1]
Rows = dict[str, list[dict[str, Any]]]


def brought_to(record: Record, revision: str) -> None:
    """Migrate as the record does it, but no further than a revision."""
    config = alembic_config(record.url)
    with record._changing_tables() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


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
    record.audit_keys.make()
    # Rows of before this version: its triggers know columns that are yet to come.
    with record.engine.execution_options(marks=False).begin() as connection:
        added = set(filled_up(connection))
        if revision >= "0031":
            # Seals are made anew, and there were none here that a key could have made.
            for table in ("audit_seal", "row_seal", "row_note", "row_sum"):
                connection.execute(sa.text(f"DELETE FROM {table}"))
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
