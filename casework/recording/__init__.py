"""What a person records on a case: checked, written, the timescales refreshed, the audit entry appended.

A file a group of kinds; ``registry`` finds them all. A wrong form is refused whole, with every reason, and changes
nothing. ``submit`` records one fact or keeps its draft; ``record_many`` records a batch in the caller's transaction.
"""

from typing import Any

from casework.recording.entry import Actor, Entry, Through
from casework.recording.recorder import Recorded, record_many
from casework.recording.registry import KINDS
from casework.recording.submit import Refused, keep_unread, submit
from policy.vocabulary import FactKind

__all__ = [
    "KINDS",
    "Actor",
    "Entry",
    "Recorded",
    "Refused",
    "Through",
    "example",
    "keep_unread",
    "record_many",
    "submit",
]


def example(kind: str) -> dict[str, Any]:
    """Return a filled-in form of a kind, as a file would hold it."""
    return KINDS[FactKind(kind)].example
