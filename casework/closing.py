"""What is still open on a case, and its closing: nothing just peters out (Joint inspection 2015, 5.21)."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select, update

from casework.change import CaseChange
from casework.errors import RefusedError
from models.cases import QUESTION, Case, Problem
from models.meetings import Absence, Action, Meeting
from models.obligations import Timescale
from models.people import Sentence
from models.referrals import Referral
from policy.kinds import KINDS, AtClosure, Meetings, Screening, kind_named
from policy.vocabulary import ActionState, MeetingState, State
from policy.words import agency_inside

# What closing has to name and reads from the timescales: all but what has rows of its own.
WITH_ROWS = (Meetings.ACTION, Meetings.MINUTES, Meetings.VISOR_POSTING, Meetings.ATTENDANCE,
             Screening.SCREENING_DECISION)  # fmt: skip
NOT_DONE = (State.OPEN, State.PAUSED)
FOLLOWED_UP = (Absence.settled_on.is_(None), Absence.withdrawn_on.is_(None))
BY_TIMESCALE = tuple(kind for kind in KINDS if kind.spec.at_closure is not AtClosure.ENDS and kind not in WITH_ROWS)


def open_things(change: CaseChange) -> list[str]:
    """Return what is still open on a case, each in words that name nobody."""
    return list(found_open(change))


def found_open(change: CaseChange) -> Iterator[str]:
    """Yield what is still open: actions, minutes, absent agencies, referrals, and what else has its timescale."""
    session, case = change.session, change.case
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
    for agency, number in session.execute(absences.where(*FOLLOWED_UP).order_by(Meeting.number, Absence.agency)):
        yield f"{agency_inside(agency)} has not sent a report about meeting {number}"
    if newest_referral_waits(change):
        yield Screening.SCREENING_DECISION.spec.undone
    owed = select(Timescale.kind, Timescale.label).where(
        Timescale.case_id == case.id, Timescale.kind.in_(BY_TIMESCALE), Timescale.state.in_(NOT_DONE)
    )
    for kind, label in session.execute(owed.order_by(Timescale.due_on, Timescale.id)):
        yield kind_named(kind).spec.undone + (f" ({label})" if label else "")


def has_victim_contact(case: Case) -> bool:
    """Tell whether a victim hears of the case through the victim liaison officer."""
    return bool((case.circumstances or {}).get("victim_contact", case.victim_contact))


def newest_referral_waits(change: CaseChange) -> bool:
    """Tell whether the newest complete referral has no answer."""
    newest = change.session.scalar(
        select(Referral)
        .where(Referral.case_id == change.case.id, Referral.complete)
        .order_by(Referral.received_on.desc(), Referral.id.desc())
        .limit(1)
    )
    return newest is not None and newest.decided_on is None


def cancel_planned(change: CaseChange, reason: str) -> None:
    """Cancel the planned meetings of a case; those invited are told by the flow."""
    planned = select(Meeting).where(Meeting.case_id == change.case.id, Meeting.state == MeetingState.PLANNED)
    for meeting in change.session.scalars(planned):
        meeting.state, meeting.cancelled_reason = MeetingState.CANCELLED, reason
        meeting.sequence += 1
        meeting.prepare_at = change.as_at


def open_eligibility(change: CaseChange) -> list[str]:
    """Return the questions of eligibility that wait for a person: no case closes over one, unless the person died."""
    waiting = change.session.scalars(
        select(Sentence.questions).where(Sentence.person_id == change.person.id, Sentence.questions.is_not(None))
    )
    asked = [words for questions in waiting for _, words in questions or ()]
    breaches = select(Problem.reason).where(
        Problem.case_id == change.case.id,
        Problem.kind == QUESTION,
        Problem.resolved_at.is_(None),
        Problem.subject == breach_question(change.case),
    )
    answer = "answer the question first, with a decision on eligibility (record identification)"
    of_orders = "answer the question first, with the court order (record order) or the incident (record incident)"
    return [f"{words}: {answer}" for words in dict.fromkeys(asked)] + [
        f"{words}: {of_orders}" for words in change.session.scalars(breaches)
    ]


def breach_question(case: Case) -> str:
    """Return how the question is filed whether the breach of an order makes its subject notify."""
    return f"case {case.id} notification after a breach"


def close_case(change: CaseChange, on: date, reason: str, *, died: bool = False) -> None:
    """Close a case for a reason: its planned meetings are cancelled, and questions about it are nobody's any more.

    Those invited are told by the flow. What is owed of meetings that were held goes on until it is settled. Raises
    ``RefusedError`` where a question of eligibility is open: only a death leaves nobody to decide on.
    """
    case: Case = change.case
    if not died and (asked := open_eligibility(change)):
        raise RefusedError(asked)
    cancel_planned(change, "the case is closed")
    change.session.execute(
        update(Problem)
        .where(Problem.case_id == case.id, Problem.resolved_at.is_(None), Problem.kind == QUESTION)
        .values(resolved_at=change.as_at)
    )
    case.closed_on, case.closed_reason = on, reason[:500]
    change.note("case-closed", case.reference, None, {"closed_on": on, "reason": reason})
