"""What queries over people and cases share."""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, select, union
from sqlalchemy.orm import Session

from models.cases import Case
from models.people import Person

Query = Select[*tuple[Any, ...]]
# Rows that are read from the database at a time.
BATCH = 500


def given(query: Query, *conditions: Any) -> Query:
    """Return ``query`` with every condition that is not None."""
    return query.where(*(condition for condition in conditions if condition is not None))


def about(key: str | None) -> ColumnElement[bool] | None:
    """Return the condition of a query over cases for a CRN or a case reference; None for everybody."""
    return None if key is None else Case.id.in_(cases_of(key))


def cases_of(key: str) -> CompoundSelect[int]:
    """Return the query of the cases that a CRN or a case reference means.

    Each half finds its rows by an index; one condition over both tables would look at every case.
    """
    of_person = select(Case.id).join(Person, Case.person_id == Person.id).where(Person.crn == key)
    return union(of_person, select(Case.id).where(Case.reference == key))


def find_person(session: Session, key: str) -> Person | None:
    """Return the person with a CRN, or of a case with that reference.

    A CRN that was found to be another person's leads to that person; a reference always leads to its own case.
    """
    by_case = select(Case.person_id).where(Case.reference == key)
    either = union(select(Person.id).where(Person.crn == key), by_case)
    person = session.scalar(select(Person).where(Person.id.in_(either)))
    return now_known_as(session, person) if person is not None and person.crn == key else person


def now_known_as(session: Session, person: Person) -> Person:
    """Return the person under whom a record goes on that was found to be another person's; else the same."""
    while person.merged_into_id is not None:
        person = session.get_one(Person, person.merged_into_id)
    return person


def crn_of_case(session: Session, reference: str) -> str:
    """Return the CRN of the person whom a case is about."""
    return session.scalars(select(Person.crn).join(Case).where(Case.reference == reference)).one()
