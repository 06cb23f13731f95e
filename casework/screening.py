"""Referrals that came in or were answered: taken up by the screening flow, once each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.cases import Case
from models.obligations import Timescale
from models.referrals import Referral
from policy.kinds import Screening
from policy.vocabulary import ScreeningDecision


@dataclass(frozen=True, slots=True)
class TakenUp:
    """One referral, its case, and the timescale of its answer (None: it is incomplete, so none runs)."""

    referral: Referral
    case: Case
    timescale_id: int | None

    @property
    def what(self) -> str:
        """Return what is to be told: it was sent back, it waits for screening, or how it was answered."""
        referral = self.referral
        if referral.returned_on is not None:
            return "returned"
        return "received" if referral.decided_on is None else "answered"

    @property
    def outcome_text(self) -> str:
        """Return what came of it, for an operator."""
        referral = self.referral
        if self.what == "returned":
            return f"sent back: {len(referral.missing)} missing"
        if self.what == "received":
            return "complete: put to screening"
        return f"answered: {(referral.decision or '').replace('_', ' ')}"


def take_up(session: Session, referral_ids: Sequence[int]) -> list[TakenUp]:
    """Return the referrals that still wait to be taken up, and note that they are."""
    referrals = session.scalars(
        select(Referral)
        .where(Referral.id.in_(referral_ids), Referral.letter_at.is_not(None))
        .options(joinedload(Referral.case))
        .order_by(Referral.id)
        .with_for_update(of=Referral)
    ).all()
    running = {
        (row.case_id, row.subject.row): row.id
        for row in session.execute(
            select(Timescale.id, Timescale.case_id, Timescale.subject).where(
                Timescale.case_id.in_([referral.case_id for referral in referrals]),
                Timescale.kind == Screening.SCREENING_DECISION,
            )
        )
    }
    for referral in referrals:
        referral.letter_at = None
    session.flush()
    return [TakenUp(row, row.case, running.get((row.case_id, row.id))) for row in referrals]


def asks_for_a_letter(taken: TakenUp) -> bool:
    """Tell whether the referrer is to hear the answer: one sent back hears by the ladder of the resubmission."""
    return taken.what == "answered" and taken.referral.decision != ScreeningDecision.MORE_INFORMATION
