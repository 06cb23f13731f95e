"""What somebody could do to the tables beside the trail: each column of each table changed, rows added and taken."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Table,
    delete,
    insert,
    select,
    text,
    update,
)

from bench.attack.of_the_trail import Edit
from models.base import Moment
from models.row_marks import sealed_tables
from models.row_seals import NOTE, SEAL, SUM


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
    if isinstance(kind, LargeBinary):
        return b"forged"
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


def copied_seal(table: Table) -> Callable[[Connection], object]:
    """Return the edit that gives the first row the seal of another row of any table."""

    def do(connection: Connection) -> None:
        row = first_row(connection, table)
        key = "|".join(str(getattr(row, column.name)) for column in table.primary_key)
        other = select(SEAL.c.hash).where(SEAL.c.name != table.name).order_by(SEAL.c.name, SEAL.c.key).limit(1)
        mine = update(SEAL).where(SEAL.c.name == table.name, SEAL.c.key == key)
        if not connection.execute(mine.values(hash=connection.scalar(other))).rowcount:
            connection.execute(delete(NOTE))

    return do


def taken_away(table: Table) -> Callable[[Connection], object]:
    """Return the edit that empties a table."""
    return lambda connection: connection.execute(delete(table))


def plant(connection: Connection) -> None:
    """Put a trigger into the record, by which the program itself would write what somebody wants."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("CREATE TRIGGER t AFTER INSERT ON person BEGIN DELETE FROM pause; END"))
        return
    source = "BEGIN DELETE FROM pause; RETURN NULL; END"
    connection.execute(text(f"CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ {source} $$"))
    connection.execute(text("CREATE TRIGGER t AFTER INSERT ON person EXECUTE FUNCTION planted()"))


def edits_of_the_seals() -> Iterator[Edit]:
    """Yield every edit of the seals of the rows themselves."""
    for table in (SEAL, NOTE, SUM):
        yield Edit(table.name, "all taken away", taken_away(table))
    yield Edit("row_sum", "one changed", lambda connection: connection.execute(update(SUM).values(rows=SUM.c.rows + 1)))
    yield Edit("row_note", "forged", lambda connection: connection.execute(update(NOTE).values(touched="{}")))
    yield Edit("person", "trigger planted", plant)


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
        yield Edit(table.name, "seal of another row", copied_seal(table))
