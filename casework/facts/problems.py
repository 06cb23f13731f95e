"""The open questions about cases, and what failed on them, as the rules see them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import FAILURE, QUESTION, Problem
from policy.calendar import london_date
from policy.facts import ProblemFact
from policy.subjects import Subject

# An end that nobody has decided on, and a disclosure that nobody has approved, are duties of their own.
HAVE_A_CLOCK = ("exit_planning", "disclosure")
OF_AN_INCIDENT = re.compile(r"case \d+ \w+ \d{4}-\d\d-\d\d [0-9a-f]{8}", re.ASCII)
LONG = timedelta(days=1)
"""What failed and then worked within a day is nobody's duty."""


def read_problems(session: Session, case_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the problems of cases, open and settled, in the order in which they came up."""
    found: dict[int, list[Any]] = defaultdict(list)
    query = select(
        Problem.id, Problem.case_id, Problem.stage, Problem.subject, Problem.kind, Problem.first_seen_at,
        Problem.last_seen_at, Problem.resolved_at,
    ).where(Problem.case_id.in_(case_ids))  # fmt: skip
    for row in session.execute(query.order_by(Problem.id)):
        found[row.case_id or 0].append(row)
    return found


def question_facts(rows: Iterable[Any]) -> tuple[ProblemFact, ...]:
    """Return the questions that a person answers and no other duty asks."""
    return tuple(problem_fact(row) for row in rows if row.kind == QUESTION and row.stage not in HAVE_A_CLOCK)


def failure_facts(rows: Iterable[Any]) -> tuple[ProblemFact, ...]:
    """Return what has failed for longer than a day."""
    return tuple(
        problem_fact(row) for row in rows if row.kind == FAILURE and row.last_seen_at - row.first_seen_at >= LONG
    )


def problem_fact(row: Any) -> ProblemFact:
    """Return a problem as the rules see it."""
    about = "incident" if OF_AN_INCIDENT.fullmatch(row.subject) else row.stage
    settled_on = None if row.resolved_at is None else london_date(row.resolved_at)
    return ProblemFact(Subject("problem", row=row.id), about, london_date(row.first_seen_at), settled_on)
