"""What a query leaves to the database is found from the query: ties, the place of NULL, the first of several."""

import pytest
from sqlalchemy import Select, func, select

from models.cases import Case
from models.meetings import Absence, Meeting
from models.obligations import Timescale
from models.pauses import Pause
from models.people import Person
from tests.support.ordered import faults_of

SETTLED = [
    select(Case).order_by(Case.reference),
    select(Case).order_by(Case.closed_on.desc().nulls_last(), Case.id),
    select(Case).where(Case.closed_on.is_not(None)).order_by(Case.closed_on, Case.id),
    select(Meeting).where(Meeting.case_id == 1).order_by(Meeting.number),
    select(Meeting.number, Person.crn).join(Case, Case.id == Meeting.case_id).join(Person, Person.id == Case.person_id)
    .order_by(Case.reference, Meeting.number),
    select(Case.area).distinct().order_by(Case.area),
    select(Case.area, func.count()).group_by(Case.area).order_by(Case.area),
    select(Timescale.kind, Pause.until)
    .outerjoin(Pause, (Pause.timescale_id == Timescale.id) & Pause.ended_on.is_(None)).order_by(Timescale.id),
    select(Case),
]  # fmt: skip
LEFT_OPEN = [
    (select(Case).order_by(Case.area), "rows that tie"),
    (select(Case).limit(1), "rows that tie"),
    (select(Case).order_by(Case.closed_on, Case.id), "NULL of case.closed_on"),
    (select(Case).order_by(Case.closed_on.desc(), Case.id), "NULL of case.closed_on"),
    (select(Meeting).order_by(Meeting.number), "rows that tie"),
    (select(Absence).join(Meeting).where(Absence.case_id == 1).order_by(Meeting.number), "rows that tie"),
    (select(Timescale.kind, Pause.until).outerjoin(Pause, Pause.timescale_id == Timescale.id).order_by(Timescale.id),
     "rows that tie"),
    (select(Case.area, func.count()).group_by(Case.area).order_by(func.count()), "rows that tie"),
]  # fmt: skip


@pytest.mark.parametrize("query", SETTLED, ids=str)
def test_an_order_that_is_the_querys_own_has_no_fault(query: "Select[tuple[object]]") -> None:
    assert list(faults_of(query)) == []


@pytest.mark.parametrize(("query", "fault"), LEFT_OPEN, ids=str)
def test_an_order_that_is_left_to_the_database_is_told(query: "Select[tuple[object]]", fault: str) -> None:
    assert [one[: len(fault)] for one in faults_of(query)] == [fault]
