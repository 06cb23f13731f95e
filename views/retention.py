"""People whose data need not be kept any longer."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from casework.erasure.past_retention import people_past
from casework.facts.querying import View, day


def past_retention(session: Session, as_at: datetime, area: str | None = None) -> Iterator[View]:
    """Yield the view of each person who is past the retention."""
    for one in people_past(session, as_at, area):
        yield {
            "crn": one.crn,
            "case": one.reference,
            "area": one.area,
            "closed_on": day(one.closed_on),
            "years": one.years,
            "past_since": day(one.since),
        }
