"""Before release: keep the prison notice, the referral and the level in step with the release date.

A fact re-drives its case at once, in its own transaction; what remains for the flow are cases just
identified and cases where time alone changed the release date (a parole date that went by).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.timescales import refresh
from models.cases import Case


def drive(session: Session, case_ids: Sequence[int], as_at: datetime, actor: str) -> dict[str, list[str]]:
    """Bring cases in step as at a moment; return what changed, by case reference."""
    cases = session.scalars(
        select(Case).where(Case.id.in_(case_ids), Case.closed_on.is_(None)).order_by(Case.id).with_for_update()
    ).all()
    told = refresh(session, cases, as_at, actor)
    return {case.reference: told[case.id] for case in cases}
