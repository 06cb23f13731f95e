"""The letter to owners of actions: out at once, ahead of the minutes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.cases import Case
from models.meetings import Action, Meeting
from models.obligations import Timescale
from notifications.letters.letter import Letter
from notifications.letters.source import Source, one_line


@dataclass(frozen=True, slots=True)
class Task:
    """One action; ``text`` None: what is to be done is not told here."""

    reference: str
    timescale_id: int
    number: int
    agency: str
    due_on: date
    meeting: int
    set_on: date
    text: str | None


@dataclass(frozen=True, slots=True)
class Tasks:
    """The actions of one message."""

    tasks: tuple[Task, ...]
    told: bool


def actions(source: Source) -> Letter:
    """Return the letter that tells somebody their new actions, by case and number."""
    details, policy = source.details, source.policy
    owed = source.session.scalars(
        select(Timescale).where(Timescale.id.in_([line.timescale_id for line in source.lines])).order_by(Timescale.id)
    )
    timescales = {one.subject.row_id: one.id for one in owed}
    rows = source.session.execute(
        select(Action, Meeting.number, Case.reference)
        .join(Meeting, Meeting.id == Action.meeting_id)
        .join(Case, Case.id == Action.case_id)
        .where(Action.id.in_(timescales))
        .order_by(Case.reference, Action.number)
    )
    tasks = tuple(
        Task(
            reference=reference,
            timescale_id=timescales[action.id],
            number=action.number,
            agency=policy.agency_name(action.agency),
            due_on=action.due_on,
            meeting=number,
            set_on=action.set_on,
            text=one_line(action.text) if details else None,
        )
        for action, number, reference in rows
    )
    return Letter(Tasks(tasks, details))
