"""The people managed at level 2 or 3 in a period, and how each stood at its beginning and at its end.

The beginning is the first day of the period on which the person was managed at level 2 or 3. The end is its last day;
of a case that was closed before, the day on which it was.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from figures.periods import Period
from figures.stood import ONE_PERSON
from models.base import table_of
from models.cases import Fact
from models.people import Person
from models.registrations import Spell
from policy.outcomes import HIGHER, LOWER, SAME, UNKNOWN
from policy.vocabulary import FactKind, Level, RoshLevel

MULTI_AGENCY = (Level.MULTI_AGENCY.value, Level.SENIOR_MULTI_AGENCY.value)
spell, fact = table_of(Spell), table_of(Fact)


def managed(period: Period, areas: Sequence[str]) -> Any:
    """Return a row for each person an area managed at level 2 or 3 in a period: level and risk at both ends.

    A person whom two areas managed counts in each, as each accounts for what it managed.
    """
    runs = and_(spell.c.starts_on <= period.last, or_(spell.c.ends_on.is_(None), spell.c.ends_on >= period.first))
    of_one = (ONE_PERSON, spell.c.area)
    at_the_level = case((spell.c.level.in_(MULTI_AGENCY), 0), else_=1)
    begins_on = case((spell.c.starts_on < period.first, literal(period.first)), else_=spell.c.starts_on)
    ranked = (
        select(
            ONE_PERSON.label("person"),
            spell.c.case_id,
            spell.c.area,
            func.coalesce(spell.c.unit, "").label("unit"),
            spell.c.level,
            begins_on.label("begins_on"),
            at_the_level.label("not_at_the_level"),
            func.row_number()
            .over(partition_by=of_one, order_by=(at_the_level, spell.c.starts_on, spell.c.id))
            .label("nth"),
            func.row_number()
            .over(partition_by=of_one, order_by=(spell.c.starts_on.desc(), spell.c.id.desc()))
            .label("nth_last"),
        )
        .join(Person, Person.id == spell.c.person_id)
        .where(runs, spell.c.level.is_not(None), spell.c.area.in_(areas))
        .cte("ranked")
    )
    first = select(ranked).where(ranked.c.nth == 1, ranked.c.not_at_the_level == 0).subquery("first")
    last = select(ranked).where(ranked.c.nth_last == 1).subquery("last")
    same_one = and_(first.c.person == last.c.person, first.c.area == last.c.area)
    risk_then = func.coalesce(
        assessed(first.c.case_id, fact.c.on_date <= first.c.begins_on, newest=True),
        assessed(first.c.case_id, fact.c.on_date <= period.last, newest=False),
    )
    risk_now = assessed(last.c.case_id, fact.c.on_date <= period.last, newest=True)
    return (
        select(
            first.c.person,
            last.c.case_id,
            first.c.area,
            last.c.unit,
            first.c.level.label("level_then"),
            last.c.level.label("level_now"),
            risk_then.label("risk_then"),
            func.coalesce(risk_now, risk_then).label("risk_now"),
        )
        .join(last, same_one)
        .subquery("managed")
    )


def assessed(case_id: ColumnElement[Any], when: ColumnElement[bool], *, newest: bool) -> ColumnElement[Any]:
    """Return the risk of serious harm by the newest or the oldest assessment of a case, as a number from 0 up."""
    rank = case({level.value: place for place, level in enumerate(RoshLevel)}, value=fact.c.data["level"].as_string())
    order = (fact.c.on_date.desc(), fact.c.id.desc()) if newest else (fact.c.on_date, fact.c.id)
    of_case = and_(fact.c.case_id == case_id, fact.c.kind == FactKind.RISK_ASSESSMENT, rank.is_not(None))
    return select(rank).where(of_case, when).order_by(*order).limit(1).scalar_subquery()


def how(then: ColumnElement[Any], now: ColumnElement[Any]) -> ColumnElement[str]:
    """Return how somebody stands now beside then, as ``policy.outcomes`` calls it."""
    return case((then.is_(None), UNKNOWN), (now < then, LOWER), (now > then, HIGHER), else_=SAME)
