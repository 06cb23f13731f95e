"""The outcomes of a small area worked by hand: April to June 2026, counted on 1 July, on either database.

Joint inspection 2015, 3.5 to 3.10. Each person below is told by what happened to them and where they count.
"""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from figures.measured import Measured
from figures.outcomes.explain import explain
from figures.outcomes.report import outcome_report
from figures.periods import quarter
from figures.tables import DASH, NoSuchCellError
from models.cases import Case, Fact
from models.events import CustodyEvent
from models.merges import Merge
from models.record import Record
from models.registrations import ReportedEvent, Spell
from policy.outcomes import Outcome
from tests.support import rows
from tests.support.rows import MORNING, added

AREA = "London"
QUARTER = quarter("2027-Q1")
TODAY = date(2026, 7, 1)
ALWAYS = date(2025, 1, 1)


def d(day: int, month: int) -> date:
    """A day of 2026."""
    return date(2026, month, day)


# Who stood where: (case, level, from, to). Ana to Eve were at level 2 or 3 in the quarter, five people; Fay never was,
# Gus was until 31 March, Hal belongs to another area.
SPELLS = [
    ("ana", 2, ALWAYS, None),
    ("ben", 2, ALWAYS, d(5, 5)), ("ben", 1, d(6, 5), None),
    ("cat", 1, ALWAYS, d(9, 4)), ("cat", 2, d(10, 4), d(1, 6)), ("cat", 3, d(2, 6), None),
    ("dan", 3, ALWAYS, d(31, 5)), ("dan", 2, d(1, 6), d(20, 6)),
    ("eve", 3, ALWAYS, None),
    ("fay", 1, ALWAYS, None),
    ("gus", 2, ALWAYS, d(31, 3)), ("gus", 1, d(1, 4), None),
]  # fmt: skip
# Events files: (case, kind, day, number, level at the time)
REPORTED = [
    ("ana", "reconviction_serious", d(1, 4), 1, 2),
    # Two on one day are two events, of one person.
    ("eve", "reconviction_serious", d(30, 6), 1, 3), ("eve", "reconviction_serious", d(30, 6), 2, 3),
    # After the quarter, and at level 1: not at level 2 or 3 in it.
    ("ana", "reconviction_serious", d(1, 7), 1, 2), ("fay", "reconviction_serious", d(4, 5), 1, 1),
    ("ben", "reconviction_other", d(4, 5), 1, 2),
    ("ana", "further_victimisation", d(10, 5), 1, 2),
    ("dan", "notification_breach", d(2, 6), 1, 2),
    ("dan", "licence_recall", d(10, 6), 1, 2),
    ("eve", "order_breach_custody", d(11, 6), 1, 3),
]  # fmt: skip
# Incidents on record: (case, day, kind, enforcement). The first is what the file tells of Ana too: one event.
INCIDENTS: list[tuple[str, date, str, str | None]] = [
    ("ana", d(10, 5), "further_victimisation", "recall"),
    ("ben", d(1, 5), "further_victimisation", None),
    ("cat", d(3, 6), "breach", "breach"),
    ("cat", d(4, 6), "breach", "neither"),
    ("eve", d(5, 6), "breach", None),
    # Told again with more decided, it is the same incident.
    ("eve", d(5, 6), "breach", "recall"),
    ("fay", d(5, 6), "breach", "breach"),
]
# Who was assessed when, and which risk was found.
RISKS = [
    ("ana", d(1, 3), "very_high"), ("ana", d(20, 6), "high"),
    ("ben", d(1, 3), "medium"), ("ben", d(1, 5), "high"), ("ben", d(2, 7), "low"),
    ("cat", d(1, 5), "high"),
    ("dan", d(1, 4), "high"), ("dan", d(30, 6), "high"),
]  # fmt: skip
# (outcome, events at level 2 or 3, people, of, share): every number from the tables above.
BY_HAND: dict[str, tuple[int | str, int, int, float]] = {
    "reoffending_serious": (3, 2, 5, 40.0),
    "reoffending_other": (1, 1, 5, 20.0),
    "further_victimisation": (2, 2, 5, 40.0),
    # Dan's from the file, Cat's two, Eve's one.
    "breach": (4, 3, 5, 60.0),
    # Of Cat and Eve, who had incidents of this kind, both had one that was enforced: Cat one of two.
    "breach_enforced": (2, 2, 2, 100.0),
    # Dan's recall is in the file and on the record of the case: one.
    "recall": (1, 1, 5, 20.0),
    "order_breach_custody": (1, 1, 5, 20.0),
    # Ana from very high to high; Ben from medium to high, and what was assessed in July is not known yet; Cat has one
    # assessment, Dan two alike; Eve none.
    "risk_lower": (DASH, 1, 5, 20.0),
    "risk_higher": (DASH, 1, 5, 20.0),
    "risk_same": (DASH, 2, 5, 40.0),
    "risk_unknown": (DASH, 1, 5, 20.0),
    # Ben from 2 to 1, Dan from 3 to 2; Cat from 2, her first in the quarter, to 3; Ana and Eve stayed.
    "level_lower": (DASH, 2, 5, 40.0),
    "level_higher": (DASH, 1, 5, 20.0),
    "level_same": (DASH, 2, 5, 40.0),
}
# Who is behind a cell, in (True) or among those of whom it is a share (False).
PEOPLE = {
    "outcomes.reoffending_serious.people": {"ana": True, "ben": False, "cat": False, "dan": False, "eve": True},
    "outcomes.risk_lower.per_cent": {"ana": True, "ben": False, "cat": False, "dan": False, "eve": False},
    "outcomes.level_lower.people": {"ana": False, "ben": True, "cat": False, "dan": True, "eve": False},
    "outcomes.breach.events": {"dan": True, "cat": True, "eve": True},
    "months.breach.2026-06": {"dan": True, "cat": True, "eve": True},
    "levels.breach.1": {"fay": True},
    "units.Camden.recall": {"dan": True},
    "areas.London.recall": {"dan": True},
    "closures.deregistered.2": {"dan": True},
    "closures.total.total": {"dan": True, "gus": True},
}


