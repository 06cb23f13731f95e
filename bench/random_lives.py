"""``python -m bench.random_lives``: live ten thousand random lives, and tell whether any stretch of one was silent.

The suite lives three hundred. A silent stretch ends the run with the life that led to it.
"""

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import prepared
from tests.support.quick import folder_for_databases
from tests.support.random_lives import RandomLife, template

LIVES, PART, STEPS = 10_000, 250, 12


def live(made: Path, number: int, lives: int) -> Counter[str]:
    """Live one part of the lives; return the facts that were recorded, by kind."""

    @seed(number)
    class Life(RandomLife):
        made_from = made
        recorded: ClassVar[Counter[str]] = Counter()

        def put(self, kind: str, late: int, /, **data: Any) -> None:
            before = type(self).steps
            super().put(kind, late, **data)
            self.recorded[kind] += type(self).steps - before

    quick = settings(
        max_examples=lives,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=quick)
    return Life.recorded


def main() -> None:
    """Live the lives part by part, and print after each how far it is."""
    parser = argparse.ArgumentParser(description="Live random lives, and look for a stretch in which nobody is asked.")
    parser.add_argument("--lives", type=int, default=LIVES)
    parser.add_argument("--first", type=int, default=1000, help="The seed of the first part.")
    chosen = parser.parse_args()
    facts: Counter[str] = Counter()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=folder_for_databases()) as folder:
        migrated = Path(folder) / "migrated.db"
        prepared(f"sqlite:///{migrated}")
        made = template(Path(folder), migrated)
        for number, done in enumerate(range(0, chosen.lives, PART)):
            facts += live(made, chosen.first + number, min(PART, chosen.lives - done))
            lived = min(done + PART, chosen.lives)
            took = time.monotonic() - began
            print(f"{lived:6,} lives, {facts.total():7,} facts, {took:6,.0f} s: none silent", flush=True)
    print(", ".join(f"{kind} {count:,}" for kind, count in facts.most_common()))


if __name__ == "__main__":
    main()
