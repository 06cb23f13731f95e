"""Which registrations of a person run on a day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.registrations import Registration


def running_registrations(session: Session, person_ids: Sequence[int], today: date) -> dict[int, list[Registration]]:
    """Return the registrations of people that run on a day, by person, the oldest first."""
    found: dict[int, list[Registration]] = defaultdict(list)
    runs = or_(Registration.ends_on.is_(None), Registration.ends_on >= today)
    told_right = Registration.withdrawn_on.is_(None)
    query = select(Registration).where(Registration.person_id.in_(person_ids), runs, told_right)
    for row in session.scalars(query.order_by(Registration.starts_on, Registration.id)):
        found[row.person_id].append(row)
    return found
