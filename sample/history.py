"""The demo's past: half a year in which invented people referred, met, minuted, acted, stayed away and reported late.

Between the meetings plans were written, disclosures made, people moved, recalled and released. It ends the day
before the moment of the demo, so that what is due today is still to be done.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.recording import Actor, Entry, Through, example, record_many
from models.cases import Case
from models.disclosures import Disclosure
from models.events import CustodyEvent
from models.meetings import Meeting, MinutesVersion
from models.obligations import Message
from models.orders import CourtOrder
from models.people import Person, Sentence
from models.plans import PlanVersion
from models.record import Record
from models.referrals import Referral
from policy.calendar import london_date, london_time
from policy.events import EventKind
from policy.letters import MessageKind
from policy.vocabulary import DisclosureState, Location, MeetingState, MessageState, MinutesState, Standing
from sample.answers import Answering
from sample.names import ADULT_PRISONS
from sample.simulate import Simulated, Span, simulate
from service.output import progress
from service.stopping import say

WEEKS = 26
SEED = 2026
ACTOR = Actor(id="demo", name="demo", through=Through.SAMPLE)
# Somebody is recalled this morning, for so many days; the licence runs longer.
RECALLED_DAYS, LICENCE_DAYS = 60, 90
DISCLOSED_IN_DAYS = 14


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo points at: the last letter to an SMB Chair, a case with minutes, a case before release."""

    letter: str | None
    minuted: tuple[str, int] | None
    before_release: str | None


def first_day(today: date) -> date:
    """Return the Monday on which the history begins."""
    begun = today - timedelta(weeks=WEEKS)
    return begun - timedelta(days=begun.weekday())


def live(record: Record, today: date) -> Simulated:
    """Let the half year before a day pass."""
    span = Span(first_day(today), today - timedelta(days=1))
    days = (span.last - span.first).days + 1
    with progress("half a year passes", days) as bar:

        def show(done: int, when: datetime) -> None:
            if not sys.stderr.isatty() and when.day == 1:
                say(f"  {when:%Y-%m}")
            bar.note(f"{when:%Y-%m-%d}")
            bar.to(done)

        lived = simulate(record, span, progress=show, answering=Answering(record, SEED))
    with record.reading() as session:
        for line in left_over(session):
            say(f"  {line}")
    return lived


def left_over(session: Session) -> Iterator[str]:
    """Yield what stands on record between meetings when the half year is over, each with its case."""
    sights: Sequence[tuple[str, Any]] = (
        (
            "a disclosure to be made by {0.due_on:%d.%m.%Y}",
            newest(Disclosure, Disclosure.state == DisclosureState.APPROVED),
        ),
        ("version {0.version} of a plan, of {0.written_on:%d.%m.%Y}", newest(PlanVersion, PlanVersion.version > 1)),
        ("a recall of {0.on_date:%d.%m.%Y}", newest(CustodyEvent, CustodyEvent.kind == EventKind.RECALL)),
        ("moved to {0.data[prison]}", newest(CustodyEvent, CustodyEvent.kind == EventKind.TRANSFER)),
        ("an order until {0.ends_on:%d.%m.%Y}", newest(CourtOrder, CourtOrder.ends_on.is_not(None))),
    )
    for words, query in sights:
        if (found := session.execute(query).first()) is not None:
            yield f"{found[1]}: {words.format(found[0])}"


def newest(model: Any, wanted: Any) -> Any:
    """Return the query for the newest row of open cases of which something holds, with the case reference."""
    query = select(model, Case.reference).join(Case, model.case_id == Case.id)
    return query.where(wanted, Case.closed_on.is_(None)).order_by(model.id.desc()).limit(1)


def record_today(record: Record, as_at: datetime) -> list[str]:
    """Record what people might do this morning.

    Something is to be disclosed; somebody is recalled, and the victim liaison officer tells the victim. People refer
    (once in full, once not), screen, move a meeting, and record a court order.
    """
    today = london_date(as_at)
    day = today.isoformat()
    lacking = example("referral") | {"date": day, "added_value": "", "special_issues": "see above"}
    told = []
    with record.writing() as session:
        if (managed := case_at_level_2_or_3(session)) is not None:
            due = (today + timedelta(days=DISCLOSED_IN_DAYS)).isoformat()
            data = example("disclosure") | {"date": day, "due_on": due, "approved_by": "Clare Example"}
            told.append(told_of(session, "disclosure", managed, data, as_at))
        told += recall_today(session, as_at)
        first, second = crns_before_release(session, 2)
        wanted: list[tuple[str, str | None, dict[str, Any]]] = [
            ("referral", first, example("referral") | {"date": day}),
            ("referral", second, lacking),
            ("screening", waiting_for_screening(session, first), example("screening") | {"date": day}),
        ]
        for kind, crn, data in wanted:
            if crn is not None:
                told.append(told_of(session, kind, crn, data, as_at))
        if (moved := next_meeting(session, today)) is not None:
            crn, meeting = moved
            later = (meeting.starts_at + timedelta(weeks=1)).isoformat()
            data = example("meeting-move") | {"date": day, "meeting": meeting.number, "starts_at": later}
            told.append(told_of(session, "meeting-move", crn, data, as_at))
        if (ordered := somebody_without_order(session)) is not None:
            ends = (today + timedelta(days=5 * 365)).isoformat()
            data = example("order") | {"date": day, "starts_on": day, "ends_on": ends}
            told.append(told_of(session, "order", ordered, data, as_at))
    return told


