"""Pre-release: prison notice at eight months, referral and level at six months before release."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from casework.pre_release import drive
from models.cases import Case
from tasks.queue import Queue
from tasks.stage import Id, Outcome, Stage

NAME = "pre_release"

QUEUE = Queue(Case.id, Case.review_at, due=True, also=(Case.closed_on.is_(None),), area=Case.area)


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of open cases whose release arrangements are to be looked at: new, or a date went by."""
    return QUEUE.first(session, as_at, area, limit)


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Bring these cases in step with their release dates."""
    told = drive(session, [int(i) for i in ids], as_at, NAME)
    return [Outcome(reference, "done", "; ".join(changes) or "nothing changed") for reference, changes in told.items()]


STAGE = Stage(NAME, "cases", waiting, handle, chunk=200)
