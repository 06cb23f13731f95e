"""A few cases to list."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from models.cases import Case, Problem
from models.obligations import Timescale
from models.people import Person
from models.record import Record

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def caseload(record: Record) -> Record:
    """Five cases in two areas, each with a duty and a problem."""
    numbers = range(1, 6)
    with record.writing() as session:
        session.execute(insert(Person), [
            {"id": n, "crn": f"X00000{n}", "surname": "S", "forenames": "F", "date_of_birth": date(1980, 1, 1)}
            for n in numbers
        ])  # fmt: skip
        session.execute(insert(Case), [
            {"id": n, "reference": f"LON-2026-00000{n}", "person_id": n, "area": ("Kent", "London")[n % 2],
             "lead_agency": "police", "location": "community", "stage": "community", "opened_on": date(2026, 1, 1)}
            for n in numbers
        ])  # fmt: skip
        session.execute(insert(Timescale), [
            {"case_id": n, "kind": "level_setting", "revision": 1, "anchor_on": date(2026, 1, 1),
             "due_on": date(2026, 6, 1), "owner_role": "coordinator", "owner_agency": "mappa_unit", "state": "open",
             "opened_at": BEGAN, "policy_version": "P2012", "calendar_version": "1"}
            for n in numbers
        ])  # fmt: skip
        session.execute(insert(Problem), [
            {"stage": "screening", "subject": f"case {n}", "case_id": n, "kind": "failure", "reason": "broken",
             "first_seen_at": BEGAN, "last_seen_at": BEGAN}
            for n in numbers
        ])  # fmt: skip
    return record
