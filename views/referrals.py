"""Referrals (MAPPA A), and the history of levels that screening and meetings set."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from casework.facts.querying import about, given
from models.cases import Case
from models.referrals import LevelSpell, Referral
from views.model import COUNTED, OfCase, View, equal, filled, of_cases


class ReferralView(OfCase, title="Referral"):
    """A referral as it was received, and what screening answered."""

    received_on: date = Field(description="When it was received.")
    complete: bool = Field(description="Whether it says all that is asked for.")
    missing: Annotated[list[str], COUNTED] = Field(
        description="What it lacks, or what screening also needs; a sentence each."
    )
    returned_on: date | None = Field(description="When it was sent back; null where it was not.")
    decision: str | None = Field(
        description="What screening answered, or `level_` and the level that was set instead; null while it waits."
    )
    decided_on: date | None = Field(description="When it was answered; null while it waits.")


class LevelView(View, title="Level"):
    """A level of a case from a day on."""

    level: int = Field(description="1, 2 or 3.")
    category: int | None = Field(description="The category at that moment.")
    since: date = Field(description="From when.")
    decided_by: str = Field(description="Who decided it.")
    reason: str = Field(description="Why.")


def referrals(
    session: Session, *, crn: str | None = None, area: str | None = None, unanswered: bool = False
) -> Iterator[ReferralView]:
    """Yield referrals by case reference, the day they were received, and id."""
    query = given(
        of_cases(
            Referral,
            Referral.received_on,
            Referral.complete,
            Referral.missing,
            Referral.returned_on,
            Referral.decision,
            Referral.decided_on,
        ).order_by(Case.reference, Referral.received_on, Referral.id),
        about(crn),
        equal(Case.area, area),
        waits_for_somebody() if unanswered else None,
    )
    return filled(session, query, ReferralView)


def waits_for_somebody() -> ColumnElement[bool]:
    """Return the condition of a referral that still waits: for screening, or to come again after it was sent back.

    The newest of an open case, as for the timescales (``policy.obligations.all.owed_on_referrals``); one sent back
    waits no longer once a level was decided.
    """
    later = aliased(Referral)
    newest = ~exists().where(
        later.case_id == Referral.case_id,
        or_(
            later.received_on > Referral.received_on,
            and_(later.received_on == Referral.received_on, later.id > Referral.id),
        ),
    )
    level_since = exists().where(LevelSpell.case_id == Referral.case_id, LevelSpell.since >= Referral.returned_on)
    waits = or_(Referral.decided_on.is_(None), Referral.returned_on.is_not(None))
    return and_(Case.closed_on.is_(None), newest, waits, or_(Referral.returned_on.is_(None), ~level_since))


def levels(session: Session, case: Case) -> Iterator[LevelView]:
    """Yield the history of levels of a case, the oldest first."""
    spells = select(
        LevelSpell.level, LevelSpell.category, LevelSpell.since, LevelSpell.decided_by, LevelSpell.reason
    ).where(LevelSpell.case_id == case.id)
    return filled(session, spells.order_by(LevelSpell.since, LevelSpell.id), LevelView)
