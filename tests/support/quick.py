"""What makes a test of the record quick without changing what it tests.

Each test opens a record of its own, so SQLAlchemy would compile every statement of the program anew in each: about
a quarter of what a story costs. Here all engines of one kind of database share what was compiled. And a database of a
test lies in memory where the machine has it to spare: on a busy disk a copy of a PostgreSQL template takes up to a
second, in memory a twentieth of one.
"""

import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from traceback import walk_stack
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from tests.support.ordered import faults_of

ROOT = Path(__file__).parents[2]
MEMORY_WANTED = 6 * 1024**3


class Compiled(LRUCache[Any, Any]):
    """What was compiled. Each statement comes by here once a process: so its order is looked at here, at no cost."""

    def __init__(self, capacity: int) -> None:
        """Begin with nothing."""
        super().__init__(capacity)
        self.faults: list[str] = []

    def __setitem__(self, key: Any, value: Any) -> None:
        """Keep a compiled statement, and what its order leaves to the database."""
        if key not in self and asked_by_the_program():
            self.faults += [f"{fault}\n{value}" for fault in faults_of(value.statement)]
        super().__setitem__(key, value)

    def take_faults(self) -> list[str]:
        """Return the faults of the statements that came since this was asked last."""
        found, self.faults = self.faults, []
        return found


def asked_by_the_program() -> bool:
    """Tell whether a statement that is run now is the program's, not one of a test that looks at what came of it."""
    ours = (Path(frame.f_code.co_filename) for frame, _ in walk_stack(sys._getframe(2)))
    nearest = next((one.relative_to(ROOT) for one in ours if is_ours(one)), None)
    return nearest is not None and nearest.parts[0] not in ("tests", "bench")


@cache
def is_ours(file: Path) -> bool:
    """Tell whether a file is in this repository, and not in a library that is installed in it."""
    return file.is_relative_to(ROOT) and not file.relative_to(ROOT).parts[0].startswith(".")


STATEMENTS = Compiled(4000)


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
