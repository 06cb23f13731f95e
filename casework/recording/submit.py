"""The one way to record a fact: it is recorded, or refused and kept as a draft.

``submit`` is for one fact that somebody records: the command line, the desk and the API call it. ``record_many``
(``recorder``) is for a batch in a transaction of the caller, who answers for what is refused: invented people, the
making of a sample area, tests.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.errors import RefusedError
from casework.facts.querying import find_person
from casework.recording.drafts import in_hand, keep_draft
from casework.recording.entry import Actor, Entry
from casework.recording.keepable import kept
from casework.recording.recorder import Recorded, record_many, try_out
from casework.recording.version import refuse_changed
from models.cases import Draft
from models.record import Record


@dataclass(frozen=True, slots=True)
class Refused:
    """What was refused: every reason, and the number of the draft in which it is kept."""

    reasons: Sequence[str]
    draft: int

    @property
    def kept(self) -> str:
        """Return where the draft is, with the command that shows it."""
        return f"what was typed is kept as draft {self.draft}: mappa drafts show {self.draft}"


def submit(
    record: Record,
    entry: Entry,
    *,
    actor: Actor,
    as_at: datetime,
    ticket: str | None = None,
    seen: Collection[int] | None = None,
) -> Recorded | Refused:
    """Record a fact in one transaction; what is refused is kept as a draft in a transaction of its own.

    ``ticket``: of the form in hand that the fact comes from. However often it is submitted, and from however many
    places at once, it is recorded once; each time returns what came of it. ``seen``: the versions of the case that the
    fact was written for; another is a ``CaseChangedError``. Any other error leaves the record as it was, without a
    draft.
    """
    try:
        with record.writing() as session:
            held = None if ticket is None else in_hand(session, ticket)
            if held is not None and held.outcome is not None:
                return recorded_before(held)
            if seen is not None:
                refuse_changed(session, entry.crn, seen)
            [recorded] = record_many(session, [entry], actor=actor, as_at=as_at)
            if held is not None:
                held.settled_at, held.reasons = as_at, []
                held.outcome = {"case": recorded.case, "summary": recorded.summary, "changes": recorded.changes}
            return recorded
    except RefusedError as refusal:
        with record.writing() as session:
            held = None if ticket is None else in_hand(session, ticket)
            if held is not None:
                held.reasons = kept(list(refusal.reasons))
                return Refused(refusal.reasons, held.id)
            person = find_person(session, entry.crn)
            # By CRN where it is known: the next form of this kind for this person settles the draft.
            about = entry.crn if person is None else person.crn
            refused = Entry(entry.kind, about, entry.data, entry.typed)
            return Refused(refusal.reasons, keep_draft(session, refused, refusal.reasons, actor=actor, as_at=as_at))


def keep_unread(record: Record, entry: Entry, reasons: Sequence[str], *, actor: Actor, as_at: datetime) -> Refused:
    """Keep what is no form at all, as it came, with the reasons; nothing of it is recorded."""
    with record.writing() as session:
        person = find_person(session, entry.crn)
        about = entry.crn if person is None else person.crn
        unread = Entry(entry.kind, about, {}, entry.typed)
        return Refused(reasons, keep_draft(session, unread, reasons, actor=actor, as_at=as_at))


def refusals(record: Record, entry: Entry, *, actor: Actor, as_at: datetime) -> Sequence[str]:
    """Return why a fact would be refused if it were recorded now; nothing is recorded and nothing kept."""
    try:
        with record.writing() as session:
            try_out(session, entry, actor=actor, as_at=as_at)
            session.rollback()
    except RefusedError as refusal:
        return refusal.reasons
    return []


def why_not(record: Record, entry: Entry, *, actor: Actor, as_at: datetime) -> Sequence[str]:
    """Return every reason for which a fact would be refused now; it is tried, and nothing of it is kept."""
    try:
        with record.writing() as session:
            record_many(session, [entry], actor=actor, as_at=as_at)
            session.rollback()
    except RefusedError as refusal:
        return refusal.reasons
    return ()


def recorded_before(held: Draft) -> Recorded:
    """Return what came of a form the first time that it was submitted."""
    outcome: dict[str, Any] = held.outcome or {}
    return Recorded(outcome["case"], held.crn, outcome["summary"], outcome["changes"])
