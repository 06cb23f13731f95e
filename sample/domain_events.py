"""What the prison and probation services publish of the invented area on one morning: JSON lines, as their topics have.

Somebody is moved to a prison whose code the directory does not know, a MAPPA registration was changed, and somebody is
released who is not on record here.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from models.cases import Case
from models.people import Person
from models.record import Record
from policy.vocabulary import Location

TRANSFERRED = {"reason": "TRANSFERRED", "prisonId": "FWI"}
REGISTERED = {"registerTypeCode": "MAPP", "registerTypeDescription": "MAPPA"}
NOT_ON_RECORD = "A9999ZZ"


def write_events(record: Record, path: Path, today: date) -> None:
    """Write the events of a morning about people on record; where nobody fits there is one less."""
    open_cases = select(Person.noms_number, Person.crn).join(Case).where(Case.closed_on.is_(None)).order_by(Case.id)
    inside = open_cases.where(Case.location == Location.CUSTODY, Person.noms_number.is_not(None))
    outside = open_cases.where(Case.location == Location.COMMUNITY, Case.category.is_not(None))
    with record.reading() as session:
        moved, registered = session.execute(inside.limit(1)).first(), session.execute(outside.limit(1)).first()
    lines = [event("prison-offender-events.prisoner.released", today, "NOMS", NOT_ON_RECORD, reason="RELEASED")]
    if moved is not None:
        lines.append(event("prison-offender-events.prisoner.received", today, "NOMS", moved[0] or "", **TRANSFERRED))
    if registered is not None:
        lines.append(event("probation-case.registration.updated", today, "CRN", registered[1], **REGISTERED))
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def event(kind: str, today: date, identifier: str, value: str, **told: str) -> dict[str, Any]:
    """Return an event in the envelope of its topic, published in the early morning."""
    at = f"{today.isoformat()}T04:30:00Z"
    body = {
        "eventType": kind,
        "version": 1,
        "description": "An invented event",
        "occurredAt": at,
        "publishedAt": at,
        "additionalInformation": told,
        "personReference": {"identifiers": [{"type": identifier, "value": value}]},
    }
    return {"Type": "Notification", "MessageId": f"{kind} {value} {today}", "Message": json.dumps(body)}
