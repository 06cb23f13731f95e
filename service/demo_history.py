"""The demo's past: half a year in which invented people referred, met, minuted, acted, stayed away and reported late.

It ends the day before the moment of the demo, so that what is due today is still to be done.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.recording import example, record_fact
from models.cases import Case
from models.meetings import Meeting, MinutesVersion
from models.obligations import Message
from models.people import Person
from models.record import Record
from models.referrals import Referral
from policy.calendar import london_date, london_moment
from policy.vocabulary import MeetingState, MessageKind, MessageState, MinutesState, Standing
from service.answers import Answering
from service.simulating import Simulated, Span, simulate
from service.tables import progress

WEEKS = 26
SEED = 2026
ACTOR = "demo"


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

        def show(done: int, moment: datetime) -> None:
            bar.note(f"{moment:%Y-%m-%d}")
            bar.to(done)

        return simulate(record, span, progress=show, answering=Answering(record, SEED))


def record_today(record: Record, as_at: datetime) -> list[str]:
    """Record what people might do this morning: refer (once in full, once not), screen, move a meeting."""
    today = london_date(as_at)
    day = today.isoformat()
    lacking = example("referral") | {"date": day, "added_value": "", "special_issues": "see above"}
    told = []
    with record.writing() as session:
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
    return told


def told_of(session: Session, kind: str, crn: str, data: dict[str, Any], as_at: datetime) -> str:
    """Record one fact, and say what came of it."""
    recorded = record_fact(session, kind, crn, data, as_at=as_at, actor=ACTOR)
    return f"{recorded.case}: {recorded.summary}"


def crns_before_release(session: Session, count: int) -> list[str]:
    """Return people in custody whose release comes next, each with a case that nobody has referred."""
    referred = select(Referral.case_id)
    query = (
        select(Person.crn)
        .join(Case)
        .where(Case.stage == Standing.PRE_RELEASE, Case.id.not_in(referred))
        .order_by(Case.release_date, Case.id)
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
    after = london_moment(today + timedelta(days=2), time(0))
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
            .order_by(Message.sent_at.desc())
        )
        letter = next((str(path) for one in letters if (path := mail / f"{one}.eml").exists()), None)
        minuted = session.execute(
            select(Person.crn, Meeting.number)
            .select_from(MinutesVersion)
            .join(Meeting)
            .join(Case, Meeting.case_id == Case.id)
            .join(Person, Case.person_id == Person.id)
            .where(MinutesVersion.state == MinutesState.FINAL, Case.closed_on.is_(None))
            .order_by(MinutesVersion.final_on.desc(), MinutesVersion.id.desc())
            .limit(1)
        ).first()
        people = crns_before_release(session, 1)
    return Shown(letter, (minuted[0], minuted[1]) if minuted else None, people[0] if people else None)
