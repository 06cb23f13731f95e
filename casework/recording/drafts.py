"""What was refused is kept: nothing that somebody typed is lost.

What a database cannot keep of a form is kept beside it as it came, byte for byte: half a character, lists in lists
without end, and what is no form at all.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.recording.entry import Actor, Entry
from casework.recording.keepable import kept
from models.audit import Change, append
from models.cases import Draft
from policy.errors import ConflictError, NotFoundError


def keep_draft(session: Session, entry: Entry, reasons: Sequence[str], *, actor: Actor, as_at: datetime) -> int:
    """Keep a refused form with the reasons; return the number of the draft."""
    settle_drafts(session, entry.kind, entry.crn, as_at)
    draft = Draft(
        crn=entry.crn[:20],
        kind=entry.kind[:30],
        data=kept(entry.data),
        as_typed=what_else(entry),
        reasons=kept(list(reasons)),
        kept_at=as_at,
        kept_by=actor.name,
    )
    session.add(draft)
    session.flush()
    after = {"kind": entry.kind, "reasons": len(draft.reasons)} | actor.in_the_trail()
    append(session, [Change("drafts", "draft-kept", f"draft {draft.id}", None, after)], actor=actor.name, at=as_at)
    return draft.id


def what_else(entry: Entry) -> bytes | None:
    """Return what was typed, byte for byte, where the data of a draft cannot hold all of it; None where they do."""
    if entry.data and kept(entry.data) == entry.data:
        return None
    if entry.typed is None and entry.data:
        # A page sent texts in fields: JSON writes what is no whole character by its number.
        with suppress(RecursionError, ValueError):
            return json.dumps(entry.data).encode()
    return entry.typed


def settle_drafts(session: Session, kind: str, crn: str, as_at: datetime) -> None:
    """Settle the drafts of a kind for a person: it has been recorded now, or typed anew.

    What somebody still has in hand at the desk stays with them.
    """
    session.execute(
        update(Draft).where(Draft.crn == crn, Draft.kind == kind, *left_lying()).values(settled_at=as_at),
        execution_options={"synchronize_session": False},
    )


def left_lying() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a draft that was refused and is in nobody's hand."""
    return Draft.settled_at.is_(None), Draft.owner.is_(None)


def hold(session: Session, ticket: str, owner: str, entry: Entry, *, actor: Actor, as_at: datetime) -> Draft:
    """Keep a form that somebody has in hand, under its ticket, as it is typed so far; it may be kept many times.

    One that was recorded or put down meanwhile stays as it is. ``ConflictError`` for a ticket that somebody else has.
    """
    draft = in_hand(session, ticket)
    if draft is None:
        draft = Draft(ticket=ticket, owner=owner, crn=entry.crn[:20], kind=entry.kind[:30], data={}, reasons=[],
                      kept_at=as_at, kept_by=actor.name)  # fmt: skip
        try:
            with session.begin_nested():
                session.add(draft)
        except IntegrityError:
            # Sent twice in the same moment: the other has just made it.
            draft = session.scalars(select(Draft).where(Draft.ticket == ticket).with_for_update()).one()
    if draft.owner != owner:
        raise ConflictError("this form belongs to somebody else", to_do="open the form anew from the case")
    if draft.settled_at is None:
        draft.data, draft.as_typed, draft.kept_at, draft.reasons = kept(entry.data), what_else(entry), as_at, []
        session.flush()
        what = {"kind": entry.kind} | actor.in_the_trail()
        change = Change(f"draft/{draft.id}", "draft-kept", f"draft {draft.id}", None, what)
        append(session, [change], actor=actor.name, at=as_at)
    return draft


def in_hand(session: Session, ticket: str) -> Draft | None:
    """Return the form of a ticket, locked until the transaction ends: one that is submitted twice waits here."""
    return session.scalar(select(Draft).where(Draft.ticket == ticket).with_for_update())


def put_down(session: Session, ticket: str, owner: str, *, actor: Actor, as_at: datetime) -> None:
    """Drop a form that its owner no longer wants; ``NotFoundError`` where they have none with that ticket."""
    draft = in_hand(session, ticket)
    if draft is None or draft.owner != owner:
        raise NotFoundError("there is no such draft of yours")
    if draft.settled_at is None:
        draft.settled_at = as_at
        change = Change(f"draft/{draft.id}", "draft-dropped", f"draft {draft.id}", None, actor.in_the_trail() or None)
        append(session, [change], actor=actor.name, at=as_at)
