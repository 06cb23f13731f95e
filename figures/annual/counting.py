"""The counts of the annual report: how much counts at each place, and what it is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from figures.annual import people
from figures.annual.happenings import (
    CHARGE,
    NOTIFICATION_BREACH,
    ORDER_BREACH,
    ORDER_KINDS,
    RECALL,
    REVOKED,
    SRO_BREACH,
    Happening,
    happenings,
)
from figures.annual.layouts import Layout
from figures.annual.places import PEOPLE_OF, Place, of_eligible, of_happening, of_managed, of_people
from figures.periods import Period
from figures.places import unit_name
from models.cases import Case
from models.people import Person
from policy.words import short_date

SAID = {
    RECALL: "returned to custody for a breach of licence",
    ORDER_BREACH: "returned to custody for a breach of an order",
    CHARGE: "charged with a serious further offence",
    NOTIFICATION_BREACH: "cautioned or convicted for a breach of notification requirements",
    REVOKED: "lifetime notification revoked",
    SRO_BREACH: "made subject to notification by breach of a sexual risk order",
    **dict.fromkeys(ORDER_KINDS, "order made"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked about: some areas, and a year in its layout."""

    areas: Sequence[str]
    year: Period
    layout: Layout

    def unit(self, area: str, unit: str | None) -> str:
        """Return the name of the row that counts a unit."""
        return unit_name(area, unit or "", self.areas)


@dataclass(frozen=True, slots=True)
class Counted:
    """One of those whom a cell counts: the case (None: the person had none), whose it is, and why it counts.

    ``since``: the day of the event, or the first of how the person stood.
    """

    case: str | None
    crn: str
    why: str
    since: date


def counts(session: Session, asked: Asked) -> Counter[Place]:
    """Return how much counts at each place. People are counted by the database, in groups."""
    found: Counter[Place] = Counter()
    here = people.eligible(asked.areas, asked.year.last).c
    groups = select(here.area, here.unit, here.category, here.level, func.count())
    for area, unit, category, level, number in session.execute(
        groups.group_by(here.area, here.unit, here.category, here.level)
    ):
        for place in of_eligible(asked.layout, category, level, asked.unit(area, unit)):
            found[place] += number
    actively = people.managed(asked.areas, asked.year).c
    groups = select(actively.category, actively.level, func.count()).group_by(actively.category, actively.level)
    for category, level, number in session.execute(groups):
        found[of_managed(asked.layout, category, level)] += number
    for place, _ in placed_events(session, asked):
        found[place] += 1
    return found


def placed_events(session: Session, asked: Asked) -> Iterator[tuple[Place, Happening]]:
    """Yield each event that counts with its place, and each person who was returned to custody with theirs."""
    events = happenings(session, asked.areas, asked.year)
    for event in events:
        if (place := of_happening(asked.layout, event)) is not None:
            yield place, event
    yield from of_people(asked.layout, events)


def counted(session: Session, asked: Asked, cell: Place) -> list[Counted]:
    """Return whom a cell counts, by case: as many as the number that stands there."""
    if cell.table in ("eligible", "units", "yearly", "data"):
        found = [one for place, one in placed_people(session, asked) if place.counts_in(cell)]
    else:
        found = []
    events = [event for place, event in placed_events(session, asked) if place.counts_in(cell)]
    if events:
        found += named(session, events, once=cell.table in PEOPLE_OF.values())
    return sorted(found, key=lambda one: (one.case or "", one.crn, one.since, one.why))


def placed_people(session: Session, asked: Asked) -> Iterator[tuple[Place, Counted]]:
    """Yield each person who is counted as such with their place, and why they count."""
    last = asked.year.last
    for row in session.execute(with_names(people.eligible(asked.areas, last))):
        why = f"in the community on {short_date(last)} {standing(row.category, row.level)}, {since(row)}"
        for place in of_eligible(asked.layout, row.category, row.level, asked.unit(row.area, row.unit)):
            yield place, Counted(row.reference, row.crn, why, row.starts_on)
    for row in session.execute(with_names(people.managed(asked.areas, asked.year))):
        why = f"managed in the community {standing(row.category, row.level)}, {since(row)}"
        yield of_managed(asked.layout, row.category, row.level), Counted(row.reference, row.crn, why, row.starts_on)


def with_names(rows: Any) -> Any:
    """Return the query of some people with the reference of the case and the CRN."""
    case = select(rows, Case.reference, Person.crn).join(Case, Case.id == rows.c.case_id)
    return case.join(Person, Person.id == Case.person_id)


def standing(category: int | None, level: int | None) -> str:
    """Return level and category inside a sentence."""
    return ("without a level" if level is None else f"at level {level}") + (
        ", without a category" if category is None else f" in category {category}"
    )


def since(row: Any) -> str:
    """Return the days of a spell inside a sentence."""
    start: date = row.starts_on
    return f"since {short_date(start)}" if row.ends_on is None else f"{short_date(start)} to {short_date(row.ends_on)}"


def named(session: Session, events: Sequence[Happening], *, once: bool) -> list[Counted]:
    """Return events by the case and the person they are of. ``once``: each stands for a person, not for itself."""
    cases = dict(session.execute(select(Case.id, Case.reference).where(Case.id.in_({e.case_id for e in events}))).all())
    crns = dict(session.execute(select(Person.id, Person.crn).where(Person.id.in_({e.person for e in events}))).all())
    note = ", the return that counts for this person" if once else ""
    return [
        Counted(cases.get(event.case_id), crns[event.person], f"{said_of(event)}{note}", event.on)  # type: ignore[arg-type]
        for event in events
    ]


def said_of(event: Happening) -> str:
    """Return an event with its day, and who told of it, in a sentence."""
    what = f"{SAID[event.kind]} on {short_date(event.on)}"
    if event.kind in ORDER_KINDS:
        what = f"{event.kind.removeprefix('order_').replace('_', ' ')} order: {what}"
    teller = "by a file of events" if event.by_file else "by the record of the case"
    return f"{what} {standing(event.category, event.level)}, {teller}"
