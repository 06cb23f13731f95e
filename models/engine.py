"""The engine of a record: how a connection is made, set up and begun on either database."""

import sqlite3
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from models.bulk import to_json
from models.row_marks import watch

BUSY_SECONDS = 60


def make_engine(url: str) -> Engine:
    """Return an engine; on SQLite with WAL, full durability, foreign keys and explicit transactions."""
    if not url.startswith("sqlite"):
        engine = create_engine(
            url, pool_pre_ping=True, json_serializer=to_json, json_deserializer=orjson.loads, hide_parameters=True
        )
        watch(engine)
        return engine
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS},
        json_serializer=to_json,
        json_deserializer=orjson.loads,
        hide_parameters=True,
    )
    event.listen(engine, "connect", prepare_sqlite)
    watch(engine)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """Set up one connection. FULL: a commit survives a power cut, so nothing sent is forgotten."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    """Begin with the write lock where the session will write: no upgrade of a stale read can fail later."""
    writes: Any = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
