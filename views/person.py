"""One person, and the case that is asked for."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from casework.facts.querying import find_person
from models.cases import Case
from models.people import Person
from policy.errors import NotFoundError


class UnknownPersonError(NotFoundError):
    """Nobody on record has that CRN or case reference."""


def refuse_erased(person: Person, key: str) -> None:
    """Refuse what would be written of a person whose data were erased: there are no words left to write it with."""
    if person.erased:
        raise NotFoundError(
            "the data of this person were erased", where=key, to_do=f"mappa case show {key} shows what is left"
        )


def person_and_case(session: Session, key: str) -> tuple[Person, Case | None]:
    """Return a person by CRN or case reference, and the case to show."""
    person = find_person(session, key)
    if person is None:
        raise UnknownPersonError("nobody on record has this CRN, and no case this reference", where=key)
    return person, shown_case(person.cases, key)


def shown_case(cases: Iterable[Case], reference: str) -> Case | None:
    """Return the case asked for by reference, else the open one, else the newest."""
    ordered = sorted(
        cases, key=lambda case: (case.reference == reference, case.closed_on is None, case.opened_on, case.id)
    )
    return ordered[-1] if ordered else None