def fill(session: Session) -> None:
    """Write the people above."""
    cases: dict[str, Case] = {}
    for number, name in enumerate(["ana", "ben", "cat", "dan", "eve", "fay", "gus", "hal"], start=1):
        person = rows.person(session, f"X10000{number}")
        cases[name] = rows.case(session, person, name, area="Kent" if name == "hal" else AREA, level=1)
    for name, level, since, until in [*SPELLS, ("hal", 2, ALWAYS, None)]:
        case = cases[name]
        row = Spell(case_id=case.id, person_id=case.person_id, area=case.area, unit=case.unit, category=1,
                    categories=[1], lead_agency="probation", location="community")  # fmt: skip
        added(session, row, {"level": level, "starts_on": since, "ends_on": until})
    for name, kind, on, number, level in [*REPORTED, ("hal", "reconviction_serious", d(1, 5), 1, 2)]:
        case = cases[name]
        row = ReportedEvent(person_id=case.person_id, case_id=case.id, area=case.area, unit=case.unit, kind=kind)
        added(session, row, {"on_date": on, "number": number, "level": level, "loaded_at": MORNING})
    for name, on, kind, decision in INCIDENTS:
        enforcement = decision and {"decision": decision}
        add_fact(session, cases[name], "incident", on, {"kind": kind, "enforcement": enforcement})
    for name, on, risk in RISKS:
        add_fact(session, cases[name], "risk-assessment", on, {"level": risk})
    recall = {"number": 1, "kind": "recall", "on_date": d(10, 6), "recorded_at": MORNING, "level": 2, "data": {}}
    added(session, CustodyEvent(case_id=cases["dan"].id), recall)
    close(session, cases)


def add_fact(session: Session, case: Case, kind: str, on: date, data: dict[str, Any]) -> None:
    """Add a fact."""
    added(
        session,
        Fact(case_id=case.id, kind=kind, recorded_at=MORNING, recorded_by="Cora"),
        {"on_date": on, "data": data},
    )


