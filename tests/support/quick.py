"""What makes a test of the record quick without changing what it tests.

Each test opens a record of its own, so SQLAlchemy would compile every statement of the program anew in each: about
a quarter of what a story costs. Here all engines of one kind of database share what was compiled. And a database of a
test lies in memory where the machine has it to spare: on a busy disk a copy of a PostgreSQL template takes up to a
second, in memory a twentieth of one.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

MEMORY_WANTED = 6 * 1024**3
STATEMENTS: LRUCache[Any, Any] = LRUCache(4000)


def share_compiled_statements() -> None:
    """Let engines compile no statement that another of their kind has compiled.

    What was compiled is kept under its dialect: every test process has one SQLite and one PostgreSQL server, so
    two dialects of one class are alike.
    """
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    event.listen(Engine, "engine_connect", use_compiled)


def use_compiled(connection: Connection) -> None:
    """Have a connection take from what was compiled, and add to it."""
    connection.execution_options(compiled_cache=STATEMENTS)


def folder_for_databases() -> Path:
    """Return a folder in memory if the machine has some gigabytes of it to spare, else the usual one on disk."""
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > MEMORY_WANTED:
        return memory
    return Path(tempfile.gettempdir())
