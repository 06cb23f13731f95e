"""Where the time goes, by layer: of a load, a sweep, a tick, e-mails, a year under a profiler; of a command by imports.

A profiler makes the many small functions of Python look slower than they are: the shares are to be read so.
"""

import cProfile
import os
import pstats
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.databases import Databases
from bench.fresh_record import AS_AT, EARLY, settle
from bench.measuring import Scale, measure, say
from bench.on_records import DUE, LOAD, TIMESCALES
from bench.on_the_whole import CASES, MANAGED, MESSAGES, YEAR
from bench.table import DOES_NOT_HOLD, Row
from tasks import prompts
from tasks.registry import STAGES
from tasks.stage import run_stage, stages_with_work
from tests.support.opened import opened

ROOT = Path(__file__).parent.parent
TICKS = 100
OF_THE_YEAR, OF_A_LOAD = 5, 10
"""A year is profiled of one in so many cases, and a load of one in so many rows: under a profiler all take minutes."""
LAYERS = (
    ("driver and database", r"/psycopg|'sqlite3\.|psycopg_binary"),
    ("SQLAlchemy", r"/sqlalchemy/"),
    ("templates", r"/jinja2/|/markupsafe|<template>"),
    ("trail and seals of the rows", rf"{ROOT}/models/(audit|row_)|hashlib|hmac|_blake2"),
    ("policy", rf"{ROOT}/policy/"),
    ("prompts, messages and mail", rf"{ROOT}/notifications/|/email/|smtplib"),
    ("the auditor", rf"{ROOT}/assurance/"),
    ("casework", rf"{ROOT}/casework/"),
    ("models", rf"{ROOT}/models/"),
    ("stages", rf"{ROOT}/tasks/"),
    ("imports", r"importlib|marshal\.loads"),
)
THE_REST = "Python's own functions and library"
IMPORTED = (
    ("SQLAlchemy", r"sqlalchemy"),
    ("our tables and the record", r"models"),
    ("Rich", r"rich|pygments|markdown_it"),
    ("Typer and Click", r"typer|click|shellingham"),
    ("pydantic", r"pydantic|annotated_types|typing_inspection"),
    ("our other rooms", r"policy|casework|views|service|cli|notifications|assurance|figures|tasks|web"),
)
IMPORT_LINE = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)$", re.MULTILINE | re.ASCII)


def layer_of(file: str, function: str) -> str:
    """Return the layer of a function by its file; of one that is written in C by its name."""
    where = function if file == "~" else file
    return next((layer for layer, pattern in LAYERS if re.search(pattern, where)), THE_REST)


def shares(seconds: Mapping[str, float]) -> dict[str, float]:
    """Return what is above half a per cent, in per cent of all, the largest first."""
    total = sum(seconds.values()) or 1.0
    found = {layer: 100 * spent / total for layer, spent in seconds.items()}
    return {layer: share for layer, share in sorted(found.items(), key=lambda item: -item[1]) if share >= 0.5}


def by_layer(work: Callable[[], object]) -> dict[str, float]:
    """Do some work under the profiler; return the share of each layer."""
    profiler = cProfile.Profile()
    profiler.runcall(work)
    seconds: dict[str, float] = defaultdict(float)
    stats: Any = pstats.Stats(profiler)
    for (file, _, function), (_, _, own, _, _) in stats.stats.items():
        seconds[layer_of(file, function)] += own
    return shares(seconds)


def profile_sweep(url: str) -> dict[str, float]:
    """Profile a sweep of what is due."""
    record = opened(url)
    return by_layer(lambda: run_stage(record, prompts.STAGE, AS_AT))


def profile_tick(url: str) -> dict[str, float]:
    """Profile some ticks with nothing to do, as ``measures.empty_tick`` takes them."""
    record = opened(url)
    settle(record)

    def ticks() -> None:
        for _ in range(TICKS):
            stages_with_work(record, STAGES.values(), EARLY)

    stages_with_work(record, STAGES.values(), EARLY)
    return by_layer(ticks)


def profile_year(url: str, cases: str, managed: str, days: str) -> dict[str, float]:
    """Profile a year of an area whose people answer."""
    from bench import meetings

    return by_layer(lambda: meetings.year(url, cases, managed, days))


def profile_load(url: str, rows: str) -> dict[str, float]:
    """Profile a load of sentences, and of the same file again."""
    from bench import loads

    return by_layer(lambda: loads.load(url, rows))


def profile_render(url: str, count: str) -> dict[str, float]:
    """Profile the writing of e-mails; no database is used."""
    from bench import rendering

    del url
    return by_layer(lambda: rendering.render_all(count))


def profile_command(url: str, *words: str) -> dict[str, float]:
    """Return what of a command's time each import takes, with what is executed as it is imported."""
    line = [sys.executable, "-X", "importtime", "-c", "from cli.app import main; main()", *words]
    start = time.perf_counter()
    told = subprocess.run(
        line, env=os.environ | {"MAPPA_DATABASE_URL": url}, capture_output=True, text=True, check=True
    ).stderr
    return of_imports(told, time.perf_counter() - start)


def of_imports(told: str, seconds: float) -> dict[str, float]:
    """Return the shares of what ``python -X importtime`` told, of a process that took so many seconds."""
    spent: dict[str, float] = defaultdict(float)
    for microseconds, module in IMPORT_LINE.findall(told):
        package = module.partition(".")[0]
        layer = next((name for name, of in IMPORTED if re.fullmatch(of, package)), "the standard library and others")
        spent[f"import of {layer}"] += int(microseconds) / 1e6
    spent["the work itself, and Python's start"] = max(0.0, seconds - sum(spent.values()))
    return shares(spent)


def profile(name: str, url: str, *arguments: str) -> dict[str, Any]:
    """Profile one thing by its name."""
    named: dict[str, Callable[..., dict[str, float]]] = {
        "load": profile_load,
        "render": profile_render,
        "sweep": profile_sweep,
        "tick": profile_tick,
        "year": profile_year,
        "command": profile_command,
    }
    return named[name](url, *arguments)


def print_profiles(rows: list[Row], kinds: dict[str, Databases], scale: Scale) -> None:
    """Print a profile for each promise that does not hold."""
    broken = dict.fromkeys((row.database, row.profile) for row in rows if row.verdict == DOES_NOT_HOLD and row.profile)
    for kind, name in broken:
        say(f"{kind}: profile of {name} …")
        table = Table("layer", "per cent", title=f"{kind}, {name}: where the time goes, under a profiler")
        for layer, share in profiled(kinds[kind], name, scale).items():
            table.add_row(layer, f"{share:.0f}")
        Console(width=150).print(table)


def profiled(its: Databases, name: str, scale: Scale) -> dict[str, Any]:
    """Return the profile of one thing on a database of its own."""
    url = its.fresh()
    what, *words = name.split()
    arguments: list[object] = list(words)
    if what == "year":
        arguments = [scale.of(CASES) // OF_THE_YEAR, scale.of(MANAGED) // OF_THE_YEAR, YEAR]
    elif what == "load":
        arguments = [scale.of(LOAD) // OF_A_LOAD]
    elif what == "render":
        arguments = [scale.of(MESSAGES)]
    else:
        measure("build", url, scale.of(TIMESCALES), scale.of(DUE))
    found = measure("profile", what, url, *arguments)
    its.drop(url)
    return found
