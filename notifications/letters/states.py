"""Where a duty stands when a message is written, for the kinds whose words follow it.

Each state is found by one query, for those lines alone whose kind has words for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from models.cases import Case, Draft
from models.events import CustodyEvent
from models.meetings import Absence, Meeting, MinutesVersion, Participant
from models.obligations import Timescale
from models.orders import CourtOrder
from models.people import Person
from notifications.letters.absences import ANSWERS
from notifications.letters.lines import PromptLine
from notifications.letters.news import with_news
from notifications.letters.source import one_line
from policy.agencies import Agency
from policy.calendar import LONDON, london_date
from policy.events import EventKind
from policy.kinds import BY_NAME, Events, Screening
from policy.kinds.states import DutyState
from policy.roles import Role
from policy.vocabulary import Attendance, FactKind, MeetingState, MinutesState, State
from policy.words import near_date

Lines = Sequence[PromptLine]
Told = Mapping[int, str]
"""What to say of the state of a duty, "" where its words say all, by timescale: of those that stand so."""
Finder = Callable[[Session, Lines, datetime], Told]
NO_ANSWER = "no_answer"


def with_states(session: Session, lines: Lines, as_at: datetime) -> list[PromptLine]:
    """Return the lines, each with the first state of its duty that holds, of those its kind has words for.

    A line about a meeting to come to says when and where that is, whatever the state; one about what came back, what
    that was.
    """
    places = invited()(session, attending, as_at) if (attending := [line for line in lines if line.attends]) else {}
    speaking = {state: [line for line in lines if state in states_of(line)] for state in DutyState}
    found = {state: FINDERS[state](session, those, as_at) for state, those in speaking.items() if those}
    stands = [stated(replace(line, told=places.get(line.timescale_id, "")), found) for line in lines]
    return with_news(session, stands, as_at)


def states_of(line: PromptLine) -> Iterable[DutyState]:
    """Return the states that the kind of a line has words for, in their order."""
    return BY_NAME[line.kind].spec.by_state if line.kind in BY_NAME else ()


def stated(line: PromptLine, found: Mapping[DutyState, Told]) -> PromptLine:
    """Return a line with the state of its duty, and what to say of it."""
    for state in states_of(line):
        if line.timescale_id in found[state]:
            return replace(line, state=state, told=found[state][line.timescale_id] or line.told)
    return line


def day_passed(_: Session, lines: Lines, as_at: datetime) -> Told:
    """Return what was due before today."""
    return {line.timescale_id: "" for line in lines if line.due_on < london_date(as_at)}


def meeting_planned(session: Session, lines: Lines, as_at: datetime) -> Told:
    """Return whose case has a meeting ahead: the next one. An event may wait for it: nobody is asked to hurry."""
    begins = planned(session, lines, func.min(Meeting.starts_at), Meeting.starts_at >= as_at)
    told = {}
    for line in lines:
        if line.reference in begins:
            too_late = begins[line.reference].date() > line.due_on and line.kind != Events.EVENT_REVIEW
            late = " That is after the due date: bring it forward." if too_late else ""
            told[line.timescale_id] = f"A meeting is planned for {moment(begins[line.reference], as_at)}.{late}"
    return told


def meeting_unrecorded(session: Session, lines: Lines, as_at: datetime) -> Told:
    """Return whose case has a meeting that is past, and of which nobody has recorded anything: the last one."""
    begun = planned(session, lines, func.max(Meeting.starts_at), Meeting.starts_at < as_at)
    return {
        line.timescale_id: f"A meeting was planned for {moment(begun[line.reference], as_at)}."
        for line in lines
        if line.reference in begun
    }


def planned(session: Session, lines: Lines, which: Any, when: Any) -> dict[str, datetime]:
    """Return when a planned meeting of each case begins, Europe/London, by reference."""
    query = (
        select(Case.reference, which.label("begins"))
        .join(Meeting, Meeting.case_id == Case.id)
        .where(Case.reference.in_({line.reference for line in lines}), Meeting.state == MeetingState.PLANNED, when)
        .group_by(Case.reference)
    )
    return {row.reference: row.begins.astimezone(LONDON) for row in session.execute(query)}


def moment(begins: datetime, as_at: datetime) -> str:
    """Return when a meeting begins: ``Monday 20 April, 10:15``."""
    return f"{near_date(begins.date(), london_date(as_at))}, {begins:%H:%M}"


def invited(*which: Any) -> Finder:
    """Return the finder of meetings ahead whose reader stands on the list of those invited: when and where they are.

    ``which``: conditions on their entry. Nothing is said of it to those who record the meeting.
    """

    def find(session: Session, lines: Lines, as_at: datetime) -> Told:
        query = (
            select(Meeting.id, Meeting.starts_at, Meeting.place, Participant.email)
            .join(Participant, Participant.meeting_id == Meeting.id)
            .where(Meeting.id.in_(rows_of(lines)), Meeting.starts_at >= as_at, *which)
        )
        known = {
            (row.id, row.email): f"{row.starts_at.astimezone(LONDON):%H:%M}, {one_line(row.place)}."
            for row in session.execute(query)
        }
        return {
            line.timescale_id: known[line.subject.row or 0, line.recipient]
            for line in lines
            if line.attends and (line.subject.row or 0, line.recipient) in known
        }

    return find


def minutes_in(*states: MinutesState | None) -> Finder:
    """Return the finder of what waits for minutes whose newest version is in a state; None: there is none."""

    def find(session: Session, lines: Lines, _: datetime) -> Told:
        query = (
            select(MinutesVersion.meeting_id, MinutesVersion.state)
            .where(MinutesVersion.meeting_id.in_(rows_of(lines)))
            .order_by(MinutesVersion.meeting_id, MinutesVersion.version)
        )
        newest = {row.meeting_id: row.state for row in session.execute(query)}
        return {line.timescale_id: "" for line in lines if newest.get(line.subject.row or 0) in states}

    return find


def referral_begun(session: Session, lines: Lines, as_at: datetime) -> Told:
    """Return whose case has a referral that was refused as it stood, and is kept as a draft."""
    query = (
        select(Case.reference, func.max(Draft.kept_at).label("at"))
        .join(Person, Person.id == Case.person_id)
        .join(Draft, Draft.crn == Person.crn)
        .where(Case.reference.in_({line.reference for line in lines}))
        .where(Draft.kind == FactKind.REFERRAL, Draft.settled_at.is_(None))
        .group_by(Case.reference)
    )
    kept = {row.reference: london_date(row.at) for row in session.execute(query)}
    return by_case(lines, kept, "The draft was last changed on {day}.", as_at)


def waiting_for(kind: Screening, words: str) -> Finder:
    """Return the finder of cases on which another kind of duty is open; ``words`` tell since which ``{day}``."""

    def find(session: Session, lines: Lines, as_at: datetime) -> Told:
        query = (
            select(Case.reference, func.max(Timescale.anchor_on).label("day"))
            .join(Timescale, Timescale.case_id == Case.id)
            .where(Case.reference.in_({line.reference for line in lines}))
            .where(Timescale.kind == kind.value, Timescale.state.in_((State.OPEN, State.PAUSED)))
            .group_by(Case.reference)
        )
        return by_case(lines, {row.reference: row.day for row in session.execute(query)}, words, as_at)

    return find


def by_case(lines: Lines, days: Mapping[str, date], words: str, as_at: datetime) -> Told:
    """Return what is said of the duties of the cases that have a day."""
    return {
        line.timescale_id: words.format(day=near_date(days[line.reference], london_date(as_at)))
        for line in lines
        if line.reference in days
    }


def absence_that(judged: Callable[[Row[Any], date], str | None]) -> Finder:
    """Return the finder of reports of agencies whose absence is judged so; what the judge returns is told."""

    def find(session: Session, lines: Lines, as_at: datetime) -> Told:
        query = select(Absence.meeting_id, Absence.agency, Absence.invited, Absence.status, Absence.history).where(
            Absence.meeting_id.in_(rows_of(lines))
        )
        known = {(row.meeting_id, row.agency): row for row in session.execute(query)}
        return dict(judgements(lines, known, london_date(as_at)))

    def judgements(
        lines: Lines, known: Mapping[tuple[int | None, str], Row[Any]], today: date
    ) -> Iterator[tuple[int, str]]:
        for line in lines:
            absence = known.get((line.subject.row, line.subject.agency))
            told = None if absence is None else judged(absence, today)
            if told is not None:
                yield line.timescale_id, told

    return find


def not_invited(absence: Row[Any], _: date) -> str | None:
    """Judge whether nobody of the agency was invited."""
    return None if absence.invited else ""


def answered(absence: Row[Any], today: date) -> str | None:
    """Judge whether the agency gave an answer when it was last asked."""
    last = absence.history[-1] if absence.history else {"answer": NO_ANSWER}
    if last["answer"] == NO_ANSWER:
        return None
    return f"Asked on {near_date(date.fromisoformat(last['on']), today)}, the agency {ANSWERS[last['answer']]}."


def practice_silent(absence: Row[Any], _: date) -> str | None:
    """Judge whether it is a general practice that sent nothing, not even apologies (joint inspection 2015, 6.54)."""
    return "" if absence.agency == Agency.GENERAL_PRACTICE and absence.status != Attendance.APOLOGIES else None


def apologised(absence: Row[Any], _: date) -> str | None:
    """Judge whether the agency sent apologies."""
    return "" if absence.status == Attendance.APOLOGIES else None


def person_died(session: Session, lines: Lines, _: datetime) -> Told:
    """Return the reviews of a death."""
    query = select(CustodyEvent.id).where(
        CustodyEvent.id.in_(rows_of(lines)), CustodyEvent.kind == EventKind.DEATH.value
    )
    deaths = set(session.scalars(query))
    return {line.timescale_id: "" for line in lines if line.subject.row in deaths}


def order_followed(session: Session, lines: Lines, _: datetime) -> Told:
    """Return the orders of whose kind the person has another that lasts longer."""
    other = aliased(CourtOrder)
    query = (
        select(CourtOrder.id)
        .join(other, (other.person_id == CourtOrder.person_id) & (other.kind == CourtOrder.kind))
        .where(CourtOrder.id.in_(rows_of(lines)), CourtOrder.id != other.id)
        .where(other.ends_on.is_(None) | (other.ends_on > CourtOrder.ends_on))
    )
    followed = set(session.scalars(query))
    return {line.timescale_id: "" for line in lines if line.subject.row in followed}


def rows_of(lines: Lines) -> set[int]:
    """Return the rows of the record that lines are about."""
    return {line.subject.row for line in lines if line.subject.row is not None}


FINDERS: Mapping[DutyState, Finder] = {
    DutyState.DAY_PASSED: day_passed,
    DutyState.MEETING_UNRECORDED: meeting_unrecorded,
    DutyState.MEETING_PLANNED: meeting_planned,
    DutyState.MINUTES_DRAFTED: minutes_in(MinutesState.DRAFT),
    DutyState.MINUTES_APPROVED: minutes_in(MinutesState.APPROVED),
    DutyState.MINUTES_NOT_FINAL: minutes_in(None, MinutesState.DRAFT, MinutesState.APPROVED),
    DutyState.REFERRAL_BEGUN: referral_begun,
    DutyState.REFERRAL_SENT_BACK: waiting_for(Screening.RESUBMISSION, "It was sent back on {day}."),
    DutyState.REFERRAL_IN_SCREENING: waiting_for(Screening.SCREENING_DECISION, "The referral was received on {day}."),
    DutyState.AGENCY_NOT_INVITED: absence_that(not_invited),
    DutyState.AGENCY_ANSWERED: absence_that(answered),
    DutyState.PRACTICE_SILENT: absence_that(practice_silent),
    DutyState.AGENCY_APOLOGISED: absence_that(apologised),
    DutyState.READER_CHAIRS: invited(Participant.role == Role.CHAIR),
    DutyState.READER_WRITES: invited(Participant.agency == Agency.GENERAL_PRACTICE),
    DutyState.PERSON_DIED: person_died,
    DutyState.ORDER_FOLLOWED: order_followed,
}
