"""The documents of a meeting: its papers and its minutes. They are the record itself and carry names."""

from datetime import date

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.documents.papers import write_papers
from models.cases import Case
from models.meetings import Meeting, MinutesVersion
from models.people import Person
from policy.errors import NotFoundError
from policy.vocabulary import MinutesState
from views.model import OfCase
from views.person import person_and_case, refuse_erased


class MinutesView(OfCase, title="Minutes"):
    """One version of the minutes of a meeting."""

    meeting: int = Field(description="The number of the meeting.", examples=[1])
    version: int = Field(description="The version of the minutes.", examples=[1])
    state: MinutesState = Field(description="Where the version stands.")
    written_by: str = Field(description="Who drafted it.")
    written_on: date = Field(description="When.")
    approved_by: str | None = Field(description="The Chair who approved it; null before.")
    approved_on: date | None = Field(description="When it was approved; null before.")
    final_on: date | None = Field(description="When it became final; null before.")
    text: str = Field(description="The minutes as text.")
    html: str = Field(description="The same as a page.")


class PapersView(OfCase, title="Papers"):
    """The papers of a meeting, written from the record as it stands now."""

    meeting: int = Field(description="The number of the meeting.", examples=[1])
    text: str = Field(description="The papers as text.")
    html: str = Field(description="The same as a page.")


def minutes_view(session: Session, key: str, number: int, wanted: int | None) -> MinutesView:
    """Return a version of the minutes of a meeting, the newest where none is named."""
    person, case, meeting = meeting_of(session, key, number)
    shown = version_of(session, case, meeting, wanted)
    return MinutesView(
        crn=person.crn,
        case=case.reference,
        meeting=meeting.number,
        version=shown.version,
        state=MinutesState(shown.state),
        written_by=shown.written_by,
        written_on=shown.written_on,
        approved_by=shown.approved_by,
        approved_on=shown.approved_on,
        final_on=shown.final_on,
        text=shown.text,
        html=shown.html,
    )


def papers_view(session: Session, key: str, number: int) -> PapersView:
    """Write the papers of a meeting from the record as it stands now."""
    person, case, meeting = meeting_of(session, key, number)
    text, html = write_papers(session, meeting)
    return PapersView(crn=person.crn, case=case.reference, meeting=number, text=text, html=html)


def meeting_of(session: Session, key: str, number: int) -> tuple[Person, Case, Meeting]:
    """Return a meeting by CRN or case reference and number; ``NotFoundError`` says which there are."""
    person, case = person_and_case(session, key)
    refuse_erased(person, key)
    if case is None:
        raise NotFoundError("this person has no case, and so no meetings", where=key)
    meetings = {one.number: one for one in session.scalars(select(Meeting).where(Meeting.case_id == case.id))}
    if number not in meetings:
        there = ", ".join(str(one) for one in sorted(meetings)) or "none"
        raise NotFoundError(f"{case.reference} has no meeting {number}; its meetings: {there}")
    return person, case, meetings[number]


def version_of(session: Session, case: Case, meeting: Meeting, wanted: int | None) -> MinutesVersion:
    """Return a version of the minutes, the newest where none is named; ``NotFoundError`` says which there are."""
    query = select(MinutesVersion).where(MinutesVersion.meeting_id == meeting.id)
    versions = {one.version: one for one in session.scalars(query.order_by(MinutesVersion.version))}
    where = f"{case.reference}, meeting {meeting.number}"
    if not versions:
        raise NotFoundError("no minutes have been drafted yet", where=where)
    if wanted is not None and wanted not in versions:
        there = ", ".join(str(version) for version in versions)
        raise NotFoundError(f"the minutes have no version {wanted}; there is {there}", where=where)
    return versions[max(versions) if wanted is None else wanted]
