"""Problems: work that failed and waits for its next try, and questions that wait for a person."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from casework.facts.problems import LONG
from casework.stage_cases import case_of
from models.base import Moment
from models.cases import FAILURE, QUESTION, Case, Problem
from policy.vocabulary import FactKind

# The stage that works out what cases owe: one that fails there is not sent there again before its next try.
LOOKS_AT_CASES = "pre_release"
# The stage that puts the ends of what holds a person to somebody.
ENDS = "exit_planning"
REST = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12), timedelta(days=1))


RESTING = select(Problem.subject).where(
    Problem.stage == bindparam("of_stage"),
    Problem.resolved_at.is_(None),
    Problem.kind == FAILURE,
    Problem.next_try_at > bindparam("as_at", type_=Moment),
)


def resting(session: Session, stage: str, as_at: datetime) -> set[str]:
    """Return the subjects of a stage that failed and are not to be tried before a later moment."""
    return set(session.scalars(RESTING, {"of_stage": stage, "as_at": as_at}))


def note_failure(session: Session, stage: str, subject: str, error: Exception, as_at: datetime) -> tuple[str, str]:
    """Record that a subject failed; the rest before the next try grows from five minutes to a day.

    Returns what may be shown anywhere: the case's reference (the subject where there is no case), and a sentence that
    names the kind of error, not its text.
    """
    case = case_of(session, stage, subject)
    reason = f"{type(error).__name__}: {str(error)[:1500]}"
    problem = session.scalar(
        select(Problem).where(Problem.stage == stage, Problem.subject == subject, Problem.resolved_at.is_(None))
    )
    if problem is None:
        problem = Problem(
            stage=stage, subject=subject, kind=FAILURE, reason=reason, tries=0, first_seen_at=as_at, last_seen_at=as_at
        )
        session.add(problem)
    problem.tries += 1
    problem.reason, problem.last_seen_at, problem.case_id = reason, as_at, case[0] if case else None
    problem.next_try_at = as_at + REST[min(problem.tries, len(REST)) - 1]
    session.flush()
    if case is not None and stage != LOOKS_AT_CASES and problem.last_seen_at - problem.first_seen_at >= LONG:
        look_again(session, [case[0]], as_at)
    sentence = f"{type(error).__name__}; problem {problem.id}, next try {problem.next_try_at:%Y-%m-%d %H:%M} UTC"
    return case[1] if case else subject, sentence


def look_again(session: Session, case_ids: Sequence[int], as_at: datetime) -> None:
    """Have the next turn of the pre-release stage work out what open cases owe."""
    of_these = update(Case).where(Case.id.in_(case_ids), Case.closed_on.is_(None))
    session.execute(of_these.values(review_at=as_at), execution_options={"synchronize_session": "fetch"})


def settle(session: Session, stage: str, subjects: Sequence[str], as_at: datetime) -> None:
    """Close the failures of subjects that have now been handled; what is owed on their cases is looked at anew."""
    settled = (Problem.stage == stage, Problem.subject.in_(subjects), Problem.kind == FAILURE)
    found = session.execute(
        update(Problem)
        .where(*settled, Problem.resolved_at.is_(None))
        .values(resolved_at=as_at)
        .returning(Problem.case_id),
        execution_options={"synchronize_session": False},
    )
    case_ids = [case_id for case_id in found.scalars() if case_id is not None]
    if case_ids and stage != LOOKS_AT_CASES:
        look_again(session, case_ids, as_at)


def open_questions(session: Session, stage: str, subjects: Sequence[str]) -> dict[str, Problem]:
    """Return the open problems of a stage on these subjects, by subject."""
    query = select(Problem).where(Problem.stage == stage, Problem.subject.in_(subjects), Problem.resolved_at.is_(None))
    return {problem.subject: problem for problem in session.scalars(query)}


def end_subject(case_id: int, end: date) -> str:
    """Return how the question about an end is filed."""
    return f"case {case_id} end {end}"


def questions_about_ends(session: Session, case_id: int) -> dict[str, Problem]:
    """Return the open questions about ends of a case, by subject."""
    about = (Problem.stage == ENDS, Problem.case_id == case_id, Problem.kind == QUESTION)
    return {one.subject: one for one in session.scalars(select(Problem).where(*about, Problem.resolved_at.is_(None)))}


def ask(
    session: Session,
    stage: str,
    subject: str,
    case_id: int | None,
    questions: Sequence[str],
    as_at: datetime,
    standing: Problem | None,
    answered_by: Collection[FactKind],
) -> None:
    """Put questions to a person, or take them back where none is left.

    ``standing`` is the subject's open problem, if it has one (``open_questions``): there is never a second. A question
    has a clock on its case: where one is new or settled, the case is looked at anew.
    ``answered_by`` names the kinds of fact that answer the questions; only what asks an operator names none.
    """
    if case_id is not None and bool(questions) is not (standing is not None and standing.kind == QUESTION):
        look_again(session, [case_id], as_at)
    if not questions:
        if standing is not None and standing.kind == QUESTION:
            standing.resolved_at = as_at
        return
    reason, kinds = "; ".join(questions)[:2000], [kind.value for kind in answered_by]
    if standing is None:
        session.add(
            Problem(
                stage=stage,
                subject=subject,
                case_id=case_id,
                kind=QUESTION,
                reason=reason,
                answered_by=kinds,
                first_seen_at=as_at,
                last_seen_at=as_at,
                next_try_at=None,
            )
        )
    else:
        standing.kind, standing.reason, standing.last_seen_at, standing.case_id = QUESTION, reason, as_at, case_id
        standing.next_try_at, standing.answered_by = None, kinds
