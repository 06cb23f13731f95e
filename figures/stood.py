"""Where a case stood on a day: its area, unit, lead agency and level, read from its spells."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, case, func, literal, select

from models.cases import Case
from models.registrations import Spell

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


@cache
def standings() -> CTE:
    """Return where each case stood from a day (``since``) until before another (``until``), without a gap.

    The first spell of a case counts for every day before it too, and the last for every day after it: what was left to
    do when a case was closed is counted where the case stood last.
    """
    first = func.row_number().over(partition_by=Spell.case_id, order_by=Spell.starts_on) == 1
    after = func.lead(Spell.starts_on).over(partition_by=Spell.case_id, order_by=Spell.starts_on)
    return select(
        Spell.case_id,
        Spell.area,
        Spell.unit,
        Spell.lead_agency,
        Spell.level,
        case((first, literal(FIRST)), else_=Spell.starts_on).label("since"),
        func.coalesce(after, literal(LAST)).label("until"),
    ).cte("stood")


class Stood:
    """Where cases stood on a day of each row, as columns of a query; of a case without spells, where it stands now."""

    def __init__(self, day: ColumnElement[Any]) -> None:
        """Take the day, as an expression."""
        self.day, self.table = day, standings()

    def joined(self, rows: Any, case_id: ColumnElement[Any]) -> Any:
        """Return rows of a table joined with their case, and with where it stood."""
        return rows.join(Case, Case.id == case_id).outerjoin(self.table, self.of(case_id))

    def of(self, case_id: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition of where a case stood on the day."""
        return and_(self.table.c.case_id == case_id, self.table.c.since <= self.day, self.day < self.table.c.until)

    @property
    def area(self) -> ColumnElement[str]:
        """The area."""
        return func.coalesce(self.table.c.area, Case.area)

    @property
    def unit(self) -> ColumnElement[str]:
        """The unit, "" where none is known: a spell without one says so."""
        known = case((self.table.c.case_id.is_(None), Case.unit), else_=self.table.c.unit)
        return func.coalesce(known, "")

    @property
    def lead_agency(self) -> ColumnElement[str]:
        """The lead agency."""
        return func.coalesce(self.table.c.lead_agency, Case.lead_agency)

    @property
    def level(self) -> ColumnElement[int]:
        """The level, 0 where there was none."""
        known = case((self.table.c.case_id.is_(None), Case.level), else_=self.table.c.level)
        return func.coalesce(known, 0)
