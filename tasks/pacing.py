"""How far a run of a stage has come, and where it stops when the program does. Knows nothing of Prefect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.record import Record
from tasks.stage import Id, Outcome, Stage, handle_chunk

Halted = Callable[[], bool]
"""Tells whether the work is to stop before the next chunk."""


def never() -> bool:
    """Go on to the end."""
    return False


def handle_plainly(
    record: Record, stage: Stage, ids: Sequence[Id], as_at: datetime, dry_run: bool, _first: int
) -> list[Outcome]:
    """Handle a chunk in this process, with nothing in the way."""
    return handle_chunk(record, stage, ids, as_at, dry_run)


@dataclass(slots=True)
class Chunks:
    """Runs the chunks of one run of a stage, counts them, and leaves the rest where the program is to stop.

    What is left still waits in the record: the next run finds it. A handler is also told the place of its first
    id in the run, counted from 1.
    """

    handle: Callable[[Record, Stage, Sequence[Id], datetime, bool, int], list[Outcome]] = handle_plainly
    halted: Halted = never
    seen: int = 0
    left: int = 0

    def __call__(
        self, record: Record, stage: Stage, ids: Sequence[Id], as_at: datetime, dry_run: bool
    ) -> list[Outcome]:
        """Handle one chunk, or leave it."""
        first = self.seen + 1
        self.seen += len(ids)
        if self.halted():
            self.left += len(ids)
            return []
        return self.handle(record, stage, ids, as_at, dry_run, first)
