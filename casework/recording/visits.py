"""The question whether anybody visits unannounced: put by a meeting, answered by a plan or by the next meeting.

Source: Joint inspection 2015, 5.15-5.16, 6.7.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import select

from casework import problems
from casework.change import CaseChange
from models.cases import Fact
from models.meetings import Meeting
from policy.vocabulary import FactKind

STAGE = "meetings"
ANSWERED_BY = (FactKind.PLAN, FactKind.MEETING)


class Visit(Protocol):
    """A visit that was made, or is planned."""

    @property
    def announced(self) -> bool:
        """Tell whether the person knew of it before."""


def all_announced(visits: Sequence[Visit]) -> bool:
    """Tell whether there are visits, and the person knew of every one before."""
    return bool(visits) and all(visit.announced for visit in visits)


def ask_about_visits(change: CaseChange, meeting: Meeting, visits: Sequence[Visit], since: date | None) -> None:
    """Put the question where visits were made and every one was announced; one that was not takes it back.

    ``visits``: those that the meeting was told of; those recorded one by one since the meeting before, of the day
    ``since``, count with them.
    """
    made = [*(visit.announced for visit in visits), *recorded_one_by_one(change, meeting, since)]
    if not made:
        return
    asked = f"meeting {meeting.number}: all {len(made)} visits were announced: no unannounced visit in the plan"
    put(change, [asked] if all(made) else [])


def recorded_one_by_one(change: CaseChange, meeting: Meeting, since: date | None) -> list[bool]:
    """Return of each visit at which the person was seen, after a day and by a meeting, whether it was announced."""
    query = select(Fact.data).where(Fact.case_id == change.case.id, Fact.kind == FactKind.VISIT.value)
    query = query.where(Fact.on_date > (since or date.min), Fact.on_date <= meeting.on).order_by(Fact.id)
    return [bool(data["announced"]) for data in change.session.scalars(query) if data["seen"]]


def planned(change: CaseChange, visits: Sequence[Visit]) -> None:
    """Take the question back where the plan now has an unannounced visit."""
    if visits and not all_announced(visits):
        put(change, [])


def put(change: CaseChange, questions: Sequence[str]) -> None:
    """Put the question on a case, or take it back."""
    subject = f"case {change.case.id} visits"
    standing = problems.open_questions(change.session, STAGE, [subject]).get(subject)
    problems.ask(change.session, STAGE, subject, change.case.id, questions, change.as_at, standing, ANSWERED_BY)
