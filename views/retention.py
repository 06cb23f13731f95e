"""People whose data need not be kept any longer, and how many of them were erased."""

from collections.abc import Iterator
from datetime import date, datetime

from pydantic import Field
from sqlalchemy.orm import Session

from casework.erasure.past_retention import people_past
from views.model import OfCase, View


class PastRetentionView(OfCase, title="Person past the retention"):
    """A person whose last case has been closed for longer than the policy of its area keeps it."""

    area: str = Field(description="The MAPPA area of the last case.", examples=["London"])
    closed_on: date = Field(description="When the last case was closed.")
    years: int = Field(description="How many years its area keeps a closed case.", examples=[10])
    past_since: date = Field(description="The day on which these years were over.")


class ErasedView(View, title="What an erasure did"):
    """How many people were erased."""

    people: int = Field(description="People who were erased.")
    cases: int = Field(description="Cases they had.")


def past_retention(session: Session, as_at: datetime, area: str | None = None) -> Iterator[PastRetentionView]:
    """Yield each person who is past the retention, by case reference."""
    for one in people_past(session, as_at, area):
        yield PastRetentionView(
            crn=one.crn,
            case=one.reference,
            area=one.area,
            closed_on=one.closed_on,
            years=one.years,
            past_since=one.since,
        )