def close(session: Session, cases: dict[str, Case]) -> None:
    """Close Dan's case at level 2 and Gus's at level 1; one that was the same person's as another ended nothing."""
    cases["dan"].closed_on, cases["dan"].closed_reason = d(20, 6), "de-registered: The risk is reduced."
    cases["gus"].closed_on, cases["gus"].closed_reason = d(30, 6), "died: Told by the family."
    twin = rows.case(session, rows.person(session, "X200001"), "twin", area=AREA, closed_on=d(1, 6),
                     closed_reason="merged into ana")  # fmt: skip
    merge = Merge(case_id=cases["ana"].id, other_case_id=twin.id, other_person_id=twin.person_id)
    added(session, merge, {"merged_on": d(1, 6)})


@pytest.fixture
def filled(record: Record) -> Record:
    with record.writing() as session:
        fill(session)
    return record


def report_of(record: Record, *areas: str) -> Measured:
    with record.reading() as session:
        return outcome_report(session, QUARTER, TODAY, list(areas))


def test_each_outcome_is_what_was_worked_out_by_hand(filled: Record) -> None:
    table = report_of(filled, AREA).table("outcomes")
    found = {
        name: tuple(row[one] for one in ("events", "people", "of", "per_cent")) for name, row in table.cells.items()
    }
    assert found == BY_HAND
    assert set(BY_HAND) == {one.value for one in Outcome}


def test_the_people_behind_a_cell_are_listed_in_or_out(filled: Record) -> None:
    with filled.reading() as session:
        for name, wanted in PEOPLE.items():
            found = {one.case: one.counts for one in explain(session, name, QUARTER, TODAY, [AREA])}
            assert found == wanted, name


def test_events_of_months_and_units_add_up_and_every_level_is_told(filled: Record) -> None:
    report = report_of(filled, AREA)
    months, levels = report.table("months"), report.table("levels")
    for name, (events, *_) in BY_HAND.items():
        if events != DASH:
            assert sum(months.cells[name].values()) == events == report.table("quarters").cells[name]["2027-Q1"], name
            assert report.table("units").cells["Camden"][name] == events, name
    assert levels.cells["reoffending_serious"] == {"1": 1, "2": 1, "3": 2, "none": 0}


def test_closed_cases_stand_by_reason_and_level(filled: Record) -> None:
    table = report_of(filled, AREA).table("closures")
    assert table.cells["deregistered"] == {"1": 0, "2": 1, "3": 0, "none": 0, "total": 1}
    assert table.cells["died"] == {"1": 1, "2": 0, "3": 0, "none": 0, "total": 1}
    assert table.cells["total"] == {"1": 1, "2": 1, "3": 0, "none": 0, "total": 2}
    assert all(check.holds for check in table.checks)


def test_areas_are_added_up_and_the_inspection_stands_beside_them(filled: Record) -> None:
    """Joint inspection 2015, 3.5, 3.7, 3.9: four of 48; 87% without further victimisation; 28% down, 11% up."""
    cells = report_of(filled, AREA, "Kent").table("outcomes").cells
    assert cells["reoffending_serious"] == {"events": 4, "people": 3, "of": 6, "per_cent": 50.0, "inspection_2015": 8.3}
    inspected = {name: row["inspection_2015"] for name, row in cells.items()}
    assert inspected["further_victimisation"] == 13
    assert (inspected["level_lower"], inspected["level_higher"], inspected["recall"]) == (28, 11, DASH)


def test_a_cell_that_is_not_there_is_told_with_those_that_are(filled: Record) -> None:
    with filled.reading() as session:
        for name in ("nothing.a.b", "outcomes.nothing.people", "outcomes.breach.nothing", "months.level_lower.2026-04",
                     "closures.nothing.total"):  # fmt: skip
            with pytest.raises(NoSuchCellError, match="there are"):
                list(explain(session, name, QUARTER, TODAY, [AREA]))
