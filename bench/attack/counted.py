"""What came of an attack, counted, and whether it held."""

from collections import Counter
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

KEPT_EXAMPLES = 20


@dataclass(slots=True)
class Counts:
    """What was tried and what came of it; ``faults`` are those that must not be, in words."""

    tried: int = 0
    named: int = 0
    no_form: int = 0
    by_a_rule: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def fault(self, kind: str, where: str) -> None:
        """Count what must not be, and keep the first of them."""
        self.faults[kind] += 1
        if len(self.examples) < KEPT_EXAMPLES:
            self.examples.append(f"{kind}: {where}")

    def rows(self) -> list[tuple[str, int]]:
        """Return the counts, each with its name."""
        faults = dict.fromkeys(FAULTS, 0) | self.faults
        return [
            ("tried", self.tried),
            ("refused with the name of the field", self.named),
            ("refused: no form at all, kept as it came", self.no_form),
            ("refused by a rule of the form or the case, though the field may hold it", self.by_a_rule),
            *((f"accepted: {why}", count) for why, count in sorted(self.accepted.items())),
            *faults.items(),
        ]

    def show(self, title: str) -> None:
        """Print the counts and the first faults."""
        table = Table("what came of it", "how often", title=title)
        for name, count in self.rows():
            table.add_row(name, f"{count:,}")
        console = Console(width=120)
        console.print(table)
        for one in self.examples:
            console.print(one, markup=False)


TRACEBACK, LOST, UNNAMED, UNEXPLAINED = "tracebacks", "forms lost", "refused, no field named", "accepted, unexplained"
FAULTS = (TRACEBACK, LOST, UNNAMED, UNEXPLAINED)
