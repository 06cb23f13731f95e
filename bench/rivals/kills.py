"""Each of them killed ten times while it works, and started again: how many prompts are lost, how many are done twice.

Lost: its rows are not there when nothing more happens. Twice: its job ran again after its rows were written. The
record refuses the second rows by its keys; an e-mail would have gone out twice.
"""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any

from bench.rivals.work import connect, written_twice

LOOK_SECONDS, LATER_SECONDS = 0.01, 0.05
QUIET_SECONDS = 12
"""So long without a row, and nothing more is expected of a worker. It polls every 5 seconds at the most."""


@dataclass(frozen=True)
class Loss:
    """What came of the kills. ``kills``: those that met it at work; a fast one may be done before the tenth."""

    kills: int
    lost: int
    twice: int


class Worker:
    """A process at work, and how many prompts the database has."""

    def __init__(self, words: Sequence[str], url: str, root: Path) -> None:
        """Start it."""
        self.process = subprocess.Popen(words, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._connection: Any = connect(url)
        if not url.startswith("sqlite"):
            self._connection.autocommit = True

    def __enter__(self) -> "Worker":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill it: it gets no chance to tidy up."""
        self.process.kill()
        self.process.wait()
        self._connection.close()

    def written(self) -> int:
        """Return how many prompts are written."""
        [(number,)] = self._connection.execute("SELECT count(*) FROM prompt").fetchall()
        return int(number)

    def until(self, wanted: int, quiet_seconds: float) -> int:
        """Wait until so many are written, or it is quiet for long; return how many are."""
        written, since = self.written(), time.monotonic()
        while written < wanted and time.monotonic() - since < quiet_seconds and self.process.poll() is None:
            time.sleep(LOOK_SECONDS)
            if (now := self.written()) > written:
                written, since = now, time.monotonic()
        return self.written()


def under_kills(
    words: Sequence[str], url: str, work_file: str, prompts: int, root: Path, *, kills: int = 10, seed: int = 1,
    quiet_seconds: float = QUIET_SECONDS,
) -> Loss:  # fmt: skip
    """Kill a worker so often, each time after it has done its part of what is left, and let the last one finish."""
    chance, done, met = Random(seed), 0, 0
    for number in range(kills):
        if done == prompts:
            break
        with Worker(words, url, root) as worker:
            before = done
            done = worker.until(done + max(1, (prompts - done) // (kills + 1 - number)), quiet_seconds)
            if done == before:
                # It has nothing more to do: what is missing now stays missing.
                break
            time.sleep(chance.uniform(0, LATER_SECONDS))
            met += worker.process.poll() is None
            done = worker.written()
    with Worker(words, url, root) as worker:
        done = worker.until(prompts, quiet_seconds)
        # Written last, and not yet noted: what it does after its last row is to count, too.
        worker.until(prompts + 1, min(quiet_seconds, 2))
    noted = written_twice(work_file)
    return Loss(met, prompts - done, len(noted.read_text().splitlines()) if noted.exists() else 0)
