"""Who manages cases for the police, and when each was trained to (MOSAVO, or an equivalent).

Source: joint inspection 2015, 6.37: every police offender manager should have taken the course, or an equivalent; 7.6.
For how long it holds is policy.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.caseloads import caseloads_of
from models.training import Training
from policy.roles import Role


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who manages open cases for the police, or was trained to. ``trained_on``: the last time; None: never."""

    email: str
    name: str
    cases: int
    trained_on: date | None


def officers(session: Session, area: str, on: date) -> list[Officer]:
    """Return everybody of an area who manages open cases for the police or was trained by the end of a day."""
    email = func.lower(Training.email)
    query = (
        select(email, func.max(Training.name), func.max(Training.trained_on))
        .where(Training.area == area, Training.trained_on <= on)
        .group_by(email)
    )
    found = {one: Officer(one, name, 0, last) for one, name, last in session.execute(query)}
    for load in caseloads_of(session, area, Role.POLICE_OFFENDER_MANAGER):
        trained = found.get(load.email)
        name = load.name or (trained.name if trained else "")
        found[load.email] = Officer(load.email, name, load.cases, trained.trained_on if trained else None)
    return [found[one] for one in sorted(found)]


def managing(session: Session, area: str, on: date) -> list[Officer]:
    """Return those of them who manage open cases: they are to be trained."""
    return [one for one in officers(session, area, on) if one.cases]
