"""What an event of each published kind is, whichever way it came to the record: the one place that says so.

| kind | by a file of events | by the record of a case |
|---|---|---|
| licence_recall | its rows | a recall to custody |
| order_breach_custody | its rows | custody soon after a breach of an order (``figures.returns``) |
| serious_further_offence_charge | its rows | a further charge that was said to be serious |
| order_... | its rows | an order of that kind, on the day on which it begins |
| notification_breach | its rows | nothing: courts and police tell of it |
| notification_revoked | its rows | a review that ended notification without an end |
| sro_breach_notification | its rows | an incident: by breach of a sexual risk order the person must notify |

What both tell of one person, kind and day is one event. A file may tell of several of one day, by number.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from figures.periods import Period
from figures.returns import returns_by_order
from figures.stood import ONE_PERSON
from models.cases import Case, Fact
from models.events import CustodyEvent
from models.orders import CourtOrder
from models.people import Person, Sentence
from models.registrations import ReportedEvent, Spell
from policy.events import EventKind
from policy.vocabulary import FactKind, OrderKind, ReportedKind

RECALL, ORDER_BREACH = ReportedKind.LICENCE_RECALL, ReportedKind.ORDER_BREACH_CUSTODY
CHARGE = ReportedKind.SERIOUS_FURTHER_OFFENCE_CHARGE
NOTIFICATION_BREACH, REVOKED = ReportedKind.NOTIFICATION_BREACH, ReportedKind.NOTIFICATION_REVOKED
SRO_BREACH = ReportedKind.SRO_BREACH_NOTIFICATION
SHPO, SHPO_TRAVEL = ReportedKind.ORDER_SHPO, ReportedKind.ORDER_SHPO_TRAVEL
ORDERS = {
    OrderKind.SOPO: ReportedKind.ORDER_SOPO,
    OrderKind.SHPO: SHPO,
    OrderKind.NOTIFICATION_ORDER: ReportedKind.ORDER_NOTIFICATION,
    OrderKind.FOREIGN_TRAVEL_ORDER: ReportedKind.ORDER_FOREIGN_TRAVEL,
}
ORDER_KINDS = (*ORDERS.values(), SHPO_TRAVEL)
PUBLISHED = (RECALL, ORDER_BREACH, CHARGE, NOTIFICATION_BREACH, REVOKED, SRO_BREACH, *ORDER_KINDS)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. ``category``, ``level``: those at the time. ``by_file``: a file of events told of it.

    ``person``: the id of whom it is of; ``case_id`` None: the person had no case then.
    """

    kind: ReportedKind
    person: int
    on: date
    area: str
    category: int | None
    level: int | None
    case_id: int | None
    by_file: bool = False


def happenings(session: Session, areas: Sequence[str], year: Period) -> list[Happening]:
    """Return the events of the year in some areas, each once, by day."""
    told = [
        *reported(session, year),
        *custody_events(session, year),
        *orders_made(session, year),
        *returned_by_order(session, year),
        *revoked(session, year),
        *notifying_by_breach(session, year),
    ]
    here = set(areas)
    return [one for one in each_once(sorted(told, key=in_order)) if one.area in here]


def in_order(one: Happening) -> tuple[Any, ...]:
    """Return what events are sorted by: what is told alike is told in one order, whatever the order of the rows."""
    return one.on, one.kind, one.person, -(one.level or 0), one.category or 0, one.case_id or 0, one.area


def each_once(told: Iterable[Happening]) -> Iterator[Happening]:
    """Yield what was told, without what the record and a file tell alike; where they differ, the one with a level.

    An order that forbids travel is told by the record as an SHPO: it is the same order, with the travel.
    """
    alike: dict[tuple[int, date, str], tuple[list[Happening], list[Happening]]] = defaultdict(lambda: ([], []))
    for one in told:
        kind = SHPO if one.kind == SHPO_TRAVEL else one.kind
        alike[one.person, one.on, kind][one.by_file].append(one)
    for by_record, by_file in alike.values():
        for number in range(max(1, len(by_file))):
            # Two entries of one kind and day on the record of a case tell of one event.
            both = [side[number] for side in (by_file, by_record[:1]) if number < len(side)]
            first = both[0]
            levelled = next((one for one in both if one.level is not None), first)
            yield replace(first, level=levelled.level, category=first.category or levelled.category)


