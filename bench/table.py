"""What was measured beside what is promised: the median of some runs with the lowest and the highest, and a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

HOLDS, DOES_NOT_HOLD = "holds", "does not hold"


@dataclass(frozen=True)
class Figure:
    """One thing measured in some runs. ``limit``: the most it may be, in the same unit; nothing is promised without."""

    values: Sequence[float]
    unit: str
    limit: float | None = None
    digits: int = 1
    before: str = ""

    def measured(self) -> str:
        """Return the median, and the lowest and highest where they read otherwise."""
        middle, low, high = (f"{value:,.{self.digits}f}" for value in (self.median, min(self.values), max(self.values)))
        spread = f" ({low} to {high})" if low != high else ""
        return f"{self.before}{middle} {self.unit}{spread}"

    def promised(self) -> str:
        """Return the promise in words."""
        return "" if self.limit is None else f"{self.limit:,g} {self.unit}"

    @property
    def median(self) -> float:
        """What is held against the promise."""
        return median(self.values)

    @property
    def holds(self) -> bool:
        """Whether the promise holds; where there is none, nothing is broken."""
        return self.limit is None or self.median <= self.limit


@dataclass(frozen=True)
class Row:
    """A row of the table. ``profile``: which profile says where the time goes, if the promise does not hold."""

    database: str
    what: str
    figures: Sequence[Figure]
    note: str = ""
    profile: str = ""

    @property
    def verdict(self) -> str:
        """Say whether every promise of the row holds; nothing where none was made."""
        if all(figure.limit is None for figure in self.figures):
            return ""
        return HOLDS if all(figure.holds for figure in self.figures) else DOES_NOT_HOLD

    def cells(self) -> tuple[str, str, str, str, str]:
        """Return the row as it is printed."""
        measured = [figure.measured() for figure in self.figures] + ([self.note] if self.note else [])
        promised = [figure.promised() for figure in self.figures if figure.limit is not None]
        return self.database, self.what, ", ".join(measured), ", ".join(promised), self.verdict

    def as_json(self) -> dict[str, Any]:
        """Return the row with what each run measured."""
        figures = [
            {"unit": figure.unit, "runs": list(figure.values), "median": figure.median, "promised": figure.limit}
            for figure in self.figures
        ]
        return {
            "database": self.database, "what": self.what, "figures": figures, "note": self.note,
            "verdict": self.verdict,
        }  # fmt: skip


def show(rows: Sequence[Row], part: int, rounds: int) -> None:
    """Print the table, and how many promises hold."""
    runs = f"median of {rounds} runs (lowest to highest)" if rounds > 1 else "one run"
    title = f"mappa, benchmarks: {runs}" + (f"; sizes divided by {part}" if part > 1 else "")
    table = Table("database", "what", "measured", "promised", "", title=title)
    for row in rows:
        table.add_row(*row.cells())
    console = Console(width=150)
    console.print(table)
    verdicts = [row.verdict for row in rows if row.verdict]
    console.print(f"{verdicts.count(HOLDS)} of {len(verdicts)} promises hold.")
