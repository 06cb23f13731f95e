"""The rows of the rivals: how long each takes for the same rows, and what ten kills cost it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.databases import Databases
from bench.measuring import Runs, Scale, measure, say
from bench.rivals.environment import ROOT, python_of_the_rivals
from bench.rivals.kills import under_kills
from bench.rivals.work import written_twice
from bench.table import Figure, Row

JOBS, DUE, KILLED, KILLS = 20_000, 2_000, 1_000, 10
OPEN_A_DUE = 20
"""Open timescales for each that is due."""
NAMES = {
    "ours": "mappa",
    "plain_loop": "a plain loop",
    "on_huey": "Huey",
    "on_apscheduler": "APScheduler's store",
    "on_procrastinate": "procrastinate",
    "on_dbos": "DBOS",
}
OURS = ("ours", "plain_loop", "on_apscheduler")
"""What needs no environment of its own: the project has APScheduler."""
ON_POSTGRESQL_ALONE = ("on_procrastinate",)


class Made:
    """A caseload that is due, without and with what gathers prompts, and the rows that a sweep writes."""

    def __init__(self, its: Databases, due: int) -> None:
        """Make it."""
        self.its, self.due = its, due
        self.clean = its.fresh()
        measure("build", self.clean, due * OPEN_A_DUE, due)
        swept, self.work_file = its.fresh(self.clean), str(its.folder / f"work-{Path(self.clean).name[:20]}.pickle")
        measure("sweep", swept, due, f"{self.work_file}.rows")
        its.drop(swept)
        self.gathered = its.fresh(self.clean)
        measure("units", self.gathered, f"{self.work_file}.rows", self.work_file)

    def begin(self, name: str) -> str:
        """Return what a rival begins with."""
        return self.its.fresh(self.clean if name == "ours" else self.gathered)

    def drop(self) -> None:
        """Give back what it takes."""
        self.its.drop(self.clean)
        self.its.drop(self.gathered)


def rivals(kind: str, its: Databases, scale: Scale) -> list[Row]:
    """Return the rows of one database."""
    pythons = pythons_of()
    made, rows = Made(its, scale.of(DUE)), []
    names = [name for name in NAMES if kind == "PostgreSQL" or name not in ON_POSTGRESQL_ALONE]
    for name in names:
        if python := pythons[name]:
            say(f"{kind}: {NAMES[name]} …")
            rows.append(timed(kind, python, name, made, scale))
    made.drop()
    made = Made(its, scale.of(KILLED))
    for name in names:
        if python := pythons[name]:
            say(f"{kind}: {NAMES[name]}, killed {KILLS} times …")
            rows.append(killed(kind, python, name, made))
    made.drop()
    missing = [NAMES[name] for name in names if pythons[name] is None]
    if missing:
        rows.append(Row(kind, f"not measured: {', '.join(missing)}", (), "could not be installed: see above"))
    return rows


def pythons_of() -> dict[str, Path | None]:
    """Return by which Python each runs, or nothing where it cannot be installed."""
    theirs = python_of_the_rivals()
    if theirs is None:
        say("The rivals could not be installed (what pip said stands above): the others are measured without them.")
    return {name: Path(sys.executable) if name in OURS else theirs for name in NAMES}


def timed(kind: str, python: Path, name: str, made: Made, scale: Scale) -> Row:
    """Let one write the rows so many times, each on a copy with its jobs added."""
    base = made.begin(name)
    added = told_by(python, name, "add", base, made.work_file, scale.of(JOBS))
    found = []
    for _ in range(scale.rounds):
        url = made.its.fresh(base)
        found.append(told_by(python, name, "run", url, made.work_file, made.due))
        made.its.drop(url)
    made.its.drop(base)
    runs = Runs(found)
    note = "" if all(runs.of("done")) else "not all of them were done after five minutes"
    jobs = f", of {scale.of(JOBS):,} jobs added in {added['seconds']:.1f} s" if name.startswith("on_") else ""
    figures = (
        Figure(runs.of("seconds"), "s", digits=2),
        Figure(runs.of("of_the_processor"), "s", digits=2, before="of its processor "),
    )
    return Row(kind, f"{made.due:,} due, the same rows: {NAMES[name]}{jobs}", figures, note)


def killed(kind: str, python: Path, name: str, made: Made) -> Row:
    """Let one write the rows while it is killed again and again."""
    url = made.begin(name)
    written_twice(made.work_file).unlink(missing_ok=True)
    told_by(python, name, "add", url, made.work_file, made.due)
    words = words_of(python, name, "run", url, made.work_file)
    loss = under_kills(words, url, made.work_file, made.due, ROOT, kills=KILLS)
    made.its.drop(url)
    figures = (Figure([loss.lost], "lost", digits=0), Figure([loss.twice], "done twice", digits=0))
    return Row(kind, f"{made.due:,} due, killed {loss.kills} times at work: {NAMES[name]}", figures)


def words_of(python: Path, name: str, *arguments: object) -> list[str]:
    """Return how a rival is started."""
    return [str(python), "-m", "bench.rivals.worker", name, *map(str, arguments)]


def told_by(python: Path, name: str, *arguments: object) -> dict[str, Any]:
    """Run a rival to its end, and return what it tells."""
    words = words_of(python, name, *arguments)
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not done.stdout.strip():
        sys.exit(f"{' '.join(words)} failed:\n{done.stderr}")
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told
