"""The work of a rival's job: write the rows of one prompt in a transaction, as the driver gets them."""

import os
import pickle
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

Statements = list[tuple[str, Any]]
REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)
BUSY_SECONDS = 60


def written_twice(work_file: str) -> Path:
    """Return where each prompt is noted whose rows were written a second time."""
    return Path(f"{work_file}.twice")


def connect(url: str) -> Any:
    """Open a database by its driver, as durable as the program has it."""
    if not url.startswith("sqlite"):
        return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1))
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=BUSY_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


class Work:
    """The rows of a sweep by timescale, and which of them this process has written.

    ``finished`` is set once ``wanted`` of them are: for ever unset where nobody says how many there are to be.
    """

    def __init__(self, url: str, work_file: str, wanted: int | None = None) -> None:
        """Read the rows. ``url``: the database that they are written to."""
        self.url, self.wanted = url, wanted
        self.statements: dict[int, Statements] = pickle.loads(Path(work_file).read_bytes())["prompts"]
        self.finished = threading.Event()
        self._twice = written_twice(work_file)
        self._done: set[int] = set()
        self._lock = threading.Lock()
        self._local = threading.local()

    def write(self, number: int) -> None:
        """Write the rows of one timescale's prompt: the job of every rival that has no transactions of its own."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self.url)
        try:
            self.write_by(connection.cursor().execute, number)
            connection.commit()
        except REFUSED:
            connection.rollback()
            self.note_twice(number)
        self.count(number)

    def write_by(self, execute: Callable[[str, Any], object], number: int) -> None:
        """Write the rows in a transaction of somebody else."""
        for sql, params in self.statements[number]:
            execute(sql, params)

    def note_twice(self, number: int) -> None:
        """Note that a job ran whose rows stand there already: by its keys the record refuses to have them twice."""
        handle = os.open(self._twice, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, f"{number}\n".encode())
        os.close(handle)

    def count(self, number: int) -> None:
        """Count one as written."""
        with self._lock:
            self._done.add(number)
            if len(self._done) == self.wanted:
                self.finished.set()
