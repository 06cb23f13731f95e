"""The offences table: seeded with the common offences, completed by ``mappa load offences``."""

from datetime import datetime

from sqlalchemy import insert, select

from models.audit import Change, append
from models.offences import Offence
from models.preparing import prepare_alone
from models.record import Record
from policy.offences import shipped


def ensure_offences(record: Record, as_at: datetime) -> None:
    """Store the project's own table of common offences where the record has none at all."""
    with record.reading() as session:
        if session.scalar(select(select(Offence.id).exists())):
            return
    with record.writing() as session:
        prepare_alone(session)
        if session.scalar(select(select(Offence.id).exists())):
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
