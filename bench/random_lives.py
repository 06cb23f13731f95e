"""``python -m bench.random_lives``: live ten thousand random lives, and tell whether any stretch of one was silent.

The suite lives a hundred and fifty. A silent stretch ends the run with the life that led to it.
"""

import argparse
import tempfile
import time
from collections import Counter
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tasks.stage import few_collections
from tests.conftest import prepared
from tests.support.quick import folder_for_databases
from tests.support.random_lives import RandomLife, template

LIVES, PART, STEPS = 10_000, 100, 12


def live(made: Path, part: tuple[int, int]) -> tuple[int, Counter[str]]:
    """Live a part of the lives, by its seed and size; return how many, and the facts that were recorded, by kind."""
    number, lives = part

    @seed(number)
    class Life(RandomLife):
        made_from = made
        recorded: ClassVar[Counter[str]] = Counter()

        def put(self, kind: str, late: int, /, **data: Any) -> None:
            before = type(self).steps
            super().put(kind, late, **data)
            self.recorded[kind] += type(self).steps - before

        def load(self, sentence: str, days: int) -> None:
            super().load(sentence, days)
            self.recorded["sentence"] += 1

    quick = settings(
        max_examples=lives,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with few_collections():
        run_state_machine_as_test(Life, settings=quick)
    return lives, Life.recorded


def main() -> None:
    """Live the lives part by part, and print after each how far it is."""
    parser = argparse.ArgumentParser(description="Live random lives, and look for a stretch in which nobody is asked.")
    parser.add_argument("--lives", type=int, default=LIVES)
    parser.add_argument("--first", type=int, default=1000, help="The seed of the first part.")
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args()
    facts: Counter[str] = Counter()
    lived, began = 0, time.monotonic()
    with tempfile.TemporaryDirectory(dir=folder_for_databases()) as folder:
        migrated = Path(folder) / "migrated.db"
        prepared(f"sqlite:///{migrated}")
        made = template(Path(folder), migrated)
        sizes = [min(PART, chosen.lives - done) for done in range(0, chosen.lives, PART)]
        with Pool(chosen.processes) as pool:
            for size, recorded in pool.imap_unordered(partial(live, made), enumerate(sizes, chosen.first)):
                lived, facts = lived + size, facts + recorded
                took = time.monotonic() - began
                print(f"{lived:6,} lives, {facts.total():7,} facts, {took:6,.0f} s: none silent", flush=True)
    print(", ".join(f"{kind} {count:,}" for kind, count in facts.most_common()))


if __name__ == "__main__":
    main()
