"""What a domain event leaves open: a question on the case, which the fact answers that the event could not tell.

It has the clock of every question. A fact of a kind that it names answers it, and so does a file of registrations that
tells of the person.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import problems
from models.cases import Problem
from policy.vocabulary import FactKind

STAGE = "domain_events"


def ask(
    session: Session, case_id: int, event_id: str, words: str, answers: Collection[FactKind], as_at: datetime
) -> None:
    """Put the question of an event on a case."""
    subject = f"case {case_id} event {sha256(event_id.encode()).hexdigest()[:16]}"
    problems.ask(session, STAGE, subject, case_id, [words], as_at, None, answers)


def open_questions(session: Session, case_ids: Collection[int]) -> dict[int, list[Problem]]:
    """Return the open questions of events, by case."""
    if not case_ids:
        return {}
    query = select(Problem).where(Problem.stage == STAGE, Problem.case_id.in_(case_ids), Problem.resolved_at.is_(None))
    found: dict[int, list[Problem]] = {}
    for problem in session.scalars(query.order_by(Problem.id)):
        found.setdefault(problem.case_id or 0, []).append(problem)
    return found


def answer(session: Session, asked: Iterable[Problem], kinds: Collection[FactKind], as_at: datetime) -> None:
    """Take back the questions that one of some kinds of fact answers."""
    for problem in asked:
        if problem.resolved_at is None and not set(kinds).isdisjoint(problem.answered_by or ()):
            problems.ask(session, STAGE, problem.subject, problem.case_id, [], as_at, problem, kinds)
