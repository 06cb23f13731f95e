"""Prompts: raise every rung that is due, for every timescale."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from notifications.prompts import prompting
from tasks.stage import Id, Outcome, Stage

NAME = "prompts"


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of timescales with a rung due."""
    return list(prompting.waiting(session, as_at, area, limit))


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Raise what is due on these timescales; one that another process took is skipped."""
    raised = prompting.raise_due(session, [int(i) for i in ids], as_at)
    taken = [
        Outcome(f"timescale {i}", "skipped", "another process took it, or it was met meanwhile")
        for i in ids
        if int(i) not in raised
    ]
    return [
        Outcome(
            told.reference,
            "done",
            f"{told.prompts} prompt{'s' if told.prompts != 1 else ''} raised",
            told.area,
            told.escalations,
        )
        for told in raised.values()
    ] + taken


STAGE = Stage(NAME, "timescales", waiting, handle, chunk=5000)
