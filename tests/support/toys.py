"""A stage of numbers, for tests of what runs stages: what waits is a set in memory, what fails is told beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tasks.stage import Outcome, Stage

NAME = "Darren Okonkwo"
CRN = "X100001"


@dataclass
class Toy:
    """Numbers that wait; ``poison`` fail with a name in the text, ``skipped`` are skipped; all handled are noted."""

    waits: set[int]
    poison: set[int] = field(default_factory=set)
    skipped: set[int] = field(default_factory=set)
    handled: list[int] = field(default_factory=list)
    chunks: list[list[int]] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    areas: list[str | None] = field(default_factory=list)

    def waiting(
        self, session: Session, as_at: datetime, area: str | None = None, limit: int | None = None
    ) -> list[Any]:
        """Give the numbers that wait."""
        self.areas.append(area)
        return sorted(self.waits)[:limit]

    def handle(self, session: Session, ids: Sequence[Any], as_at: datetime) -> list[Outcome]:
        """Handle numbers."""
        if self.poison & set(ids):
            raise ValueError(f"{NAME} ({CRN}) cannot be read")
        self.chunks.append(list(ids))
        self.moments.append(as_at)
        self.waits -= set(ids)
        self.handled += ids
        return [
            Outcome(f"LON-2026-{i:06d}", "skipped", "a person must decide")
            if i in self.skipped
            else Outcome(f"LON-2026-{i:06d}", "done")
            for i in ids
        ]

    def stage(self, name: str, chunk: int = 10, noun: str = "cases") -> Stage:
        """Return the stage under a name of a real one."""
        return Stage(name, noun, self.waiting, self.handle, chunk=chunk)
