"""Whose data need not be kept any longer, by the policy of the area. Nothing is erased here: people decide that."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.cases import Case
from models.people import Person
from models.record import policies
from policy.calendar import add_months, london_date
from service.views import BATCH, View, day, given


def past_retention(session: Session, as_at: datetime, area: str | None = None) -> Iterator[View]:
    """Yield people whose last case has been closed for longer than its area keeps it, by case reference.

    A person with an open case is none of them, nor is one with a later case.
    """
    today = london_date(as_at)
    other = aliased(Case)
    later = (
        select(other.id)
        .where(other.person_id == Case.person_id, other.id != Case.id)
        .where(other.closed_on.is_(None) | (other.closed_on > Case.closed_on))
    )
    query = given(
        select(Person.crn, Case.reference, Case.area, Case.closed_on).join(Case, Case.person_id == Person.id),
        Case.closed_on.is_not(None),
        ~later.exists(),
        None if area is None else Case.area == area,
    )
    years = {}
    for row in session.execute(query.order_by(Case.reference).execution_options(yield_per=BATCH)):
        if row.area not in years:
            years[row.area] = policies(session).for_area(row.area, today).retention.closed_cases_years
        kept = years[row.area]
        if not kept or (past := add_months(row.closed_on, 12 * kept)) > today:
            continue
        yield {
            "crn": row.crn,
            "case": row.reference,
            "area": row.area,
            "closed_on": day(row.closed_on),
            "years": kept,
            "past_since": day(past),
        }
