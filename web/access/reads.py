"""Every reading of a case stands in the trail: who, what, and why they may.

Readings have chains of their own, beside those of the changes: a case that is much read is no slower to change.
"""

from collections.abc import Sequence
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


def note_list(record: Record, reader: Reader, references: Sequence[str], as_at: datetime) -> None:
    """Write down which cases another system had listed: it can take away thousands, where a person reads a page."""
    if not references:
        return
    told = {"cases": len(references), "first": references[0], "last": references[-1], "email": reader.email}
    with record.writing() as session:
        append(
            session, [Change("reads/lists", "cases-listed", reader.email[:80], None, told)], actor=reader.name,
            at=as_at,
        )  # fmt: skip
