"""What somebody could do to the tables beside the trail: each column of each table changed, rows added and taken."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, Integer, Table, delete, insert, select, update

from bench.attack.of_the_trail import Edit
from models.base import Moment
from models.row_marks import sealed_tables
from models.row_seals import SEAL


def first_row(connection: Connection, table: Table) -> Any:
    """Return the first row of a table."""
    return connection.execute(select(table).order_by(*table.primary_key).limit(1)).one()


def of_row(table: Table, row: Any) -> list[Any]:
    """Return the condition of one row."""
    return [column == getattr(row, column.name) for column in table.primary_key]


def another(column: Any, value: Any) -> Any:
    """Return another value for a column than the one it has."""
    kind = column.type
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, Integer):
        return (value or 0) + 1
    if isinstance(kind, Moment):
        return datetime.fromisoformat("2031-05-06T07:00:00+00:00")
    if isinstance(kind, Date):
        return date(2031, 5, 6)
    if isinstance(kind, JSON):
        return ["forged"]
    return "forged"[: getattr(kind, "length", None) or 6]


def change(table: Table, name: str) -> Callable[[Connection], object]:
    """Return the edit that gives one column of the first row another value."""

    def do(connection: Connection) -> None:
        row = first_row(connection, table)
        to = another(table.c[name], getattr(row, name))
        connection.execute(update(table).where(*of_row(table, row)).values({name: to}))

    return do


def empty(table: Table, name: str) -> Callable[[Connection], object]:
    """Return the edit that empties one column of the first row that has a value in it."""

    def do(connection: Connection) -> None:
        has = select(table).where(table.c[name].is_not(None)).order_by(*table.primary_key).limit(1)
        row = connection.execute(has).one()
        connection.execute(update(table).where(*of_row(table, row)).values({name: None}))

    return do


def take(table: Table, *, with_seal: bool) -> Callable[[Connection], object]:
    """Return the edit that deletes the first row, alone or with its seal."""

    def do(connection: Connection) -> None:
        row = first_row(connection, table)
        connection.execute(delete(table).where(*of_row(table, row)))
        if with_seal:
            key = "|".join(str(getattr(row, column.name)) for column in table.primary_key)
            connection.execute(delete(SEAL).where(SEAL.c.name == table.name, SEAL.c.key == key))

    return do


def add(table: Table) -> Callable[[Connection], object]:
    """Return the edit that adds a row like the first one, under another key and without its unique values."""

    def do(connection: Connection) -> None:
        row = dict(first_row(connection, table)._mapping)
        for column in table.columns:
            if column.primary_key:
                row[column.name] = 987654 if isinstance(column.type, Integer) else another(column, row[column.name])
            elif not isinstance(column.type, Integer | Boolean | JSON) and column.unique:
                row[column.name] = None if column.nullable else another(column, row[column.name])
        connection.execute(insert(table).values(row))

    return do


def edits_of_the_tables(connection: Connection) -> Iterator[Edit]:
    """Yield every edit of the tables that have rows: each column changed and emptied, a row added and taken away."""
    for table in sealed_tables():
        if connection.execute(select(table).limit(1)).one_or_none() is None:
            continue
        for column in table.columns:
            if not column.primary_key:
                yield Edit(table.name, f"{column.name} changed", change(table, column.name))
            has_value = connection.execute(select(table).where(column.is_not(None)).limit(1)).one_or_none()
            if column.nullable and has_value is not None:
                yield Edit(table.name, f"{column.name} emptied", empty(table, column.name))
        yield Edit(table.name, "row deleted", take(table, with_seal=False))
        yield Edit(table.name, "row deleted with its seal", take(table, with_seal=True))
        yield Edit(table.name, "row added", add(table))
