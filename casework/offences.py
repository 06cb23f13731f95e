"""The offences table: seeded with the common offences, completed by ``mappa load offences``."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.people import Offence
from models.record import Record
from policy.offences import Listing, shipped

BATCH = 500


def ensure_offences(record: Record, as_at: datetime) -> None:
    """Store the project's own table of common offences where the record has none at all."""
    with record.reading() as session:
        if session.scalar(select(Offence.id).limit(1)) is not None:
            return
    with record.writing() as session:
        if session.scalar(select(Offence.id).limit(1)) is not None:
            return
        rows = [
            {key: row[key] for key in ("offence_code", "schedule", "part", "paragraph", "description")}
            for row in shipped()
        ]
        session.execute(insert(Offence), rows)
        append(
            session,
            [Change("offences", "offences-stored", "shipped", after={"rows": len(rows)})],
            actor="mappa",
            at=as_at,
        )


def listings(session: Session, codes: Collection[str]) -> dict[str, tuple[Listing, ...]]:
    """Return the schedule entries of each code the table knows; a code that is in it nowhere is left out."""
    found: dict[str, list[Listing]] = defaultdict(list)
    wanted = sorted(set(codes))
    for start in range(0, len(wanted), BATCH):
        query = select(Offence).where(Offence.offence_code.in_(wanted[start : start + BATCH])).order_by(Offence.id)
        for offence in session.scalars(query):
            found[offence.offence_code].append(Listing(offence.schedule, offence.part, offence.paragraph))
    return {code: tuple(entries) for code, entries in found.items()}
