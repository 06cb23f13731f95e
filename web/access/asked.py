"""The case that somebody asks for by its reference, and whether they may read it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cases import Case
from models.people import Person
from policy.errors import NotAllowedError, NotFoundError
from web.access.hats import Reader
from web.access.relations import CaseAccess, access_to
from web.access.rights import may_see


@dataclass(frozen=True, slots=True)
class CaseAsked:
    """The case that somebody asks for, and how they stand to it."""

    id: int
    reference: str
    crn: str
    area: str
    access: CaseAccess


def case_asked(session: Session, reader: Reader, reference: str, as_at: datetime) -> CaseAsked:
    """Return the case of a reference, if somebody may read it.

    One that does not concern them is a ``NotFoundError``, as if there were none; one that does and is restricted a
    ``NotAllowedError``.
    """
    columns = select(Case.id, Case.reference, Case.area, Person.crn).join(Person, Person.id == Case.person_id)
    row = session.execute(columns.where(Case.reference == reference)).first()
    if row is None:
        raise NotFoundError(f"there is no case {reference} that you may read")
    asked = CaseAsked(row.id, row.reference, row.crn, row.area, access_to(session, reader, row.id, as_at))
    if not may_see(asked.access):
        if asked.access.ways:
            raise NotAllowedError(f"{asked.reference} is restricted", to_do="ask the MAPPA coordinator of the area")
        raise NotFoundError(f"there is no case {asked.reference} that you may read")
    return asked
