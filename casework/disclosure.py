"""Disclosures that were proposed, answered or made: taken up by the disclosure flow, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from casework import problems
from models.cases import Case
from models.disclosures import Disclosure
from models.obligations import Timescale
from policy.kinds import Plan
from policy.vocabulary import DisclosureState, FactKind

STAGE = "disclosure"


@dataclass(frozen=True, slots=True)
class TakenUp:
    """One disclosure, its case, and the timescale of its making (None before it is approved)."""

    disclosure: Disclosure
    case: Case
    timescale_id: int | None


def take_up(session: Session, disclosure_ids: Sequence[int], as_at: datetime) -> list[TakenUp]:
    """Return the disclosures that still wait to be taken up, and note that they are.

    One that is proposed is put to a second person as a question; any answer takes the question back.
    """
    found = session.scalars(
        select(Disclosure)
        .where(Disclosure.id.in_(disclosure_ids), Disclosure.follow_at.is_not(None))
        .options(joinedload(Disclosure.case))
        .order_by(Disclosure.id)
        .with_for_update(of=Disclosure)
    ).all()
    running = {
        (row.case_id, row.subject.row): row.id
        for row in session.execute(
            select(Timescale.id, Timescale.case_id, Timescale.subject).where(
                Timescale.case_id.in_([one.case_id for one in found]), Timescale.kind == Plan.DISCLOSURE
            )
        )
    }
    standing = problems.open_questions(session, STAGE, [problem_subject(one) for one in found])
    for one in found:
        questions = [
            f"disclosure {one.number}, proposed on {one.proposed_on}, waits for a second person: approve or refuse it"
        ]
        waits = one.state == DisclosureState.PROPOSED and one.case.closed_on is None
        subject = problem_subject(one)
        asked, answers = questions if waits else [], [FactKind.DISCLOSURE_APPROVAL]
        problems.ask(session, STAGE, subject, one.case_id, asked, as_at, standing.get(subject), answers)
        one.follow_at = None
    session.flush()
    return [TakenUp(one, one.case, running.get((one.case_id, one.id))) for one in found]


def problem_subject(disclosure: Disclosure) -> str:
    """Return how a question about a disclosure is filed."""
    return f"disclosure {disclosure.id}"
