"""The one way to record a fact: it is recorded, or refused and kept as a draft.

``submit`` is for one fact that somebody records: the command line, the desk and the API call it. ``record_many``
(``recorder``) is for a batch in a transaction of the caller, who answers for what is refused: invented people, the
making of a sample area, tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.errors import RefusedError
from casework.facts.querying import find_person
from casework.recording.drafts import keep_draft
from casework.recording.entry import Actor, Entry
from casework.recording.recorder import Recorded, record_many
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


def submit(record: Record, entry: Entry, *, actor: Actor, as_at: datetime) -> Recorded | Refused:
    """Record a fact in one transaction; what is refused is kept as a draft in a transaction of its own.

    Any other error leaves the record as it was, without a draft.
    """
    try:
        with record.writing() as session:
            [recorded] = record_many(session, [entry], actor=actor, as_at=as_at)
            return recorded
    except RefusedError as refusal:
        with record.writing() as session:
            person = find_person(session, entry.crn)
            # By CRN where it is known: the next form of this kind for this person settles the draft.
            about = entry.crn if person is None else person.crn
            kept = Entry(entry.kind, about, entry.data)
            return Refused(refusal.reasons, keep_draft(session, kept, refusal.reasons, actor=actor, as_at=as_at))
