"""Whose a row is, and where a case stood on a day: its area, unit, lead agency and level, read from its spells."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from models.base import table_of
from models.cases import Case
from models.people import Person
from models.registrations import Spell

spell, of_case = table_of(Spell), table_of(Case)
ONE_PERSON = func.coalesce(Person.merged_into_id, Person.id)
"""Whom a row joined with its person is of: somebody who turned out to be another person on record is that one."""


class Stood:
    """Where cases stood on a day of each row, as columns of a query; of a case without spells, where it stands now.

    A day before the first spell of a case counts to that spell, and one after the last to the last: what was left to do
    when a case was closed is counted where the case stood last.
    """

    def __init__(self, day: ColumnElement[Any]) -> None:
        """Take the day, as an expression."""
        self.day, self.spell = day, spell.alias("stood")

    def joined(self, rows: Any, case_id: ColumnElement[Any]) -> Any:
        """Return rows of a table joined with their case, and with where it stood."""
        return rows.join(of_case, of_case.c.id == case_id).outerjoin(self.spell, self.of(case_id))

    def of(self, case_id: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition of the spell in which a case stood on the day: by its index, one look a row."""
        other = spell.alias()
        of_the_case = other.c.case_id == case_id
        begun = select(func.max(other.c.starts_on)).where(of_the_case, other.c.starts_on <= self.day)
        first = select(func.min(other.c.starts_on)).where(of_the_case)
        since = func.coalesce(begun.scalar_subquery(), first.scalar_subquery())
        return and_(self.spell.c.case_id == case_id, self.spell.c.starts_on == since)

    @property
    def area(self) -> ColumnElement[str]:
        """The area."""
        return func.coalesce(self.spell.c.area, of_case.c.area)

    @property
    def unit(self) -> ColumnElement[str]:
        """The unit, "" where none is known: a spell without one says so."""
        known = case((self.spell.c.case_id.is_(None), of_case.c.unit), else_=self.spell.c.unit)
        return func.coalesce(known, "")

    @property
    def lead_agency(self) -> ColumnElement[str]:
        """The lead agency."""
        return func.coalesce(self.spell.c.lead_agency, of_case.c.lead_agency)

    @property
    def level(self) -> ColumnElement[int]:
        """The level, 0 where there was none."""
        known = case((self.spell.c.case_id.is_(None), of_case.c.level), else_=self.spell.c.level)
        return func.coalesce(known, 0)
