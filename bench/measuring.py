"""Measurements, each in a process of its own, and some runs of each."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from bench.databases import Databases


@dataclass(frozen=True)
class Scale:
    """How much is measured: sizes are divided by ``part``, and what is timed is run ``rounds`` times."""

    part: int = 1
    rounds: int = 3

    def of(self, size: int) -> int:
        """Return a size as it is measured."""
        return max(1, size // self.part)


class Runs:
    """What some runs of a measurement found."""

    def __init__(self, found: Sequence[dict[str, Any]]) -> None:
        """Take the figures of each run."""
        self.found = found

    def of(self, name: str) -> list[Any]:
        """Return a figure of each run."""
        return [one[name] for one in self.found]

    def last(self, name: str) -> Any:
        """Return a figure that is the same in each."""
        return self.found[-1][name]

    def ratio(self, name: str, other: "Runs") -> list[float]:
        """Return how many times as much as in the other, run by run."""
        return [mine / its for mine, its in zip(self.of(name), other.of(name), strict=True)]


def say(line: str) -> None:
    """Say on the terminal what is being measured."""
    Console(stderr=True).print(line)


def measure(name: str, *arguments: object) -> dict[str, Any]:
    """Run one measurement in a process of its own and return its figures."""
    words = [sys.executable, "-m", "bench.measures", name, *map(str, arguments)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} failed:\n{done.stderr}")
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def repeat(scale: Scale, name: str, *arguments: object) -> Runs:
    """Run a measurement that leaves everything as it was."""
    return Runs([measure(name, *arguments) for _ in range(scale.rounds)])


def repeat_on(its: Databases, scale: Scale, name: str, *arguments: object, of: str | None = None) -> Runs:
    """Run a measurement on a new database each time, empty or a copy of another: none finds warm what another wrote."""
    found = []
    for _ in range(scale.rounds):
        url = its.fresh(of)
        found.append(measure(name, url, *arguments))
        its.drop(url)
    return Runs(found)