def reported(session: Session, year: Period) -> Iterator[Happening]:
    """Yield what files of events tell."""
    event = ReportedEvent
    query: Any = (
        select(event.kind, ONE_PERSON.label("person"), event.on_date, event.area, event.category, event.level,
               event.case_id)
        .join(Person, Person.id == event.person_id)
        .where(event.on_date.between(year.first, year.last), event.kind.in_([one.value for one in PUBLISHED]))
    )  # fmt: skip
    for kind, person, on, area, category, level, case_id in session.execute(query):
        yield Happening(ReportedKind(kind), person, on, area, category, level, case_id, by_file=True)


def custody_events(session: Session, year: Period) -> Iterator[Happening]:
    """Yield recalls, and charges with a serious further offence, at the level and category of the day."""
    event = CustodyEvent
    recall, charge = event.kind == EventKind.RECALL.value, event.kind == EventKind.FURTHER_CHARGE.value
    standing = func.coalesce(event.category, Spell.category), func.coalesce(event.level, Spell.level)
    query: Any = select(event.kind, *of_case(), event.on_date, *standing).select_from(event)
    query = stood(query.join(Case, Case.id == event.case_id), event.on_date)
    query = query.where(
        event.on_date.between(year.first, year.last), or_(recall, and_(charge, event.serious.is_(True)))
    )
    for kind, case_id, person, area, on, category, level in session.execute(query):
        published = RECALL if kind == EventKind.RECALL else CHARGE
        yield Happening(published, person, on, area, category, level, case_id)


def orders_made(session: Session, year: Period) -> Iterator[Happening]:
    """Yield the orders that courts made, on the day on which each begins."""
    order = CourtOrder
    query: Any = select(order.kind, *of_case(), order.starts_on, Spell.category, Spell.level).select_from(order)
    query = stood(query.join(Case, Case.id == order.case_id), order.starts_on)
    query = query.where(order.starts_on.between(year.first, year.last), order.kind.in_([one.value for one in ORDERS]))
    for kind, case_id, person, area, on, category, level in session.execute(query):
        yield Happening(ORDERS[OrderKind(kind)], person, on, area, category, level, case_id)


def returned_by_order(session: Session, year: Period) -> Iterator[Happening]:
    """Yield returns to custody by breach of a SOPO or SHPO."""
    for one in session.execute(select(returns_by_order(year))):
        yield Happening(ORDER_BREACH, one.person, one.day, one.area, one.category, one.level, one.case_id)


def revoked(session: Session, year: Period) -> Iterator[Happening]:
    """Yield the ends of notification that a review gave (SOA 2003 s.91B); several sentences of a person are one."""
    ended = Sentence.notification_ended_on
    query: Any = select(*of_case(), ended, Spell.category, Spell.level).select_from(Sentence)
    query = stood(query.join(Case, Case.id == Sentence.case_id), ended)
    query = query.where(ended.between(year.first, year.last), Sentence.withdrawn_on.is_(None)).distinct()
    for case_id, person, area, on, category, level in session.execute(query):
        yield Happening(REVOKED, person, on, area, category, level, case_id)


def notifying_by_breach(session: Session, year: Period) -> Iterator[Happening]:
    """Yield people who must notify after they breached a sexual risk order (annual report of Norfolk 2018-19, (h))."""
    query: Any = select(*of_case(), Fact.on_date, Spell.category, Spell.level, Fact.data).select_from(Fact)
    query = stood(query.join(Case, Case.id == Fact.case_id), Fact.on_date)
    query = query.where(Fact.kind == FactKind.INCIDENT.value, Fact.on_date.between(year.first, year.last))
    seen: set[tuple[int, date]] = set()
    for case_id, person, area, on, category, level, data in session.execute(query):
        # An incident is told again with what was decided later.
        if (data.get("notification") or {}).get("required") and (person, on) not in seen:
            seen.add((person, on))
            yield Happening(SRO_BREACH, person, on, area, category, level, case_id)


def of_case() -> tuple[Any, ...]:
    """Return the case, the person and the area of a row: the area on the day where a spell tells it."""
    return Case.id, ONE_PERSON.label("person"), func.coalesce(Spell.area, Case.area)


def stood(query: Any, day: Any) -> Any:
    """Return a query of cases joined with the person, and with the spell of the case on a day where there is one."""
    on_the_day = and_(
        Spell.case_id == Case.id, Spell.starts_on <= day, or_(Spell.ends_on.is_(None), Spell.ends_on >= day)
    )
    return query.join(Person, Person.id == Case.person_id).outerjoin(Spell, on_the_day)


def areas_with_events(areas: Sequence[str], year: Period) -> Select[str]:
    """Return the query of the areas of which any file of events tells anything in the year."""
    here = ReportedEvent.area.in_(areas), ReportedEvent.on_date.between(year.first, year.last)
    return select(ReportedEvent.area).where(*here).distinct()
