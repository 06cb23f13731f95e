"""Disclosures: proposed, approved, made or not. What is told to whom is on the record of the case alone."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from casework.facts.querying import about, given
from models.cases import Case
from models.disclosures import Disclosure
from models.meetings import Meeting
from policy.vocabulary import DisclosureState
from views.model import LEFT_OUT, OfCase, equal, filled, of_cases


class DisclosureView(OfCase, title="Disclosure"):
    """A disclosure, without who is told what."""

    disclosure: int = Field(description="The number of the disclosure in its case.", examples=[1])
    meeting: int | None = Field(description="The number of the meeting that decided it; null between meetings.")
    state: DisclosureState = Field(description="Where it stands.")
    agency: str = Field(description="The agency that makes it.", examples=["police"])
    by: str = Field(description="Who makes it.")
    due_on: date = Field(description="By when.")
    proposed_on: Annotated[date, LEFT_OUT] = Field(description="When it was proposed.")
    proposed_by: Annotated[str, LEFT_OUT] = Field(description="Who proposed it.")
    approved_on: Annotated[date | None, LEFT_OUT] = Field(
        description="When it was approved or refused; null while it waits."
    )
    approved_by: str | None = Field(description="Who approved or refused it, never its proposer; null while it waits.")
    closed_on: date | None = Field(description="When it was made, refused or given up; null while it is open.")
    undertaking: bool = Field(description="Whether the undertaking is on record, or why there is none.")


def disclosures(
    session: Session, *, crn: str | None = None, area: str | None = None, state: str | None = None
) -> Iterator[DisclosureView]:
    """Yield disclosures by case reference and id."""
    query = given(
        of_cases(
            Disclosure,
            Disclosure.number.label("disclosure"),
            Meeting.number.label("meeting"),
            Disclosure.state,
            Disclosure.agency,
            Disclosure.discloser_name.label("by"),
            Disclosure.due_on,
            Disclosure.proposed_on,
            Disclosure.proposed_by,
            Disclosure.approved_on,
            Disclosure.approved_by,
            Disclosure.closed_on,
            Disclosure.undertaking.is_not(None).label("undertaking"),
        )
        .outerjoin(Meeting, Disclosure.meeting_id == Meeting.id)
        .order_by(Case.reference, Disclosure.id),
        about(crn),
        equal(Case.area, area),
        equal(Disclosure.state, state),
    )
    return filled(session, query, DisclosureView)
