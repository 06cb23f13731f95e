"""What a changed policy would make of the duties that run: seen before it is in force, and written down when it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.timescales import refresh
from models.audit import Change, append
from models.cases import Case
from models.obligations import Timescale
from models.record import Record
from policy.book import PolicyBook
from policy.numbers import Policy
from policy.vocabulary import State

BATCH = 200
DAYS_AHEAD = 30
"""For so many days the prompts are counted that a policy makes."""


@dataclass(frozen=True, slots=True)
class Duty:
    """An open duty as it stands under one policy. ``prompts``: those it raises in the days ahead, one a reader."""

    case: str
    kind: str
    label: str | None
    due_on: date
    prompts: int


@dataclass(frozen=True, slots=True)
class Redated:
    """A duty that a policy changes: its due date, or how often its readers are prompted in the days ahead.

    ``was`` is None for a duty that only the changed policy has.
    """

    was: Duty | None
    now: Duty

    @property
    def days(self) -> int:
        """Return by how many days it would be due later; less than 0: earlier."""
        return 0 if self.was is None else (self.now.due_on - self.was.due_on).days


@dataclass(slots=True)
class Trial:
    """What a policy would change: the duties, and how many prompts go out in the days ahead, before and after."""

    cases: int = 0
    duties: int = 0
    prompts_before: int = 0
    prompts_after: int = 0
    changed: list[Redated] = field(default_factory=list)


def in_force_now(book: PolicyBook, policy: Policy, today: date) -> PolicyBook:
    """Return a book in which a policy is in force today, though it may begin later."""
    begun = policy.model_copy(update={"in_force_from": min(policy.in_force_from, today)})
    return PolicyBook(tuple(begun if one is policy else one for one in book.policies))


def try_policy(record: Record, book: PolicyBook, as_at: datetime, actor: str, area: str | None = None) -> Trial:
    """Work out the duties of open cases by another book of policies, and leave everything as it is."""
    trial, last = Trial(), 0
    changed = record.with_policies(book)
    while True:
        query = select(Case).where(Case.closed_on.is_(None), Case.id > last)
        if area is not None:
            query = query.where(Case.area == area)
        with changed.writing() as session:
            cases = session.scalars(query.order_by(Case.id).limit(BATCH)).all()
            references = {case.id: case.reference for case in cases}
            before = open_duties(session, references, as_at)
            refresh(session, cases, as_at, actor, quiet=True)
            note(trial, before, open_duties(session, references, as_at))
            trial.cases, last = trial.cases + len(cases), max(references, default=0)
            session.rollback()
        if not last:
            return trial


def open_duties(session: Session, references: dict[int, str], as_at: datetime) -> dict[int, Duty]:
    """Return the open duties of cases, by their ids."""
    session.flush()
    query = select(
        Timescale.id, Timescale.case_id, Timescale.kind, Timescale.label, Timescale.due_on, Timescale.ladder,
        Timescale.next_rung,
    ).where(Timescale.case_id.in_(references), Timescale.state == State.OPEN)  # fmt: skip
    return {
        row.id: Duty(
            references[row.case_id], row.kind, row.label, row.due_on,
            prompts_ahead(row.ladder[row.next_rung :], as_at),
        )
        for row in session.execute(query.order_by(Timescale.id))
    }  # fmt: skip


def prompts_ahead(ladder: Sequence[dict[str, Any]], as_at: datetime) -> int:
    """Return how many prompts a ladder raises in the days ahead, and now: one for each role that a rung names."""
    until = as_at + timedelta(days=DAYS_AHEAD)
    return sum(len(step["to"]) for step in ladder if datetime.fromisoformat(step["at"]) <= until)


def note(trial: Trial, before: dict[int, Duty], after: dict[int, Duty]) -> None:
    """Add a batch to a trial."""
    trial.duties += len(before)
    trial.prompts_before += prompts_of(before.values())
    trial.prompts_after += prompts_of(after.values())
    for key, now in after.items():
        was = before.get(key)
        if was is None or (was.due_on, was.prompts) != (now.due_on, now.prompts):
            trial.changed.append(Redated(was, now))


def prompts_of(duties: Iterable[Duty]) -> int:
    """Return how many prompts duties raise in the days ahead."""
    return sum(duty.prompts for duty in duties)


def note_adoption(session: Session, policy: Policy, base: str, as_at: datetime, actor: str) -> None:
    """Write down in the trail that a policy was adopted."""
    after = {"version": policy.version, "area": policy.area, "in_force_from": policy.in_force_from}
    change = Change("policy", "policy-adopted", policy.version, {"version": base}, after)
    append(session, [change], actor=actor, at=as_at)
