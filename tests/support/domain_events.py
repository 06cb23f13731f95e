"""Domain events as the prison and probation services publish them, of invented people."""

import json
from typing import Any

RELEASED = "prison-offender-events.prisoner.released"
RECEIVED = "prison-offender-events.prisoner.received"
REGISTRATION = "probation-case.registration"
NOMS = "A1234BC"


def event(kind: str, at: str, noms: str = NOMS, crn: str = "", **told: str) -> dict[str, Any]:
    """Return an event, bare."""
    identifiers = [{"type": "CRN", "value": crn}] if crn else [{"type": "NOMS", "value": noms}]
    return {
        "eventType": kind,
        "version": 1,
        "description": "Something happened",
        "occurredAt": at,
        "publishedAt": at,
        "additionalInformation": told,
        "personReference": {"identifiers": identifiers},
    }


def in_envelope(number: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return an event in the envelope of its topic."""
    return {"Type": "Notification", "MessageId": number, "Message": json.dumps(body)}
