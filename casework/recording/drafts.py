"""What was refused is kept: nothing that somebody typed is lost."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.recording.entry import Actor, Entry
from casework.recording.keepable import kept
from models.audit import Change, append
from models.cases import Draft


def keep_draft(session: Session, entry: Entry, reasons: Sequence[str], *, actor: Actor, as_at: datetime) -> int:
    """Keep a refused form with the reasons; return the number of the draft."""
    settle_drafts(session, entry.kind, entry.crn, as_at)
    draft = Draft(
        crn=entry.crn[:20],
        kind=entry.kind[:30],
        data=kept(entry.data),
        reasons=kept(list(reasons)),
        kept_at=as_at,
        kept_by=actor.name,
    )
    session.add(draft)
    session.flush()
    after = {"kind": entry.kind, "reasons": len(draft.reasons)} | actor.in_the_trail()
    append(session, [Change("drafts", "draft-kept", f"draft {draft.id}", None, after)], actor=actor.name, at=as_at)
    return draft.id


def settle_drafts(session: Session, kind: str, crn: str, as_at: datetime) -> None:
    """Settle the drafts of a kind for a person: it has been recorded now, or typed anew."""
    session.execute(
        update(Draft).where(Draft.crn == crn, Draft.kind == kind, Draft.settled_at.is_(None)).values(settled_at=as_at),
        execution_options={"synchronize_session": False},
    )
