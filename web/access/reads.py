"""Every reading of a case stands in the trail: who, what, and why they may.

Readings have chains of their own, beside those of the changes: a case that is much read is no slower to change.
"""

from datetime import datetime

from models.audit import Change, append
from models.record import Record
from web.access.hats import Reader


def note(record: Record, reader: Reader, case_id: int, reference: str, what: str, why: str, as_at: datetime) -> None:
    """Write down that somebody reads a page of a case; if that cannot be written, the page is not shown."""
    told = {"page": what, "why": why, "email": reader.email}
    with record.writing() as session:
        change = Change(f"reads/{case_id}", "case-read", reference, None, told)
        append(session, [change], actor=reader.name, at=as_at)
