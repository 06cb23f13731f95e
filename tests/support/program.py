"""``mappa`` as a process of its own, as an operator or cron starts it; it may be killed, or find a disk full.

The process is forked, so that a day of a dozen commands does not pay a dozen times for importing everything. What
it prints comes back through pipes, which no limit on files can touch.
"""

import ctypes
import json
import logging
import os
import resource
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine

from cli.app import app
from tests.support.environment import without_settings
from tests.support.killed import die_at, ended, start


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended: its exit code, negative the signal that ended it."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on standard output."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """All it said, on one line."""
        return " ".join((self.out + self.err).split())


@dataclass
class Program:
    """``mappa`` with the settings of one machine.

    ``file_limit``: bytes a file may have, where it is limited. ``clock``: what the clock of the machine says, where it
    is not the time. ``as_anybody``: what the user may do is what the modes of the files say, even of root.
    """

    settings: dict[str, str]
    file_limit: int | None = None
    clock: datetime | None = None
    as_anybody: bool = False
    said: list[Answer] = field(default_factory=list)

    def __call__(self, *arguments: object, dies_at: tuple[str, int] | None = None, **settings: str) -> Answer:
        """Run a command to its end; ``dies_at``: it kills itself when it comes to that point so often."""
        out, err = os.pipe(), os.pipe()
        child = start(lambda: self.run([str(one) for one in arguments], settings, dies_at, out[1], err[1]))
        os.close(out[1])
        os.close(err[1])
        with ThreadPoolExecutor(2) as readers:
            printed = list(readers.map(read_all, (out[0], err[0])))
        answer = Answer(ended(child), *printed)
        self.said.append(answer)
        assert "Traceback" not in answer.err, answer.err
        return answer

    def run(
        self, arguments: list[str], settings: dict[str, str], dies_at: tuple[str, int] | None, out: int, err: int
    ) -> None:
        """Be the program, in the child."""
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        # Those of the test runner: the program logs to standard error.
        logging.getLogger().handlers.clear()
        kept = without_settings()
        os.environ.clear()
        os.environ.update(kept | self.settings | settings)
        if self.file_limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.file_limit, resource.RLIM_INFINITY))
        if dies_at:
            die_at(*dies_at)
        if self.as_anybody:
            give_up_rights()
        with nullcontext() if self.clock is None else time_machine.travel(self.clock):
            code = exit_code_of(lambda: app(arguments))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def give_up_rights() -> None:
    """Take from this process what root may do past the modes of files (capset(2), version 3, nothing in any set)."""
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, nothing) == 0


def exit_code_of(main: Callable[[], None]) -> int:
    """Run a main function; return the code it exits with."""
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def read_all(pipe: int) -> str:
    """Read a pipe to its end."""
    with open(pipe, encoding="utf-8") as file:
        return file.read()


def program_of(folder: Path, database: Path | str | None = None, **settings: str) -> Program:
    """Return the program of a machine whose record and mail are below a folder."""
    url = database if isinstance(database, str) else f"sqlite:///{database or folder / 'record.db'}"
    usual = {
        "MAPPA_DATABASE_URL": url,
        "MAPPA_MAIL_FOLDER": str(folder / "mail"),
        "MAPPA_STATE_DIR": str(folder / "var"),
        "COLUMNS": "250",
    }
    return Program(usual | settings)
