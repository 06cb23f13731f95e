"""Invented people answer only where everybody is invented: what is recorded on a real case stays there for good."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.cases import Case
from models.directory import DirectoryEntry
from models.record import Record
from policy.errors import ConflictError

# Names that belong to nobody, whatever happens (RFC 2606).
INVENTED = (".example", ".test", ".invalid", "@localhost", "@example.com", "@example.org", "@example.net")
ADDRESSES = (
    DirectoryEntry.email,
    Case.offender_manager_email,
    Case.line_manager_email,
    Case.police_offender_manager_email,
)


class RealPeopleError(ConflictError):
    """The record holds addresses that may be somebody's."""


def refuse_real_people(record: Record) -> None:
    """Raise ``RealPeopleError`` where the record knows an address outside the domains kept for examples."""
    with record.reading() as session:
        if any(has_real_address(session, column) for column in ADDRESSES):
            raise RealPeopleError(
                "--answers lets invented people record facts on the cases, for good; this record holds e-mail "
                "addresses outside .example, so its people may be real",
                to_do="use a record of invented people",
            )


def has_real_address(session: Session, column: Any) -> bool:
    """Tell whether a column holds an address outside the domains kept for examples."""
    invented = or_(*(column.like(f"%{ending}") for ending in INVENTED))
    found = select(column).where(column.is_not(None), ~invented)
    return bool(session.scalar(select(found.exists())))
