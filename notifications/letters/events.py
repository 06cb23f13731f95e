"""The letter about an event in custody or on licence: what happened, when, and what is asked of whom."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.cases import Case
from models.events import CustodyEvent
from notifications.letters.letter import Letter
from notifications.letters.source import Source, one_line
from policy.events import EventKind
from policy.kinds import Events
from policy.kinds.words import kind_words

CHARGED = "A serious further offence has been charged while the person was managed at level 2 or 3."


@dataclass(frozen=True, slots=True)
class Happened:
    """An event. ``what`` None: what was written about it is on the record alone. ``until``: a leave ends."""

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
    if line.kind == Events.CASE_REVIEW:
        assert line.subject.day is not None, "a case review is about the day of a charge"
        on, happened, found = line.subject.day, CHARGED, None
    else:
        found = source.session.get_one(CustodyEvent, line.subject.row_id)
        on, happened = found.on_date, EventKind(found.kind).spec.happened
    case = source.session.scalars(select(Case).where(Case.reference == line.reference)).one()
    told = source.details and found is not None and "what" in found.data
    return Letter(
        Happened(
            reference=line.reference,
            happened=happened,
            on=on,
            until=found.until_on if found is not None else None,
            asked=kind_words(line.kind).to_do,
            due_on=line.due_on,
            what=one_line(found.data["what"]) if told and found is not None else None,
            answer_to=source.answer_to(case),
        )
    )
