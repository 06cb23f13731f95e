"""The level of a case, and its history (Joint inspection 2015, 3.9): each change with its day and reason."""

from datetime import date

from sqlalchemy import select

from casework.change import CaseChange
from casework.errors import RefusedError
from models.referrals import LevelSpell, Referral
from policy.vocabulary import Category, Level

CATEGORY_3_OPTIONS = "category 3 is never at level 1; the options are level 2, level 3, or closing the case"


def refuse_level(change: CaseChange, level: int, category: int | None, where: str = "level") -> list[str]:
    """Return why a level cannot be set, in sentences; nothing where it can."""
    effective = category or change.case.category
    if effective is None:
        return ["the case has no category yet: record the decision on identification first"]
    if category == Category.OTHER_DANGEROUS and change.case.category not in (None, Category.OTHER_DANGEROUS):
        return [
            f"category: the case is category {change.case.category}; category 3 is for people who do not qualify "
            "under another"
        ]
    if effective == Category.OTHER_DANGEROUS and level == Level.LEAD_AGENCY:
        return [f"{where}: {CATEGORY_3_OPTIONS} (de-registration)"]
    return []


def set_level(
    change: CaseChange,
    level: int,
    since: date,
    reason: str,
    decided_by: str,
    *,
    category: int | None = None,
    meeting_id: int | None = None,
) -> None:
    """Set the level from a day on; the latest day decides where the case stands.

    What was decided by a day on an undecided referral is its answer. Raises ``RefusedError`` for category 3 at
    level 1, and where no category is decided.
    """
    if reasons := refuse_level(change, level, category):
        raise RefusedError(reasons)
    case, session = change.case, change.session
    before = {"level": case.level, "category": case.category}
    if category == Category.OTHER_DANGEROUS:
        case.category, case.categories, case.eligible_until = int(Category.OTHER_DANGEROUS), [3], None
    session.add(
        LevelSpell(
            case_id=case.id,
            level=level,
            category=case.category,
            since=since,
            reason=reason,
            decided_by=decided_by,
            meeting_id=meeting_id,
        )
    )
    session.flush()
    newest = session.scalar(
        select(LevelSpell)
        .where(LevelSpell.case_id == case.id)
        .order_by(LevelSpell.since.desc(), LevelSpell.id.desc())
        .limit(1)
    )
    assert newest is not None
    case.level, case.level_set_on = newest.level, newest.since
    answer_referrals(change, level, since)
    change.note("level-set", case.reference, before, {"level": level, "category": case.category, "since": since})


def answer_referrals(change: CaseChange, level: int, on: date) -> None:
    """Take a level decided by ``on`` as the answer to the complete referrals received by then without one."""
    waiting = change.session.scalars(
        select(Referral).where(
            Referral.case_id == change.case.id,
            Referral.complete,
            Referral.decided_on.is_(None),
            Referral.received_on <= on,
        )
    )
    for referral in waiting:
        referral.decided_on, referral.decision, referral.letter_at = on, f"level_{level}", change.as_at
