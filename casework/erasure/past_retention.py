"""Whose data need not be kept any longer, by the policy of the area; and erasing them where somebody says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from casework.erasure.erase import erase_person, lock_person
from casework.facts.querying import BATCH, given
from models.cases import Case
from models.people import Person, Sentence
from models.record import Record, policies
from policy.calendar import add_months, london_date


@dataclass(frozen=True, slots=True)
class Past:
    """A person whose last case has been closed for longer than its area keeps it."""

    person_id: int
    crn: str
    reference: str
    area: str
    closed_on: date
    years: int
    since: date


@dataclass(slots=True)
class Erased:
    """How many were erased, and how many cases they had."""

    people: int = 0
    cases: int = 0


def people_past(
    session: Session, as_at: datetime, area: str | None = None, person_id: int | None = None
) -> Iterator[Past]:
    """Yield people whose last case has been closed for longer than its area keeps it, by case reference.

    A person with an open case is none of them, nor is one with a later case or a sentence that is still to be
    looked at: it may open one. Who was erased is not found again. A record that was found to be another person's is
    kept as long as that person's, and erased with it.
    """
    today = london_date(as_at)
    other = aliased(Case)
    later = (
        select(other.id)
        .where(other.person_id == Case.person_id, other.id != Case.id)
        .where(other.closed_on.is_(None) | (other.closed_on > Case.closed_on))
    )
    waiting = select(Sentence.id).where(Sentence.person_id == Case.person_id, Sentence.identify_at.is_not(None))
    columns = (Person.id, Person.crn, Case.reference, Case.area, Case.closed_on)
    query = given(
        select(*columns).join(Case, Case.person_id == Person.id),
        Case.closed_on.is_not(None),
        ~Person.erased,
        Person.merged_into_id.is_(None),
        ~later.exists(),
        ~waiting.exists(),
        None if area is None else Case.area == area,
        None if person_id is None else Person.id == person_id,
    )
    years = {}
    for row in session.execute(query.order_by(Case.reference).execution_options(yield_per=BATCH)):
        if row.area not in years:
            years[row.area] = policies(session).for_area(row.area, today).retention.closed_cases_years
        kept = years[row.area]
        if kept and (past := add_months(row.closed_on, 12 * kept)) <= today:
            yield Past(row.id, row.crn, row.reference, row.area, row.closed_on, kept, past)


def erase_past(record: Record, as_at: datetime, area: str | None, actor: str) -> Erased:
    """Erase everybody who is past the retention, a transaction a person: whoever is no longer past it is left out.

    An error stops the run; who was erased before it stays erased, and the next run goes on with the others.
    """
    with record.reading() as session:
        found = sorted({one.person_id for one in people_past(session, as_at, area)})
    done = Erased()
    for person_id in found:
        with record.writing() as session:
            lock_person(session, person_id)
            if any(people_past(session, as_at, area, person_id)):
                done.cases += erase_person(session, person_id, as_at, actor)
                done.people += 1
    return done
