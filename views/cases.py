"""Cases: one person's, a list, and how those that are closed were closed."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from casework.facts.querying import Query, given
from casework.facts.release_day import days_of_release
from models.cases import Case
from models.people import Person
from policy.vocabulary import Standing
from views.model import LEFT_OUT, Found, OfCase, View, equal
from views.person import person_and_case
from views.timescales import TimescaleView, timescales_by_case


class CaseView(View, title="Case"):
    """A case with what is due on it; of a person without one, what the newest sentence says."""

    crn: str = Field(description="The CRN of the person.", examples=["X320741"])
    case: str | None = Field(description="The reference of the case; null for a person without one.")
    category: int | None = Field(description="The primary category, 1 to 4; null while a person must decide.")
    categories: Annotated[list[int], LEFT_OUT] = Field(description="Every category that holds.")
    level: int | None = Field(description="1, 2 or 3; null while it is to be confirmed.")
    stage: Standing | Literal["not_eligible"] = Field(
        description="Where the case stands; `not_eligible` where no sentence of the person opened one."
    )
    area: str | None = Field(description="The MAPPA area.", examples=["London"])
    unit: str | None = Field(description="The unit of the lead agency.")
    lead_agency: str | None = Field(description="The lead agency.", examples=["probation"])
    release_date: date | None = Field(
        description="The release date that governs; null where none is known, or the person is not in custody."
    )
    door_opens_on: date | None = Field(
        description="The day on which the person leaves: the release date, or the last working day before it where it "
        "falls on a day without work, or an earlier day that was decided; null where no release date is known."
    )
    eligible_until: date | None = Field(description="The last day of eligibility; null where it has no known end.")
    timescales: Annotated[list[TimescaleView], LEFT_OUT] = Field(description="What is due on the case.")


class ClosedCaseView(OfCase, title="Closed case"):
    """A closed case, and how it was closed: no case just ends."""

    categories: list[int] = Field(description="Every category that held when it was closed.")
    level: int | None = Field(description="The level when it was closed; null where none was set.")
    opened_on: date = Field(description="When it was opened.")
    closed_on: date = Field(description="When it was closed.")
    how: str = Field(
        description="`de-registered`, `handed to integrated offender management`, `category 3 referral rejected`, "
        "`not eligible`, or the why of a closure."
    )
    reason: Annotated[str | None, LEFT_OUT] = Field(
        description="The same with the reason that was given. People wrote it: it may hold a name."
    )


def cases(
    session: Session,
    *,
    area: str | None = None,
    stage: str | None = None,
    category: int | None = None,
    only: Select[str] | None = None,
    with_timescales: bool = True,
) -> Found[CaseView]:
    """Yield cases by reference, closed ones too; ``category`` is the primary one, ``only`` finds their references.

    ``with_timescales`` false: for a list that does not show what is due, which is then empty.
    """
    query = given(
        case_query().order_by(Case.reference),
        equal(Case.area, area),
        equal(Case.stage, stage),
        equal(Case.category, category),
        None if only is None else Case.reference.in_(only),
    )
    return Found(session, query, partial(case_views, session, with_timescales))


def case_views(session: Session, with_timescales: bool, rows: Sequence[Any]) -> Iterator[CaseView]:
    """Yield the cases of some rows, with the day on which each person leaves."""
    owed = timescales_by_case(session, [row.id for row in rows]) if with_timescales else {}
    doors = days_of_release(session, {row.id: row.release_date for row in rows})
    for row in rows:
        yield CaseView(**row._mapping, door_opens_on=doors[row.id], timescales=owed.get(row.id, []))


def case_query() -> Query:
    """Return the query of cases, in no order yet."""
    return select(
        Case.id,
        Person.crn,
        Case.reference.label("case"),
        Case.category,
        Case.categories,
        Case.level,
        Case.stage,
        Case.area,
        Case.unit,
        Case.lead_agency,
        Case.release_date,
        Case.eligible_until,
    ).join(Person, Case.person_id == Person.id)


def closed_cases(session: Session, *, area: str | None = None) -> Found[ClosedCaseView]:
    """Yield closed cases by the day of their closing, each with its reason."""
    query = given(
        select(
            Person.crn,
            Case.reference.label("case"),
            Case.categories,
            Case.level,
            Case.opened_on,
            Case.closed_on,
            Case.closed_reason.label("reason"),
        )
        .join(Person, Case.person_id == Person.id)
        .where(Case.closed_on.is_not(None))
        .order_by(Case.closed_on, Case.reference),
        equal(Case.area, area),
    )
    return Found(
        session,
        query,
        lambda rows: (ClosedCaseView(**row._mapping, how=(row.reason or "").partition(":")[0]) for row in rows),
    )


def case_of_person(session: Session, key: str) -> CaseView:
    """Return the case object of a person, by CRN or case reference."""
    return person_case(session, *person_and_case(session, key))


def person_case(session: Session, person: Person, case: Case | None) -> CaseView:
    """Return the case object of a person; without a case, what the newest sentence says of them."""
    if case is not None:
        row = session.execute(case_query().where(Case.id == case.id)).one()
        door = days_of_release(session, {case.id: row.release_date})[case.id]
        return CaseView(**row._mapping, door_opens_on=door, timescales=timescales_by_case(session, [case.id])[case.id])
    newest = max(person.sentences, key=lambda s: (s.loaded_at, s.sentence_date, s.id), default=None)
    waits = any(sentence.outcome is None for sentence in person.sentences)
    return CaseView(
        crn=person.crn,
        case=None,
        category=None,
        categories=[],
        level=None,
        stage=Standing.IDENTIFICATION if waits else "not_eligible",
        area=newest.area if newest else None,
        unit=newest.unit if newest else None,
        lead_agency=newest.lead_agency if newest else None,
        release_date=None,
        door_opens_on=None,
        eligible_until=None,
        timescales=[],
    )
