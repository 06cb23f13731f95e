"""A meeting that is recorded while it is held: one form in hand for each meeting, kept at every step of the agenda.

Its ticket is made from the meeting, so that whoever opens the room finds the same form. One person has it in hand; a
colleague who goes on with it takes it over, with a word that the trail keeps.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.recording.drafts import in_hand
from casework.recording.entry import Actor, Entry
from casework.recording.keepable import kept
from models.audit import Change, append
from models.cases import Draft
from models.meetings import Meeting
from policy.errors import ConflictError
from policy.vocabulary import FactKind

TICKET = "room-"


def ticket_of(meeting: Meeting) -> str:
    """Return the ticket of the form in which a meeting is recorded."""
    return TICKET + meeting.uid


def is_of_a_room(ticket: str) -> bool:
    """Tell whether a ticket is that of a meeting's room."""
    return ticket.startswith(TICKET)


def room_of(session: Session, meeting: Meeting) -> Draft | None:
    """Return what was kept of a meeting in its room so far; None where nobody has begun."""
    return session.scalar(select(Draft).where(Draft.ticket == ticket_of(meeting)))


def keep_step(
    session: Session,
    meeting: Meeting,
    owner: str,
    entry: Entry,
    aside: dict[str, Any],
    *,
    actor: Actor,
    as_at: datetime,
) -> Draft:
    """Keep the record of a meeting as far as it is; whoever begins has it in hand.

    ``ConflictError`` where somebody else has it in hand, or it was recorded or put down meanwhile: nothing is changed.
    """
    draft = in_hand(session, ticket_of(meeting))
    if draft is None:
        draft = Draft(ticket=ticket_of(meeting), owner=owner, crn=entry.crn[:20], kind=FactKind.MEETING.value, data={},
                      reasons=[], kept_at=as_at, kept_by=actor.name)  # fmt: skip
        session.add(draft)
    if draft.owner != owner or draft.settled_at is not None:
        raise ConflictError("the record of this meeting is not in your hand any more", to_do="open its room anew")
    draft.data, draft.aside, draft.kept_at, draft.kept_by = kept(entry.data), kept(aside), as_at, actor.name
    session.flush()
    change = Change(f"draft/{draft.id}", "draft-kept", f"draft {draft.id}", None,
                    {"kind": draft.kind, "steps": len(aside.get("steps", ()))} | actor.in_the_trail())  # fmt: skip
    append(session, [change], actor=actor.name, at=as_at)
    return draft


def keep_reasons(session: Session, meeting: Meeting, reasons: Sequence[str]) -> None:
    """Keep why the record of a meeting would be refused as it stands: what is missing, for its pages."""
    draft = in_hand(session, ticket_of(meeting))
    if draft is not None and draft.settled_at is None:
        draft.reasons = kept(list(reasons))


def take_over(session: Session, meeting: Meeting, owner: str, because: str, *, actor: Actor, as_at: datetime) -> None:
    """Give the record of a meeting into the hand of somebody else; one that was put down is taken up again.

    ``because``: a word that the trail keeps. One that was recorded stays as it is.
    """
    draft = in_hand(session, ticket_of(meeting))
    if draft is None or draft.outcome is not None or (draft.owner == owner and draft.settled_at is None):
        return
    before = {"owner": draft.owner}
    draft.owner, draft.settled_at, draft.kept_by = owner, None, actor.name
    after = {"owner": owner, "because": kept(because)} | actor.in_the_trail()
    change = Change(f"draft/{draft.id}", "draft-taken-over", f"draft {draft.id}", before, after)
    append(session, [change], actor=actor.name, at=as_at)


def mark_of(parts: Any) -> str:
    """Return a short mark of what stands in some parts of a form: another mark, another text."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
