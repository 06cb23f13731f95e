"""Returns to custody are one truth: the annual report and the outcomes count the same ones, at the same levels."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from figures.annual.report import annual_report, asked_for
from figures.annual.report import explain as explain_annual
from figures.outcomes.explain import explain as explain_outcomes
from figures.outcomes.report import outcome_report
from figures.periods import year
from models.cases import Case
from models.events import CustodyEvent
from models.orders import CourtOrder
from models.record import Record
from tests.figures.annual.caseload import event, someone
from tests.support.rows import MORNING

YEAR, TODAY = year("2027"), date(2027, 6, 1)
HERE = ["Westmarch"]
BOTH = (("returned_licence", "recall"), ("returned_order", "order_breach_custody"))


def breached(session: Session, case: Case, *days: str, kind: str = "shpo", number: int = 1) -> None:
    told = {"court": "Example Crown Court", "conditions": "Not to go there.", "known_on": date(2021, 1, 1)}
    session.add(CourtOrder(case_id=case.id, person_id=case.person_id, number=number, kind=kind, breaches=list(days),
                           starts_on=date(2021, 1, 1), **told))  # fmt: skip


def recalled(session: Session, case: Case, on: date, level: int | None, number: int = 1) -> None:
    session.add(CustodyEvent(case_id=case.id, number=number, kind="recall", on_date=on, recorded_at=MORNING,
                             level=level, category=1, data={}))  # fmt: skip


def fill(session: Session) -> None:
    """By hand: A and B return by an order at level 2, C at level 3; D is recalled at level 3, E at level 2."""
    a = someone(session, "A", ("2020-01-01", "2026-06-09", 1, 2), ("2026-06-10", "", 1, 1, "custody"))
    breached(session, a, "2026-06-05", "2026-05-20")
    # The file tells of the same return, without its level.
    b = someone(session, "B", ("2020-01-01", "2026-06-09", 1, 2), ("2026-06-10", "", 1, 2, "custody"))
    breached(session, b, "2026-06-10", kind="sopo")
    event(session, b, "order_breach_custody", "2026-06-10", 1, None)
    # At the breach at level 3, at level 1 when custody began.
    c = someone(session, "C", ("2020-01-01", "2026-06-01", 1, 3), ("2026-06-02", "2026-06-09", 1, 1),
                ("2026-06-10", "", 1, 1, "custody"))  # fmt: skip
    breached(session, c, "2026-06-01")
    # Recalled on the day: a return by licence alone.
    d = someone(session, "D", ("2020-01-01", "2026-06-09", 1, 3), ("2026-06-10", "", 1, 3, "custody"))
    breached(session, d, "2026-06-09")
    recalled(session, d, date(2026, 6, 10), None)
    e = someone(session, "E", ("2020-01-01", "2026-06-09", 1, 2))
    recalled(session, e, date(2026, 6, 9), 2)
    event(session, e, "licence_recall", "2026-06-09", 1, None)
    # 29 days after the breach, and from one prison to another: neither is a return.
    late = someone(session, "F", ("2020-01-01", "2026-06-09", 1, 2), ("2026-06-10", "", 1, 2, "custody"))
    breached(session, late, "2026-05-12")
    moved = someone(session, "G", ("2020-01-01", "2026-06-09", 1, 2, "custody"), ("2026-06-10", "", 1, 2, "custody"))
    breached(session, moved, "2026-06-09")


@pytest.fixture
def filled(record: Record) -> Record:
    with record.writing() as session:
        fill(session)
    return record


def test_both_reports_count_the_returns_by_hand(filled: Record) -> None:
    with filled.reading() as session:
        annual = annual_report(session, asked_for(HERE, 2027, TODAY))
        levels = outcome_report(session, YEAR, TODAY, HERE).table("levels")
    by_hand = {"returned_licence": (1, 1), "returned_order": (2, 1)}
    for table, outcome in BOTH:
        assert tuple(annual.table(table).value(f"level_{level}", "total") for level in (2, 3)) == by_hand[table]
        assert tuple(levels.value(outcome, str(level)) for level in (2, 3)) == by_hand[table]


def test_both_reports_name_the_same_cases(filled: Record) -> None:
    asked = asked_for(HERE, 2027, TODAY)
    with filled.reading() as session:
        for table, outcome in BOTH:
            annual = [(one.case, one.since) for one in explain_annual(session, asked, f"{table}.total.total")]
            outcomes = explain_outcomes(session, f"outcomes.{outcome}.events", YEAR, TODAY, HERE)
            assert sorted((one.case, one.day) for one in outcomes) == sorted(annual)


@pytest.mark.parametrize("seed", [1, 2])
def test_both_reports_agree_on_any_record(sqlite_record: Record, seed: int) -> None:
    rng, first = Random(seed), date(2026, 3, 1)
    with sqlite_record.writing() as session:
        for number in range(80):
            day, stretches = first - timedelta(days=rng.randint(1, 60)), []
            for place in range(length := rng.randint(1, 4)):
                last = day + timedelta(days=rng.randint(0, 150))
                ends = "" if place == length - 1 else last.isoformat()
                where = rng.choice(("community", "custody"))
                stretches.append((day.isoformat(), ends, 1, rng.choice((1, 2, 3)), where))
                day = last + timedelta(days=1)
            case = someone(session, f"C-{number}", *stretches)
            starts = [date.fromisoformat(stretch[0]) for stretch in stretches[1:]]
            breached(session, case, *[(one - timedelta(days=rng.randint(0, 35))).isoformat() for one in starts])
            for nth, one in enumerate(rng.sample(starts, len(starts) // 2)):
                recalled(session, case, one, rng.choice((None, 2, 3)), nth + 1)
    with sqlite_record.reading() as session:
        annual = annual_report(session, asked_for(HERE, 2027, TODAY))
        levels = outcome_report(session, YEAR, TODAY, HERE).table("levels")
    for table, outcome in BOTH:
        for level in (2, 3):
            counted = annual.table(table).value(f"level_{level}", "total")
            assert levels.value(outcome, str(level)) == counted
            assert counted
