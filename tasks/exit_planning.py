"""Exit planning: on the day on which something that holds a person ends, what is still open is put to a person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from casework.exit_planning import look_at_ends
from models.cases import Case
from tasks.queue import Queue
from tasks.stage import Id, Outcome, Stage

NAME = "exit_planning"

QUEUE = Queue(Case.id, Case.end_at, due=True, also=(Case.closed_on.is_(None),), area=Case.area)


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of open cases of which something has ended and nobody has been asked."""
    return QUEUE.first(session, as_at, area, limit)


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Put the check of each end to a person."""
    looked = look_at_ends(session, [int(i) for i in ids], as_at, NAME)
    return [
        Outcome(
            one.case.reference,
            "done",
            f"check asked for: the end on {', '.join(map(str, one.ends))}"
            if one.ends
            else "nothing has ended that waits for a decision",
        )
        for one in looked
    ]


STAGE = Stage(NAME, "cases", waiting, handle, chunk=100)