def recall_today(session: Session, as_at: datetime) -> list[str]:
    """Recall somebody on licence whose victim hears of it, and tell that the victim liaison officer told her."""
    today = london_date(as_at)
    query = (
        select(Case)
        .join(Sentence, Sentence.case_id == Case.id)
        .where(Case.closed_on.is_(None), Case.location == Location.COMMUNITY, Case.victim_contact)
        .where(Case.category.is_not(None), Sentence.licence_expiry_date > today + timedelta(days=LICENCE_DAYS))
        .order_by(Case.level.desc().nulls_last(), Case.id)
    )
    case = session.scalars(query.limit(1)).first()
    if case is None:
        return []
    form = example("custody-event") | {
        "date": today.isoformat(),
        "prison": ADULT_PRISONS[0],
        "release_date": (today + timedelta(days=RECALLED_DAYS)).isoformat(),
    }
    recalled = told_of(session, "custody-event", case.reference, form, as_at)
    number = session.scalar(
        select(CustodyEvent.number).where(CustodyEvent.case_id == case.id).order_by(CustodyEvent.id.desc()).limit(1)
    )
    update = {"date": today.isoformat(), "event": number, "how": "By telephone this morning; she wants to hear more."}
    victim = told_of(session, "victim-update", case.reference, example("victim-update") | update, as_at)
    return [recalled, victim]


def case_at_level_2_or_3(session: Session) -> str | None:
    """Return the case at level 2 or 3 that was opened last."""
    query = select(Case.reference).where(Case.closed_on.is_(None), Case.level.in_((2, 3)))
    return session.scalar(query.order_by(Case.id.desc()).limit(1))


def somebody_without_order(session: Session) -> str | None:
    """Return a registered sexual offender in the community on whom no order is recorded."""
    query = (
        select(Case.reference)
        .where(Case.closed_on.is_(None), Case.location == Location.COMMUNITY, Case.category == 1)
        .where(Case.id.not_in(select(CourtOrder.case_id)))
        .order_by(Case.id)
    )
    return session.scalar(query.limit(1))


def told_of(session: Session, kind: str, crn: str, data: dict[str, Any], as_at: datetime) -> str:
    """Record one fact, and say what came of it."""
    [recorded] = record_many(session, [Entry(kind, crn, data)], actor=ACTOR, as_at=as_at)
    return f"{recorded.case}: {recorded.summary}"


def crns_before_release(session: Session, count: int) -> list[str]:
    """Return people in custody whose release comes next, each with a case that nobody has referred."""
    referred = select(Referral.case_id)
    query = (
        select(Person.crn)
        .join(Case)
        .where(Case.stage == Standing.PRE_RELEASE, Case.id.not_in(referred))
        .order_by(Case.release_date.nulls_last(), Case.id)
    )
    return list(session.scalars(query.limit(count)))


def waiting_for_screening(session: Session, not_this: str) -> str | None:
    """Return somebody whose complete referral waits for an answer."""
    query = (
        select(Person.crn)
        .join(Case)
        .join(Referral)
        .where(Referral.complete, Referral.decided_on.is_(None), Referral.category_3.is_(False))
        .where(Case.closed_on.is_(None), Person.crn != not_this)
        .order_by(Referral.received_on, Referral.id)
    )
    return session.scalar(query.limit(1))


def next_meeting(session: Session, today: date) -> tuple[str, Meeting] | None:
    """Return the next planned meeting that leaves time to be moved, and whom it is about."""
    after = london_time(today + timedelta(days=2), time(0))
    query = (
        select(Person.crn, Meeting)
        .select_from(Meeting)
        .join(Case, Meeting.case_id == Case.id)
        .join(Person, Case.person_id == Person.id)
        .where(Meeting.state == MeetingState.PLANNED, Meeting.starts_at > after, Case.closed_on.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    found = session.execute(query.limit(1)).first()
    return (found[0], found[1]) if found else None


def shown(record: Record, mail: Path) -> Shown:
    """Return what there is to look at."""
    with record.reading() as session:
        letters = session.scalars(
            select(Message.id)
            .where(Message.kind == MessageKind.ATTENDANCE_LETTER, Message.state == MessageState.SENT)
            .order_by(Message.sent_at.desc().nulls_last(), Message.id)
        )
        letter = next((str(path) for one in letters if (path := mail / f"{one}.eml").exists()), None)
        minuted = session.execute(
            select(Person.crn, Meeting.number)
            .select_from(MinutesVersion)
            .join(Meeting)
            .join(Case, Meeting.case_id == Case.id)
            .join(Person, Case.person_id == Person.id)
            .where(MinutesVersion.state == MinutesState.FINAL, Case.closed_on.is_(None))
            .order_by(MinutesVersion.final_on.desc().nulls_last(), MinutesVersion.id.desc())
            .limit(1)
        ).first()
        people = crns_before_release(session, 1)
    return Shown(letter, (minuted[0], minuted[1]) if minuted else None, people[0] if people else None)
