"""Work that was left to workers, as long as it waits: what waits decides whether they do it, not what their runs say.

A worker that serves another record ends every run green, and one without a database fails each within seconds. So what
waits is noted when it is seen first, and looked for again after the patience.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.clock import now
from models.record import Record
from tasks.stage import Id, Stage, what_waits


@dataclass(frozen=True, slots=True)
class Seen:
    """What waited for a stage at a moment of this machine's."""

    since: datetime
    ids: frozenset[Id]


@dataclass(frozen=True, slots=True)
class Left:
    """How much still waits of what waited when the patience began; ``untouched``: all of it, nobody did anything."""

    number: int
    untouched: bool


@dataclass(slots=True)
class WaitingWork:
    """What waits for each stage, and since when. It is a help only: a clock that forgets it begins anew."""

    record: Record
    patience: timedelta
    _seen: dict[str, Seen] = field(default_factory=dict)

    def left(self, stage: Stage, as_at: datetime) -> Left | None:
        """Return what has waited longer than the patience; ``None`` while none has."""
        seen = self._seen.get(stage.name)
        if seen is not None and now() - seen.since <= self.patience:
            return None
        waits = frozenset(what_waits(self.record, stage, as_at))
        still = frozenset() if seen is None else seen.ids & waits
        if seen is None or not still:
            self._seen[stage.name] = Seen(now(), waits)
            return None
        return Left(len(still), untouched=still == seen.ids)

    def forget(self, stage: Stage) -> bool:
        """Let go of what was seen: it is done. Tell whether there was anything."""
        return self._seen.pop(stage.name, None) is not None
