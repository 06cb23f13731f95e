"""Pre-release: prison notice at eight months, referral and level at six months before release."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.pre_release import drive
from models.cases import Case
from tasks.stage import Id, Outcome, Stage

NAME = "pre_release"


def waiting(session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
    """Return the ids of open cases whose release arrangements are to be looked at: new, or a date went by."""
    query = select(Case.id).where(Case.review_at <= as_at, Case.closed_on.is_(None))
    if area is not None:
        query = query.where(Case.area == area)
    return list(session.scalars(query.order_by(Case.review_at, Case.id).limit(limit)))


def handle(session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Bring these cases in step with their release dates."""
    told = drive(session, [int(i) for i in ids], as_at, NAME)
    return [Outcome(reference, "done", "; ".join(changes) or "nothing changed") for reference, changes in told.items()]


STAGE = Stage(NAME, "cases", waiting, handle, chunk=200)
