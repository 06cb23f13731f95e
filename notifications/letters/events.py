"""The letter about an event in custody or on licence: what happened, when, and what is asked of whom."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.cases import Case
from models.events import CustodyEvent
from notifications.letters.letter import Letter
from notifications.letters.source import Source, one_line
from policy.vocabulary import EventKind, Kind

HAPPENED: dict[str, str] = {
    EventKind.RELEASE_DATE_CHANGED: "A release date was changed.",
    EventKind.TRANSFER: "The person was moved to another prison.",
    EventKind.RECALL: "The person was recalled to custody.",
    EventKind.TEMPORARY_RELEASE: "The person is temporarily released.",
    EventKind.PAROLE_OUTCOME: "The Parole Board has decided.",
    EventKind.FURTHER_CHARGE: "The person was charged with a further offence.",
    EventKind.HOSPITAL_TRANSFER: "The person was moved from prison to hospital.",
    EventKind.RETURNED: "The person is back from leave.",
    EventKind.HOSPITAL_LEAVE: "The person is given leave from hospital.",
    EventKind.ABSCONDED: "The person has absconded, and is at large.",
    EventKind.RELEASE: "The person was released.",
    EventKind.CONDITIONS_CHANGED: "Conditions of the licence were changed.",
    EventKind.DEATH: "The person has died.",
}
CHARGED = "A serious further offence has been charged while the person was managed at level 2 or 3."
# What is asked, by kind of timescale, whatever the event.
ASKED: dict[str, str] = {
    Kind.EVENT_REVIEW: (
        "Look at what it changes: the risk, the plan, whether a meeting is needed, and record it. A meeting held "
        "meanwhile will do."
    ),
    Kind.CASE_REVIEW: (
        "Put the report before the SMB Chair. The SMB decides, with a lay adviser, whether the case is reviewed; have "
        "the decision recorded."
    ),
    Kind.VICTIM_UPDATE: (
        "There is victim contact. Tell the victim as far as the scheme allows, and record how. Nobody else writes to "
        "the victim, and nothing here does."
    ),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event. ``what`` None: what was written about it stands on the record alone. ``until``: a leave ends."""

    reference: str
    happened: str
    on: date
    until: date | None
    asked: str
    due_on: date
    what: str | None
    answer_to: str


def event(source: Source) -> Letter:
    """Return the letter about what the timescale is about: an event, or a serious further offence."""
    line = source.line
    if line.kind == Kind.CASE_REVIEW:
        on, happened, found = date.fromisoformat(line.subject.removeprefix("charge ")), CHARGED, None
    else:
        found = source.session.get_one(CustodyEvent, int(line.subject))
        on, happened = found.on_date, HAPPENED[found.kind]
    case = source.session.scalars(select(Case).where(Case.reference == line.reference)).one()
    told = source.details and found is not None and "what" in found.data
    return Letter(
        Happened(
            reference=line.reference,
            happened=happened,
            on=on,
            until=found.until_on if found is not None else None,
            asked=ASKED[line.kind],
            due_on=line.due_on,
            what=one_line(found.data["what"]) if told and found is not None else None,
            answer_to=source.answer_to(case),
        )
    )
