"""What people wait for as a record grows: a list, a case, a command, each at a million open timescales."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.measuring import Runs
from bench.table import Figure, Row
from models.cases import Case
from service.output import MOST_COUNTED, ROWS_SHOWN
from tests.support.opened import opened
from views.cases import cases
from views.model import Found
from views.person_page import person_page
from views.timescales import timescales

ROUNDS = 5
PROMISED_LOOK, PROMISED_COMMAND = 200, 0.35
"""Milliseconds of a look, and seconds of a command."""
COMMANDS = ("--help", "case list", "timescales", "case show")
PROFILED = ("case list",)


def looks(url: str) -> dict[str, Any]:
    """Take each look as its command does, without the imports: milliseconds, the first time and the median of more."""
    record = opened(url)
    with record.reading() as session:
        middle = (session.scalar(select(func.count(Case.id))) or 0) // 2
        reference = session.scalars(select(Case.reference).order_by(Case.id).offset(middle).limit(1)).one()
    named: dict[str, Callable[[Session], object]] = {
        "case list": lambda session: beginning(cases(session, with_timescales=False)),
        "timescales": lambda session: beginning(timescales(session)),
        "case show": lambda session: person_page(session, reference),
    }
    figures: dict[str, Any] = {"reference": reference}
    for name, look in named.items():
        times = []
        for _ in range(ROUNDS + 1):
            with record.reading() as session:
                start = time.perf_counter()
                look(session)
                times.append((time.perf_counter() - start) * 1000)
        figures[name] = (times[0], median(times[1:]))
    return figures


def beginning(found: Found[Any]) -> int:
    """Read what a table shows, and count what it does not."""
    return len(found.first(ROWS_SHOWN)) + found.beyond(ROWS_SHOWN, MOST_COUNTED + 1)


def commands(url: str, reference: str) -> dict[str, Any]:
    """Run each command as a person does, from first line to last: seconds of the clock, and of the processor."""
    figures = {}
    for words in COMMANDS:
        line = [sys.executable, "-c", "from cli.app import main; main()", *words.split()]
        if words == "case show":
            line.append(reference)
        figures[words] = [run(line, os.environ | {"MAPPA_DATABASE_URL": url}) for _ in range(ROUNDS)]
    return figures


def run(line: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run a command to its end; seconds of the clock and of the processor."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(line, env=environment, stdout=subprocess.DEVNULL, check=True)
    seconds, after = time.perf_counter() - start, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, used


def rows_of(kind: str, size: int, looked: Runs, ran: dict[str, Any]) -> list[Row]:
    """Return the rows of the table."""
    looks_at = [name for name in COMMANDS if name in looked.found[0]]
    return [
        *(
            Row(
                kind,
                f"{name} at {size:,} open timescales, beyond the imports",
                (
                    Figure([again for _, again in looked.of(name)], "ms", PROMISED_LOOK, digits=0),
                    Figure([first for first, _ in looked.of(name)], "ms", digits=0, before="first "),
                ),
            )
            for name in looks_at
        ),
        *(
            Row(
                kind,
                f"mappa {name}, the whole command",
                (
                    Figure([seconds for seconds, _ in runs], "s", PROMISED_COMMAND, digits=2),
                    Figure([used for _, used in runs], "s", digits=2, before="of the processor "),
                ),
                profile=f"command {name}" if name in PROFILED else "",
            )
            for name, runs in ran.items()
        ),
    ]
