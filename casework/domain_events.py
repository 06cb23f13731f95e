"""Domain events into the record: each is handled once, by its number, in whatever order and however often it comes.

An event that says what happened is recorded as a person would record it. One that leaves something open, or that the
record refuses, is a question on the case. One of somebody who is not on record is left alone and not kept: the topic
tells of everybody, and it is handled if it comes again once the person is there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework import event_questions
from casework.errors import RefusedError
from casework.facts.querying import now_known_as
from casework.recording import Actor, Entry
from casework.recording.recorder import record_many
from models.audit import Change, append
from models.cases import Case
from models.directory import DirectoryEntry
from models.domain_events import HandledEvent
from models.events import CustodyEvent
from models.people import Person
from models.record import Record
from policy.agencies import Agency
from policy.calendar import london_date
from policy.domain_events import DomainEvent, Reading, Use, reading_of
from policy.events import EventKind
from policy.texts import plain
from policy.vocabulary import FactKind

CHAIN = "domain-events"
LONGEST_NOTE = 500
SAID = {
    EventKind.RELEASE: "The prison released the person",
    EventKind.HOSPITAL_TRANSFER: "The prison released the person to hospital",
    EventKind.RECALL: "A prison received the person on recall",
    EventKind.TRANSFER: "Another prison received the person",
    EventKind.RETURNED: "The person is back from a temporary release",
}


class Outcome(StrEnum):
    """What came of an event. ``KNOWN``: it was handled before; ``NOBODY``: it is of nobody on record."""

    RECORDED = "recorded"
    ASKED = "asked"
    PASSED_OVER = "passed_over"
    KNOWN = "known"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Handled:
    """What came of an event: in words, and on which case."""

    outcome: Outcome
    words: str
    case: str | None = None


def handle(
    record: Record,
    event: DomainEvent,
    *,
    actor: Actor,
    as_at: datetime,
    areas: Collection[str] | None = None,
    dry_run: bool = False,
) -> Handled:
    """Handle an event in one transaction. ``areas``: those of whose people it may tell; None: every area.

    ``dry_run``: say what would come of it, and take it back.

    Two that handle one event at once: one of them finds that the other has done it.
    """
    try:
        with record.writing() as session:
            handled = handle_once(session, event, actor, as_at, areas)
            if dry_run:
                session.rollback()
            return handled
    except IntegrityError:
        with record.reading() as session:
            if (before := handled_before(session, event)) is None:
                raise
            return before


def handle_once(
    session: Session, event: DomainEvent, actor: Actor, as_at: datetime, areas: Collection[str] | None
) -> Handled:
    """Handle an event, unless it was handled before."""
    if (before := handled_before(session, event)) is not None:
        return before
    person = person_of(session, event)
    if person is None or not (areas is None or areas_of(person) & set(areas)):
        return Handled(Outcome.NOBODY, "nobody on record has this number")
    case = session.scalars(
        select(Case).where(Case.person_id == person.id, Case.closed_on.is_(None)).order_by(Case.id).limit(1)
    ).first()
    handled = by_reading(session, event, case, actor, as_at)
    row = HandledEvent(
        event_id=event.id, kind=event.kind, occurred_at=event.occurred_at, handled_at=as_at,
        outcome=handled.outcome.value, note=handled.words[:LONGEST_NOTE], case_id=case.id if case else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    told = {"event": row.id, "kind": event.kind, "on": event.on, "outcome": handled.outcome}
    chain, about = (f"case/{case.id}", case.reference) if case is not None else (CHAIN, f"event {row.id}")
    append(session, [Change(chain, "domain-event-handled", about, None, told)], actor=actor.name, at=as_at)
    return handled


def handled_before(session: Session, event: DomainEvent) -> Handled | None:
    """Return what came of an event when it was handled; None where it was not."""
    row = session.scalar(select(HandledEvent).where(HandledEvent.event_id == event.id))
    if row is None:
        return None
    case = session.get(Case, row.case_id) if row.case_id is not None else None
    return Handled(Outcome.KNOWN, f"it was handled before: {row.note}", case.reference if case else None)


def person_of(session: Session, event: DomainEvent) -> Person | None:
    """Return whom an event is about, as they are known now; the CRN counts before the prison number."""
    query = select(Person).where(
        or_(Person.crn == (event.crn or ""), Person.noms_number == (event.noms_number or "")), ~Person.erased
    )
    found = session.scalars(query.order_by(Person.id)).all()
    known = sorted(found, key=lambda one: one.crn != event.crn)
    return now_known_as(session, known[0]) if known else None


def areas_of(person: Person) -> set[str]:
    """Return the areas in which a person has a case or a sentence."""
    return {one.area for one in (*person.cases, *person.sentences)}


def by_reading(session: Session, event: DomainEvent, case: Case | None, actor: Actor, as_at: datetime) -> Handled:
    """Do what an event means on a case: record it, ask about it, or pass it over."""
    reading = reading_of(event)
    if reading.use is Use.NOTHING:
        return Handled(Outcome.PASSED_OVER, reading.words, case.reference if case else None)
    if case is None:
        return Handled(Outcome.PASSED_OVER, "the person has no open case")
    if reading.use is Use.RECORD:
        return recorded(session, event, case, reading, actor, as_at)
    return asked(session, event, case, reading, reading.words, as_at)


def asked(session: Session, event: DomainEvent, case: Case, reading: Reading, words: str, as_at: datetime) -> Handled:
    """Put on a case what an event leaves open."""
    answers = reading.answers or (FactKind.CUSTODY_EVENT,)
    event_questions.ask(session, case.id, event.id, words, answers, as_at)
    return Handled(Outcome.ASKED, words, case.reference)


def recorded(
    session: Session, event: DomainEvent, case: Case, reading: Reading, actor: Actor, as_at: datetime
) -> Handled:
    """Record the move that an event tells of; what the record refuses is a question that says why."""
    move = reading.event
    assert move is not None  # a reading that is recorded names its event
    if told_already(session, case, event, move):
        words = f"{move.replace('_', ' ')} on {event.on} is on record already"
        return Handled(Outcome.PASSED_OVER, words, case.reference)
    form = {"date": event.on.isoformat(), "event": move.value, "by": "The prison service, by a domain event",
            "what": f"{SAID[move]}, as the prison service told the record on {london_date(as_at)}."}  # fmt: skip
    if move in (EventKind.RECALL, EventKind.TRANSFER):
        prison = prison_called(session, reading.prison or "", case.area)
        if prison is None:
            words = (
                f"{SAID[move]} on {event.on}, and the directory has no prison with the code "
                f"{reading.prison or '(none was told)'}: record the {move.value}, and write the code behind the name "
                "of the prison in the directory, as in 'HMP Example (EXI)'"
            )
            return asked(session, event, case, reading, words, as_at)
        form["prison"] = prison
    entry = Entry(FactKind.CUSTODY_EVENT.value, case.reference, form)
    try:
        with session.begin_nested():
            [done] = record_many(session, [entry], actor=actor, as_at=as_at)
    except RefusedError as refusal:
        words = f"{SAID[move]} on {event.on}, and the record does not take it: {'; '.join(refusal.reasons)}"
        return asked(session, event, case, reading, words, as_at)
    return Handled(Outcome.RECORDED, done.summary, case.reference)


def told_already(session: Session, case: Case, event: DomainEvent, move: EventKind) -> bool:
    """Tell whether a move of that day is on record: two services tell of each, and people record it too."""
    there = select(CustodyEvent.id).where(
        CustodyEvent.case_id == case.id, CustodyEvent.kind == move.value, CustodyEvent.on_date == event.on
    )
    return bool(session.scalar(select(there.exists())))


def prison_called(session: Session, code: str, area: str) -> str | None:
    """Return the name of a prison that the directory knows by its code, which stands in brackets behind the name."""
    query = select(DirectoryEntry.unit).where(DirectoryEntry.agency == Agency.PRISON, DirectoryEntry.unit != "")
    in_area_first = query.order_by(DirectoryEntry.area != area, DirectoryEntry.id)
    wanted = plain(code)
    for unit in session.scalars(in_area_first):
        name, bracket, rest = str(unit).rpartition("(")
        if wanted and (plain(str(unit)) == wanted or (bracket and plain(rest) == wanted and name.strip())):
            return str(unit)
    return None
