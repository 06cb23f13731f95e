"""The right to do the work of one run, where the program starts a flow and will not wait for Prefect for ever.

Whoever takes the ticket does the work: the flow once Prefect lets it begin, or the program plainly when Prefect
kept it waiting. It is taken once, so the work is done once.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, Lock

from tasks.pacing import Halted, never
from tasks.stage import StageReport


@dataclass(slots=True)
class Ticket:
    """One run: ``stirred`` when it began or ended, ``worked`` when its work is done or failed."""

    halted: Halted = never
    report: StageReport | None = None
    left: int = 0
    error: Exception | None = None
    stirred: Event = field(default_factory=Event)
    worked: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    _taken: bool = False

    def take(self) -> bool:
        """Take the ticket; ``False`` where it is gone."""
        with self._lock:
            mine, self._taken = not self._taken, True
        self.stirred.set()
        return mine


TICKET: ContextVar[Ticket | None] = ContextVar("ticket", default=None)
"""The ticket of the run in this thread; a run that an operator started has none and needs none."""
