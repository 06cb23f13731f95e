"""How many open cases each officer of an area manages; an officer is an address, however it is written."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.cases import Case
from policy.roles import Role

MANAGERS = {
    Role.OFFENDER_MANAGER: (Case.offender_manager_email, Case.offender_manager),
    Role.POLICE_OFFENDER_MANAGER: (Case.police_offender_manager_email, Case.police_offender_manager),
}
"""By which address, and which name, a case says who manages it."""


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many open cases an officer has. ``email``: in small letters; ``name``: "" where no case has one."""

    email: str
    name: str
    cases: int


def caseloads_of(session: Session, area: str, role: Role) -> list[Caseload]:
    """Return the caseload of each officer of an area in a role, in the order of their addresses."""
    address, name = MANAGERS[role]
    officer = func.lower(address)
    query = (
        select(officer, func.coalesce(func.max(name), ""), func.count(Case.id))
        .where(Case.area == area, Case.closed_on.is_(None), address.is_not(None))
        .group_by(officer)
    )
    return sorted((Caseload(*row) for row in session.execute(query)), key=lambda one: one.email)
