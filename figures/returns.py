"""Returns to custody by breach of an order, as the record of a case tells them: the one definition of it.

Custody that begins from the community within 28 days of a breach of a SOPO or SHPO, and not by recall: a recall is a
return by breach of licence, and counted as that alone. It counts at the level and in the category of the day of the
breach.
"""

from typing import Any

from sqlalchemy import Date, String, and_, cast, func, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Integer

from figures.periods import Period
from figures.stood import ONE_PERSON
from models.base import table_of
from models.events import CustodyEvent
from models.orders import CourtOrder
from models.people import Person
from models.registrations import Spell
from policy.events import EventKind
from policy.vocabulary import Location, OrderKind

BREACHED = (OrderKind.SOPO.value, OrderKind.SHPO.value)
RETURNED_WITHIN = 28
"""Days after a breach of an order; custody that begins later is put down to something else: our default."""
spell, order, custody = map(table_of, (Spell, CourtOrder, CustodyEvent))


class days_in_list(GenericFunction[str]):  # noqa: N801  it is called as functions of SQL are
    """The days in a list, a row each, in the column ``value``."""

    inherit_cache = True


class days_between(GenericFunction[int]):  # noqa: N801  likewise
    """How many days lie between a day and a later one."""

    type = Integer()
    inherit_cache = True


@compiles(days_in_list, "postgresql")
def list_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    """Take a list apart."""
    return f"json_array_elements_text({compiler.process(element.clauses, **options)})"


@compiles(days_in_list, "sqlite")
def list_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    """Take a list apart."""
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(days_between, "postgresql")
def days_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    """Take one day from the other."""
    first, last = (compiler.process(one, **options) for one in element.clauses)
    return f"({last} - {first})"


@compiles(days_between, "sqlite")
def days_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    """Count days as SQLite does, which keeps a day as its text."""
    first, last = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


def returns_by_order(period: Period) -> Any:
    """Return the returns of a period: a row each, with whose it is, its day, and how the case stood at the breach."""
    listed = func.days_in_list(order.c.breaches).table_valued("value")
    # SQLite keeps a day as text, as the list does; PostgreSQL reads it as a day.
    day = cast(listed.c.value, String(10).with_variant(Date(), "postgresql"))
    breaches = (
        select(order.c.case_id, day.label("day"))
        .select_from(order.join(listed, true()))
        .where(order.c.kind.in_(BREACHED))
        .subquery("breach")
    )
    into, before, at = spell.alias("into_custody"), spell.alias("before"), spell.alias("at_breach")
    recalled = select(custody.c.id).where(
        custody.c.case_id == into.c.case_id,
        custody.c.kind == EventKind.RECALL.value,
        custody.c.on_date == into.c.starts_on,
    )
    since = (
        select(into.c.id, into.c.case_id, into.c.starts_on, func.max(breaches.c.day).label("breach"))
        .join(breaches, breaches.c.case_id == into.c.case_id)
        .where(
            into.c.location == Location.CUSTODY.value,
            into.c.starts_on.between(period.first, period.last),
            func.days_between(breaches.c.day, into.c.starts_on).between(0, RETURNED_WITHIN),
            ~recalled.exists(),
        )
        .group_by(into.c.id, into.c.case_id, into.c.starts_on)
        .subquery("since")
    )
    earlier = spell.alias("earlier")
    starts = select(func.max(earlier.c.starts_on)).where(
        earlier.c.case_id == since.c.case_id, earlier.c.starts_on < since.c.starts_on
    )
    was = and_(before.c.case_id == since.c.case_id, before.c.starts_on == starts.scalar_subquery())
    by_then = starts.where(earlier.c.starts_on <= since.c.breach).scalar_subquery()
    # A breach before anything is known of the case counts as the case stood before custody.
    stood = and_(at.c.case_id == since.c.case_id, at.c.starts_on == func.coalesce(by_then, before.c.starts_on))
    return (
        select(
            ONE_PERSON.label("person"),
            since.c.case_id,
            since.c.starts_on.label("day"),
            at.c.area,
            func.coalesce(at.c.unit, "").label("unit"),
            at.c.category,
            at.c.level,
        )
        .select_from(since.join(before, was).join(at, stood).join(Person, Person.id == at.c.person_id))
        .where(before.c.location == Location.COMMUNITY.value)
        .subquery("returned_by_order")
    )
