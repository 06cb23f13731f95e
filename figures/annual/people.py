"""Whom the report counts as people: those in the community on 31 March, and those managed at level 2 or 3 in the year.

Both are queries of one row a person, counted or listed by whoever asks. Prison and hospital are left out (annual report
of Norfolk 2018-19, note (a)).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select

from figures.periods import Period
from figures.stood import ONE_PERSON
from models.people import Person
from models.registrations import Spell
from policy.vocabulary import Level, Location


def runs(first: date, last: date) -> ColumnElement[bool]:
    """Return the condition that a spell has a day among those from ``first`` to ``last``."""
    return (Spell.starts_on <= last) & or_(Spell.ends_on.is_(None), Spell.ends_on >= first)


def eligible(areas: Sequence[str], day: date) -> Subquery:
    """Return a row for each person in the community on a day: as they stood on it, once.

    Where one case ended and another began on the day, the one that began counts, wherever it is.
    """
    rank = func.row_number().over(partition_by=ONE_PERSON, order_by=(Spell.starts_on.desc(), Spell.id.desc()))
    one_each = ranked(rank).where(runs(day, day)).subquery()
    return (
        select(one_each)
        .where(one_each.c.nth == 1, one_each.c.location == Location.COMMUNITY.value, one_each.c.area.in_(areas))
        .subquery("eligible")
    )


def managed(areas: Sequence[str], year: Period) -> Subquery:
    """Return a row for each person an area managed in the community at level 2 or 3 in the year, once.

    A person counts at the highest level held in the year, in the category they had when they first held it in the year.
    By that alone London 2013-14 can have 12 people of category 3 at level 3 on 31 March, and 11 in the year: somebody
    came to level 3 in another category. A time before the category was known says nothing of it. A person whom two
    areas managed counts in each, as each publishes what it managed.
    """
    first_at_the_highest = (Spell.level.desc(), Spell.category.is_(None), Spell.starts_on, Spell.id)
    rank = func.row_number().over(partition_by=(ONE_PERSON, Spell.area), order_by=first_at_the_highest)
    one_each = (
        ranked(rank)
        .where(
            runs(year.first, year.last),
            Spell.area.in_(areas),
            Spell.location == Location.COMMUNITY.value,
            Spell.level.in_((Level.MULTI_AGENCY.value, Level.SENIOR_MULTI_AGENCY.value)),
        )
        .subquery()
    )
    return select(one_each).where(one_each.c.nth == 1).subquery("managed")


def ranked(rank: ColumnElement[int]) -> Any:
    """Return spells with the person they are of, and their rank among those of the person."""
    columns = (Spell.case_id, Spell.area, Spell.unit, Spell.category, Spell.level, Spell.location, Spell.starts_on,
               Spell.ends_on)  # fmt: skip
    return select(*columns, rank.label("nth")).join(Person, Person.id == Spell.person_id)


def areas_with_people(areas: Sequence[str], year: Period) -> Select[str]:
    """Return the query of the areas that have anybody on record in the year, in the community or not."""
    return select(Spell.area).where(Spell.area.in_(areas), runs(year.first, year.last)).distinct()
