"""What was refused is kept: nothing that somebody typed is lost (promise 8 of the design)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.cases import Draft


def keep_draft(
    session: Session, kind: str, crn: str, data: dict[str, Any], reasons: Sequence[str], *, as_at: datetime, actor: str
) -> int:
    """Keep a refused form with the reasons; return the number of the draft."""
    settle_drafts(session, kind, crn, as_at)
    draft = Draft(crn=crn[:20], kind=kind[:30], data=data, reasons=list(reasons), kept_at=as_at, kept_by=actor)
    session.add(draft)
    session.flush()
    append(
        session,
        [Change("drafts", "draft-kept", f"draft {draft.id}", None, {"kind": kind, "reasons": len(draft.reasons)})],
        actor=actor,
        at=as_at,
    )
    return draft.id


def settle_drafts(session: Session, kind: str, crn: str, as_at: datetime) -> None:
    """Settle the drafts of a kind for a person: it has been recorded now, or typed anew."""
    session.execute(
        update(Draft).where(Draft.crn == crn, Draft.kind == kind, Draft.settled_at.is_(None)).values(settled_at=as_at),
        execution_options={"synchronize_session": False},
    )
