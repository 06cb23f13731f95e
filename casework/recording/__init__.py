"""What a person records on a case: checked, written, the timescales refreshed, the audit entry appended.

A file a group of kinds; ``registry`` has them all. A wrong form is refused whole, with every reason, and changes
nothing.
"""

from casework.recording.drafts import keep_draft
from casework.recording.recorder import Entry, Recorded, example, record_fact, record_many
from casework.recording.registry import KINDS

__all__ = ["KINDS", "Entry", "Recorded", "example", "keep_draft", "record_fact", "record_many"]
