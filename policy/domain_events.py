"""Domain events, as the prison and probation services publish them: what each says, and what is done about it.

Their shape: ``eventType``, ``version``, ``occurredAt``, ``publishedAt``, ``additionalInformation`` and
``personReference.identifiers``, each in the envelope of the topic it came by, which numbers it, or bare (public source
of hmpps-integration-api, prison-custody-status-to-delius and the offender management allocation service).

An event of the prison says that somebody was moved, in a word; what the word leaves open is put to a person. One of
probation says that a registration changed, and neither category nor level: those come with a file of registrations.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from policy import identifiers
from policy.calendar import london_date
from policy.characters import unwritten
from policy.dates import iso_moment
from policy.events import EventKind
from policy.vocabulary import FactKind

LONGEST_ID, LONGEST_TYPE = 100, 100
MAPPA_REGISTER = "MAPP"
"""The register type of MAPPA in Delius."""
RELEASED = ("prison-offender-events.prisoner.released", "prisoner-offender-search.prisoner.released")
RECEIVED = ("prison-offender-events.prisoner.received", "prisoner-offender-search.prisoner.received")
RECALL_RAISED = "enforcement.recall.raised"
REGISTRATION = "probation-case.registration."
REGISTRATIONS = {
    "added": "a MAPPA registration was added",
    "updated": "the MAPPA registration was changed",
    "deregistered": "the MAPPA registration was ended",
    "deleted": "the MAPPA registration was deleted, as one made in error",
}
BY_A_MOVE, BY_A_LEVEL = (FactKind.CUSTODY_EVENT,), (FactKind.LEVEL, FactKind.CLOSURE)
"""The facts by which a person answers what an event leaves open."""


class Use(StrEnum):
    """What is done about an event."""

    RECORD = "record"
    ASK = "ask"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """An event: its number on the topic, what and when, whom it is about, and what else it tells."""

    id: str
    kind: str
    occurred_at: datetime
    noms_number: str | None
    crn: str | None
    told: Mapping[str, str]

    @property
    def on(self) -> date:
        """The day on which it happened, in Europe/London."""
        return london_date(self.occurred_at)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an event means here.

    ``event``: the move to record; ``prison``: the code of the prison that received. ``words``: what to ask, or why
    nothing is done; ``answers``: the facts that answer a question.
    """

    use: Use
    words: str = ""
    event: EventKind | None = None
    prison: str | None = None
    answers: tuple[FactKind, ...] = ()


def read_event(given: Any) -> DomainEvent:
    """Return an event from its JSON, bare or in its envelope; ``ValueError`` with everything that is missing or wrong.

    A bare one has no number: the same content is then the same event.
    """
    if not isinstance(given, dict):
        raise ValueError("this is not a JSON object")
    number = next((given[key] for key in ("MessageId", "messageId", "eventId", "id") if key in given), None)
    body = given
    if isinstance(given.get("Message"), str):
        try:
            body = json.loads(given["Message"])
        except (ValueError, RecursionError):
            raise ValueError("Message: the event in the envelope is not JSON") from None
        if not isinstance(body, dict):
            raise ValueError("Message: the event in the envelope is not a JSON object")
    wrong = []
    kind, number = body.get("eventType"), digest(body) if number is None else number
    if not is_word(kind, LONGEST_TYPE):
        wrong.append("eventType: a text is wanted, such as prison-offender-events.prisoner.released")
    if not is_word(number, LONGEST_ID):
        wrong.append(f"MessageId: a text of at most {LONGEST_ID} characters is wanted")
    try:
        occurred_at = iso_moment(body.get("occurredAt"))
    except ValueError as error:
        wrong.append(f"occurredAt: {error}")
    told = body.get("additionalInformation") or {}
    if not isinstance(told, dict):
        wrong.append("additionalInformation: an object is wanted")
        told = {}
    texts = {name: value for name, value in told.items() if is_word(value, 200)}
    noms, crn = people_in(body, texts, wrong)
    if wrong:
        raise ValueError("; ".join(wrong))
    return DomainEvent(str(number), str(kind), occurred_at, noms, crn, texts)


def is_word(value: Any, longest: int) -> bool:
    """Tell whether a value is a text of one line that is not empty."""
    return isinstance(value, str) and 0 < len(value.strip()) <= longest and not unwritten(value, lines=False)


def digest(body: Mapping[str, Any]) -> str:
    """Return the number of an event that has none: by what it says."""
    try:
        return "sha256:" + sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    except (ValueError, RecursionError):
        return ""


