"""Absences from meetings: required agencies that neither came nor reported."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from casework.facts.querying import about, given
from models.cases import Case
from models.meetings import Absence, Meeting
from policy.vocabulary import Attendance
from views.model import COUNTED, OfCase, View, equal, filled, of_cases


class AskedView(View, title="Question about an absence"):
    """One time an agency was asked about its absence."""

    on: date = Field(description="When.")
    by: str = Field(description="The role that asked.", examples=["administrator"])
    to: str = Field(description="The role that was asked.", examples=["representative"])
    answer: str = Field(description="What was answered.", examples=["will_report"])
    note: str = Field(description='What was answered, in words; "" where nothing was noted.')


class AbsenceView(OfCase, title="Absence"):
    """A required agency that neither came to a meeting nor reported."""

    meeting: int = Field(description="The number of the meeting.", examples=[1])
    agency: str = Field(description="The required agency that neither came nor reported.", examples=["housing"])
    nth: int = Field(
        description="1 for its first absence on the case, 2 for the second; one whose reason was accepted does not "
        "count.",
        examples=[1],
    )
    status: Attendance = Field(description="`absent`, or `apologies` without a report.")
    settled_on: date | None = Field(
        description="When it reported, or its reason was accepted; null while it is followed up."
    )
    settled_by: str | None = Field(
        description="`report`, `reason_accepted` or `another_route`; null while it is followed up."
    )
    invited: bool = Field(
        description="False where nobody of the agency itself was invited: the MAPPA unit finds out who speaks for it."
    )
    withdrawn_on: date | None = Field(
        description="When it was withdrawn, because the agency was not required on the day; null where it stands."
    )
    withdrawn_because: str | None = Field(description="Why it was withdrawn; null where it stands.")
    history: Annotated[list[AskedView], COUNTED] = Field(description="Each time it was asked.")


def absences(
    session: Session,
    *,
    crn: str | None = None,
    area: str | None = None,
    agency: str | None = None,
    unsettled: bool = False,
) -> Iterator[AbsenceView]:
    """Yield absences by case reference, meeting and agency."""
    query = given(
        of_cases(
            Absence,
            Meeting.number.label("meeting"),
            Absence.agency,
            Absence.nth,
            Absence.status,
            Absence.settled_on,
            Absence.settled_by,
            Absence.invited,
            Absence.withdrawn_on,
            Absence.withdrawn_because,
            Absence.history,
        )
        .join(Meeting, Absence.meeting_id == Meeting.id)
        .order_by(Case.reference, Meeting.number, Absence.agency, Absence.id),
        about(crn),
        equal(Case.area, area),
        equal(Absence.agency, agency),
        Absence.settled_on.is_(None) if unsettled else None,
        Absence.withdrawn_on.is_(None) if unsettled else None,
    )
    return filled(session, query, AbsenceView)
