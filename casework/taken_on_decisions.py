"""Decide on many duties at once that were overdue when their area was taken on: a caseload has thousands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.errors import RefusedError
from casework.recording import Actor, Entry, record_many
from models.cases import Case
from models.obligations import Timescale
from models.record import Record
from models.take_on import BY_HARM, is_undecided
from policy.calendar import london_date
from policy.vocabulary import FactKind, State, TakenOnDecision


@dataclass(frozen=True, slots=True)
class Waiting:
    """A duty that waits for a decision: its case, and what tells it from others."""

    case: str
    kind: str
    due_on: date
    label: str | None


@dataclass(slots=True)
class Decided:
    """What came of many decisions: how many were recorded, and of which cases which were refused, with the reasons."""

    decided: int = 0
    refused: list[tuple[str, Sequence[str]]] = field(default_factory=list)


def waiting(session: Session, area: str | None, kind: str | None, due_before: date | None) -> list[Waiting]:
    """Return what waits for a decision, by harm: the highest level first, then what has been due longest."""
    query = select(Case.reference, Timescale.kind, Timescale.due_on, Timescale.label).join_from(Timescale, Case)
    query = query.where(is_undecided(), Timescale.state == State.OPEN)
    if area is not None:
        query = query.where(Case.area == area)
    if kind is not None:
        query = query.where(Timescale.kind == kind)
    if due_before is not None:
        query = query.where(Timescale.due_on < due_before)
    return [Waiting(*row) for row in session.execute(query.order_by(*BY_HARM))]


def decide(
    record: Record, duties: Sequence[Waiting], decision: TakenOnDecision, reason: str, actor: Actor, as_at: datetime
) -> Decided:
    """Record one decision for each duty, each in its transaction: what is refused leaves the others."""
    done = Decided()
    for duty in duties:
        told = {
            "date": london_date(as_at).isoformat(), "kind": duty.kind, "due_on": duty.due_on.isoformat(),
            "about": duty.label, "decision": decision.value, "reason": reason, "by": actor.name,
        }  # fmt: skip
        try:
            with record.writing() as session:
                record_many(session, [Entry(FactKind.TAKEN_ON.value, duty.case, told)], actor=actor, as_at=as_at)
        except RefusedError as refusal:
            done.refused.append((duty.case, refusal.reasons))
        else:
            done.decided += 1
    return done