def people_in(body: Mapping[str, Any], told: Mapping[str, str], wrong: list[str]) -> tuple[str | None, str | None]:
    """Return the prison number and the CRN of whom an event is about; what is wrong with them goes to ``wrong``."""
    reference = body.get("personReference")
    listed = reference.get("identifiers") if isinstance(reference, dict) else None
    found: dict[str, str] = {}
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and is_word(one.get("type"), 20) and is_word(one.get("value"), 20):
            found.setdefault(one["type"].upper(), one["value"])
    noms = found.get("NOMS") or told.get("nomsNumber")
    crn = found.get("CRN") or told.get("crn")
    try:
        noms = None if noms is None else identifiers.noms_number(noms)
        crn = None if crn is None else identifiers.crn(crn)
    except ValueError as error:
        wrong.append(f"personReference.identifiers: {error}")
        return None, None
    if noms is None and crn is None:
        wrong.append("personReference.identifiers: a NOMS number or a CRN is wanted")
    return noms, crn


def reading_of(event: DomainEvent) -> Reading:
    """Return what an event means here."""
    if event.kind in RELEASED:
        return released(event)
    if event.kind in RECEIVED:
        return received(event)
    if event.kind == RECALL_RAISED:
        words = f"probation raised a recall on {event.on}: record the recall once the person is back in custody"
        return Reading(Use.ASK, words, answers=BY_A_MOVE)
    change = event.kind.removeprefix(REGISTRATION)
    if event.kind.startswith(REGISTRATION) and change in REGISTRATIONS:
        return registered(event, REGISTRATIONS[change])
    return Reading(Use.NOTHING, f"events of the kind {event.kind} change nothing here")


def released(event: DomainEvent) -> Reading:
    """Return what it means that somebody left a prison, by its reason."""
    reason = event.told.get("reason", "UNKNOWN").upper()
    if reason == "RELEASED":
        return Reading(Use.RECORD, event=EventKind.RELEASE)
    if reason == "RELEASED_TO_HOSPITAL":
        return Reading(Use.RECORD, event=EventKind.HOSPITAL_TRANSFER)
    if reason == "TRANSFERRED":
        return Reading(Use.NOTHING, "a transfer is recorded when the next prison has received the person")
    if reason == "SENT_TO_COURT":
        return Reading(Use.NOTHING, "somebody who is taken to court stays in custody")
    if reason == "TEMPORARY_ABSENCE_RELEASE":
        words = (
            f"the prison let the person out for a time on {event.on}: record the temporary release, with its last day"
        )
        return Reading(Use.ASK, words, answers=BY_A_MOVE)
    words = f"the person left the prison on {event.on}, for the reason {reason}: find out why, and record it"
    return Reading(Use.ASK, words, answers=BY_A_MOVE)


def received(event: DomainEvent) -> Reading:
    """Return what it means that somebody came to a prison, by its reason."""
    reason, prison = event.told.get("reason", "UNKNOWN").upper(), event.told.get("prisonId")
    if "RECALL" in (reason, event.told.get("probableCause", "").upper()):
        return Reading(Use.RECORD, event=EventKind.RECALL, prison=prison, answers=BY_A_MOVE)
    if reason == "TRANSFERRED":
        return Reading(Use.RECORD, event=EventKind.TRANSFER, prison=prison, answers=BY_A_MOVE)
    if reason == "TEMPORARY_ABSENCE_RETURN":
        return Reading(Use.RECORD, event=EventKind.RETURNED)
    if reason == "RETURN_FROM_COURT":
        return Reading(Use.NOTHING, "somebody who comes back from court stays in custody")
    words = (
        f"a prison ({prison or 'which is not told'}) received the person on {event.on}, for the reason {reason}: find "
        "out whether it is a recall, remand or a new sentence, and record it"
    )
    return Reading(Use.ASK, words, answers=BY_A_MOVE)


def registered(event: DomainEvent, what: str) -> Reading:
    """Return what it means that a registration changed: of other registers nothing, of MAPPA a look at the level."""
    register = event.told.get("registerTypeCode")
    if register != MAPPA_REGISTER:
        return Reading(Use.NOTHING, f"the register {register or '(not told)'} is not that of MAPPA")
    words = (
        f"in Delius {what} on {event.on}: check category and level here; load the registrations, record the level, or "
        "close the case"
    )
    return Reading(Use.ASK, words, answers=BY_A_LEVEL)
