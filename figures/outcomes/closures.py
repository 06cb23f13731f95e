"""The cases closed in a period, by reason, and the level at which each stood on its last day."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select

from figures.periods import Period
from figures.stood import Stood
from models.base import table_of
from models.cases import Case
from models.merges import Merge
from policy.outcomes import Closing

of_case = table_of(Case)


def closures(period: Period, areas: Sequence[str]) -> Any:
    """Return the cases closed in a period in some areas.

    A case that was closed because it was the same person's as another is no end of anything, and is left out.
    """
    stood = Stood(of_case.c.closed_on)
    reasons = [(func.lower(of_case.c.closed_reason).startswith(one.value), one.name.lower())
               for one in Closing if one is not Closing.OTHER]  # fmt: skip
    folded_in = select(Merge.id).where(Merge.other_case_id == of_case.c.id, Merge.split_on.is_(None)).exists()
    return (
        select(
            of_case.c.id.label("case_id"),
            of_case.c.closed_on.label("day"),
            case(*reasons, else_=Closing.OTHER.name.lower()).label("reason"),
            stood.area.label("area"),
            stood.unit.label("unit"),
            stood.level.label("level"),
        )
        .select_from(of_case.outerjoin(stood.spell, stood.of(of_case.c.id)))
        .where(of_case.c.closed_on.between(period.first, period.last), stood.area.in_(areas), ~folded_in)
        .subquery("closures")
    )
