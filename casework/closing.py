"""What is still open on a case, and its closing: nothing just peters out (``domain.md`` 2.16)."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import func, select, update

from casework.matter import Matter
from casework.problems import QUESTION
from models.cases import Case, Problem
from models.meetings import Absence, Action, Meeting
from models.obligations import Timescale
from models.referrals import Referral
from policy.vocabulary import ActionState, Kind, MeetingState, State


def open_things(matter: Matter) -> list[str]:
    """Return what is still open on a case, each in words that name nobody."""
    return list(found_open(matter))


def found_open(matter: Matter) -> Iterator[str]:
    """Yield what is still open: actions, minutes and their posting, absent agencies, referrals, urgent meetings."""
    session, case = matter.session, matter.case
    for number in session.scalars(
        select(Action.number).where(Action.case_id == case.id, Action.state == ActionState.OPEN).order_by(Action.number)
    ):
        yield f"action {number} is not done"
    held = select(Meeting).where(Meeting.case_id == case.id, Meeting.state == MeetingState.HELD)
    for meeting in session.scalars(held.order_by(Meeting.number)):
        if meeting.minutes_on is None:
            yield f"the minutes of meeting {meeting.number} are not final"
        elif meeting.posted_on is None:
            yield f"the minutes of meeting {meeting.number} are not posted to ViSOR"
    absences = select(Absence.agency, Meeting.number).join(Meeting).where(Absence.case_id == case.id)
    for agency, number in session.execute(absences.where(Absence.settled_on.is_(None)).order_by(Meeting.number)):
        yield f"{agency.replace('_', ' ')} owes a report about meeting {number}"
    if newest_referral_waits(matter):
        yield "a referral waits for its answer"
    urgent = session.scalar(
        select(func.count())
        .select_from(Timescale)
        .where(Timescale.case_id == case.id, Timescale.kind == Kind.URGENT_MEETING, Timescale.state == State.OPEN)
    )
    if urgent:
        yield "an urgent meeting is owed after an incident"


def has_victim_contact(case: Case) -> bool:
    """Tell whether a victim hears of the case through the victim liaison officer."""
    return bool((case.circumstances or {}).get("victim_contact", case.victim_contact))


def newest_referral_waits(matter: Matter) -> bool:
    """Tell whether the newest complete referral has no answer."""
    newest = matter.session.scalar(
        select(Referral)
        .where(Referral.case_id == matter.case.id, Referral.complete)
        .order_by(Referral.received_on.desc(), Referral.id.desc())
        .limit(1)
    )
    return newest is not None and newest.decided_on is None


def close_case(matter: Matter, on: date, reason: str) -> None:
    """Close a case for a reason: its planned meetings are cancelled, and questions about it are nobody's any more.

    Those invited are told by the flow. What is owed of meetings that were held goes on until it is settled.
    """
    case: Case = matter.case
    planned = select(Meeting).where(Meeting.case_id == case.id, Meeting.state == MeetingState.PLANNED)
    for meeting in matter.session.scalars(planned):
        meeting.state, meeting.cancelled_reason = MeetingState.CANCELLED, "the case is closed"
        meeting.sequence += 1
        meeting.prepare_at = matter.as_at
    matter.session.execute(
        update(Problem)
        .where(Problem.case_id == case.id, Problem.resolved_at.is_(None), Problem.kind == QUESTION)
        .values(resolved_at=matter.as_at)
    )
    case.closed_on, case.closed_reason = on, reason[:500]
    matter.note("case-closed", case.reference, None, {"closed_on": on, "reason": reason})
