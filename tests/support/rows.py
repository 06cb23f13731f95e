"""Rows written straight into a record, for tests of what reads them. Everything has a default but what matters."""

from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.board_business import BoardAction
from models.board_meetings import BoardInvitation, BoardMeeting
from models.cases import Case, Problem
from models.directory import DirectoryEntry
from models.obligations import Message, Prompt, Timescale
from models.people import Person, Sentence
from models.registrations import Spell
from models.training import Training

Row = TypeVar("Row")

MORNING = datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
"""08:00 in Europe/London on the first working day of summer time."""


def added(session: Session, row: Row, values: dict[str, Any]) -> Row:
    """Set values on a new row, add it, and return it with its id."""
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row


def person(session: Session, crn: str = "X100001", **values: Any) -> Person:
    """Add a person."""
    return added(
        session, Person(crn=crn, surname="Okonkwo", forenames="Darren", date_of_birth=date(1990, 5, 17)), values
    )


def sentence(session: Session, someone: Person, **values: Any) -> Sentence:
    """Add a sentence that was identified as eligible."""
    row = Sentence(
        person_id=someone.id,
        area="London",
        unit="Camden",
        lead_agency="probation",
        offence_code="SX03001",
        disposal="imprisonment",
        term_months=48,
        sentence_date=date(2025, 6, 2),
        loaded_at=MORNING,
        outcome="eligible",
        outcome_reason="category 1: convicted of a Schedule 3 offence",
    )
    return added(session, row, values)


def case(session: Session, someone: Person, reference: str = "LON-2026-000001", **values: Any) -> Case:
    """Add an open case of category 1 before release."""
    row = Case(
        reference=reference,
        person_id=someone.id,
        area="London",
        unit="Camden",
        lead_agency="probation",
        location="custody",
        category=1,
        categories=[1, 2],
        stage="pre_release",
        release_date=date(2026, 11, 30),
        eligible_until=None,
        opened_on=date(2026, 3, 2),
    )
    return added(session, row, values)


def in_spells(session: Session, of: Case) -> Case:
    """Add the one spell of a case, in which it stands as it does; return the case."""
    alike = {name: getattr(of, name) for name in ("category", "categories", "level", "location", "area", "unit")}
    spell = Spell(case_id=of.id, person_id=of.person_id, lead_agency=of.lead_agency, starts_on=of.opened_on)
    added(session, spell, alike | {"ends_on": of.closed_on})
    return of


def timescale(session: Session, of: Case, kind: str = "referral", **values: Any) -> Timescale:
    """Add an open timescale."""
    row = Timescale(
        case_id=of.id,
        kind=kind,
        anchor_on=date(2026, 11, 30),
        due_on=date(2026, 5, 30),
        owner_role="offender_manager",
        owner_agency="probation",
        state="open",
        opened_at=MORNING,
        next_prompt_at=MORNING,
        ladder=[],
        policy_version="P2012",
        calendar_version="test",
        revision=1,
    )
    return added(session, row, values)


def message(session: Session, key: str = "m1", **values: Any) -> Message:
    """Add a pending message."""
    row = Message(
        id=key,
        kind="digest",
        area="London",
        recipient="om@probation.example",
        subject="MAPPA: 1 reminder",
        header_id=f"<{key}@mappa.example>",
        state="pending",
        created_at=MORNING,
        not_before=MORNING,
    )
    return added(session, row, values)


def prompt(session: Session, on: Timescale, carried_by: Message, rung: str = "-1 month", **values: Any) -> Prompt:
    """Add a prompt that a message carries."""
    row = Prompt(
        timescale_id=on.id,
        revision=1,
        rung=rung,
        rung_on=date(2026, 3, 30),
        due_on=on.due_on,
        weight="reminder",
        recipient="om@probation.example",
        recipient_role="offender_manager",
        raised_at=MORNING,
        message_id=carried_by.id,
        late_by_days=0,
    )
    return added(session, row, values)


def problem(session: Session, subject: str = "12", **values: Any) -> Problem:
    """Add a failure that rests until its next try."""
    row = Problem(
        stage="prompts",
        subject=subject,
        kind="failure",
        reason="ValueError: no ladder",
        tries=1,
        first_seen_at=MORNING,
        last_seen_at=MORNING,
        next_try_at=MORNING,
    )
    return added(session, row, values)


def directory_entry(session: Session, **values: Any) -> DirectoryEntry:
    """Add a coordinator."""
    row = DirectoryEntry(
        area="London",
        agency="mappa_unit",
        unit="",
        role="coordinator",
        name="Coordinator London",
        email="coordinator@mappa.example",
    )
    return added(session, row, values)


def board_invitation(session: Session, area: str, on: date, **values: Any) -> BoardInvitation:
    """Invite housing to a meeting of the board of an area, which is added where it is not there; nobody came."""
    known = select(BoardMeeting).where(BoardMeeting.area == area, BoardMeeting.held_on == on)
    meeting = session.scalar(known) or added(session, BoardMeeting(area=area, held_on=on, loaded_at=MORNING), {})
    row = BoardInvitation(meeting_id=meeting.id, agency="housing", name="", attendance="absent", has_duty=True)
    return added(session, row, values)


def board_action(session: Session, area: str, set_on: date, due_on: date, **values: Any) -> BoardAction:
    """Add an action of the board of an area, which housing owns; it is open."""
    row = BoardAction(area=area, set_on=set_on, due_on=due_on, number=1, what="Report the voids", owner="Harriet Ex",
                      agency="housing", loaded_at=MORNING)  # fmt: skip
    return added(session, row, values)


def training(session: Session, area: str, email: str, trained_on: date, **values: Any) -> Training:
    """Add the MOSAVO course of an officer."""
    row = Training(area=area, email=email, trained_on=trained_on, name="Priya Ex", loaded_at=MORNING)
    return added(session, row, values)
