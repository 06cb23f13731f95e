"""Cases as a list to look through: found by name, number or reference, page by page."""

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches

from pydantic import Field
from sqlalchemy import ColumnElement, CompoundSelect, and_, func, or_, select, union
from sqlalchemy.orm import Session

from casework.facts.querying import Query, given
from models.cases import Case
from models.people import Person
from policy.identifiers import looked_up
from views.model import OfCase, filled

MOST_NAMES = 20_000
ALIKE, MOST_ALIKE = 0.75, 5


class ListedCaseView(OfCase, title="Listed case"):
    """A case as a list at the desk shows it. It has a name: only for those who may read the case."""

    surname: str = Field(description="The surname.")
    forenames: str = Field(description="The forenames.")
    date_of_birth: date = Field(description="The date of birth.")
    category: int | None = Field(description="The primary category; null while a person must decide.")
    level: int | None = Field(description="The level; null while it is to be confirmed.")
    stage: str = Field(description="Where the case stands.")
    area: str = Field(description="The MAPPA area.")
    unit: str | None = Field(description="The unit of the lead agency.")
    lead_agency: str = Field(description="The lead agency.")
    offender_manager: str | None = Field(description="The offender manager.")
    location: str = Field(description="`custody`, `community` or `hospital`.")
    release_date: date | None = Field(description="The release date that governs; null where none is known.")
    eligible_until: date | None = Field(description="The last day of eligibility; null where it has no known end.")
    closed_on: date | None = Field(description="When it was closed; null while it is open.")
    restricted: bool = Field(description="Whether the case is restricted.")


SORTS: dict[str, Sequence[ColumnElement[object]]] = {
    "reference": (Case.reference,),  # type: ignore[dict-item]
    "name": (Person.surname, Person.forenames),  # type: ignore[dict-item]
    "release": (Case.release_date.is_(None), Case.release_date),  # type: ignore[dict-item]
    "level": (Case.level.is_(None), Case.level.desc()),  # type: ignore[dict-item]
}
"""What a list can be sorted by; the reference decides between those that are alike."""


def case_list_query() -> Query:
    """Return the query of listed cases, in no order yet."""
    return select(
        Person.crn,
        Case.reference.label("case"),
        Person.surname,
        Person.forenames,
        Person.date_of_birth,
        Case.category,
        Case.level,
        Case.stage,
        Case.area,
        Case.unit,
        Case.lead_agency,
        Case.offender_manager,
        Case.location,
        Case.release_date,
        Case.eligible_until,
        Case.closed_on,
        Case.restricted,
    ).join(Person, Case.person_id == Person.id)


def listed_cases(
    session: Session, *conditions: ColumnElement[bool] | None, sort: str = "reference", limit: int, offset: int = 0
) -> Iterator[ListedCaseView]:
    """Yield a page of the cases that meet some conditions."""
    query = given(case_list_query(), *conditions)
    ordered = query.order_by(*SORTS.get(sort, SORTS["reference"]), Case.reference)
    return filled(session, ordered.limit(limit).offset(offset), ListedCaseView)


def how_many(session: Session, *conditions: ColumnElement[bool] | None) -> int:
    """Return how many cases meet some conditions."""
    query = select(func.count(Case.id)).join(Person, Case.person_id == Person.id)
    return int(session.scalar(given(query, *conditions)) or 0)


def matching(text: str) -> ColumnElement[bool] | None:
    """Return the condition that a case is meant by what somebody typed: a number, a reference, or the start of names.

    None where nothing was typed. Each word has to begin one of the names, in whatever order.
    """
    words = text.replace(",", " ").split()
    if not words:
        return None
    if any(character.isdigit() for character in text):
        return Case.id.in_(by_number(looked_up(text)))
    return and_(
        *(
            or_(
                func.lower(Person.surname).startswith(word.lower(), autoescape=True),
                func.lower(Person.forenames).startswith(word.lower(), autoescape=True),
                func.lower(Person.forenames).contains(f" {word.lower()}", autoescape=True),
            )
            for word in words
        )
    )


def by_number(number: str) -> CompoundSelect[int]:
    """Return the query of the cases that a number means: a person's, or the beginning of a reference.

    Each part finds its few rows by an index; one condition over both tables would look at every case.
    """
    of_people = (
        select(Case.id).join(Person).where(column == number)
        for column in (Person.crn, Person.noms_number, Person.pnc_number)
    )
    # Text is compared by code point: every reference with this beginning stands before the last character there is.
    of_references = select(Case.id).where(Case.reference >= number, Case.reference < number + chr(0x10FFFF))
    return union(*of_people, of_references)


def names_like(session: Session, text: str, *conditions: ColumnElement[bool] | None) -> list[str]:
    """Return the surnames on record that are spelt nearly as somebody typed one, the nearest first."""
    words = [word.lower() for word in text.replace(",", " ").split() if word.isalpha()]
    if not words:
        return []
    query = given(select(Person.surname).join(Case, Case.person_id == Person.id).distinct(), *conditions)
    names = {name.lower(): name for name in session.scalars(query.order_by(Person.surname).limit(MOST_NAMES))}
    near = [one for word in words for one in get_close_matches(word, names, MOST_ALIKE, ALIKE)]
    return [names[one] for one in dict.fromkeys(near)][:MOST_ALIKE]
