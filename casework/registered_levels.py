"""The levels that a case was taken on with: its history of levels, kept in step with its registrations."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from casework.facts.between_meetings import by
from models.bulk import insert_many
from models.cases import Case
from models.referrals import LevelSpell
from policy.registrations import Stretch, level_changes
from policy.vocabulary import Category


def keep_levels(
    session: Session, cuts: Mapping[int, Sequence[Stretch]], on_record: Mapping[int, Case], actor: str
) -> None:
    """Bring the history of levels up to the registrations; what people decided here stays. The newest stands.

    ``cuts``: the stretches of days of the registrations, by the key of the case. ``on_record``: the cases that were
    there before, whose level then follows; a new one has it from its start.
    """
    of_cases = select(LevelSpell).where(LevelSpell.case_id.in_(on_record)).order_by(LevelSpell.since, LevelSpell.id)
    known = by(session.scalars(of_cases), lambda row: row.case_id)
    gone: list[int] = []
    new: list[dict[str, Any]] = []
    for case_id, cut in cuts.items():
        wanted = {(one.starts_on, one.counts.level, one.counts.category) for one in level_changes(cut)}
        there = {(row.since, row.level, row.category): row for row in known[case_id] if row.registered}
        gone += [there[key].id for key in there.keys() - wanted]
        rows = [level_row(case_id, key, actor) for key in sorted(wanted - there.keys())]
        new += rows
        standing = [(row.since, row.id, row.level) for row in known[case_id] if row.id not in gone]
        newest = max([*standing, *((row["since"], 0, row["level"]) for row in rows)], default=None)
        if (case := on_record.get(case_id)) is not None:
            case.level, case.level_set_on = (newest[2], newest[0]) if newest else (None, None)
    if gone:
        session.execute(delete(LevelSpell).where(LevelSpell.id.in_(gone)))
    insert_many(session, LevelSpell, new)


def level_row(case_id: int, key: tuple[date, int | None, int], actor: str) -> dict[str, Any]:
    """Return a level that a case was taken on with."""
    since, level, category = key
    return {
        "case_id": case_id,
        "level": level,
        "category": category,
        "since": since,
        "reason": f"Registered at level {level} in the system it was taken on from.",
        "decided_by": actor,
        "meeting_id": None,
        "registered": True,
    }


def decided_on_3(session: Session, case_id: int) -> bool:
    """Tell whether people decided on category 3 here: registrations alone make it end with them."""
    decided = select(func.count()).where(
        LevelSpell.case_id == case_id, ~LevelSpell.registered, LevelSpell.category == int(Category.OTHER_DANGEROUS)
    )
    return session.scalar(decided) != 0
