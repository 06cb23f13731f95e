"""A national record with its history, made inside the database: the figures are measured on it, not its making.

90,000 cases in 42 areas, three of a hundred at level 2 or 3, with two million timescales over three years, and the
spells, meetings, referrals, facts and events that the figures read. A seed of a thousand cases is copied.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from bench.caseload import analyse, copy
from casework.revisions import snapshot
from models import (
    Action,
    Base,
    Case,
    CustodyEvent,
    Fact,
    Meeting,
    Participant,
    Person,
    Referral,
    ReportedEvent,
    Spell,
    Timescale,
)
from models.base import table_of
from models.record import Record, policies, working_calendar
from policy.kinds import KINDS, kind_named
from policy.numbers import Policy
from policy.obligations.all import Owed, due_and_ladder
from policy.subjects import THE_CASE, Subject

AREAS, UNITS, SEED = 42, 6, 1000
FIRST, LAST = date(2024, 4, 1), date(2027, 3, 31)
TOLD_AT = datetime(2027, 4, 1, 8, tzinfo=UTC)
ONCE = ("identification", "prison_notice", "referral", "level_setting", "screening_decision", "release",
        "first_notification", "neighbourhood_told", "exit_plan", "end_of_sentence_check")  # fmt: skip
REVIEWS, MEETINGS = 12, 9
"""Level 1 reviews of a case, each by the lead agency or the police; meetings of one at level 2 or 3."""
OPENED_BEFORE = timedelta(days=60)
"""How long before its due date a duty is on record."""
AGENCIES = ("police", "probation", "prison", "housing", "mental_health", "victim_liaison")
Rows = dict[type[Base], list[dict[str, Any]]]
MOVED: dict[type[Base], dict[str, type[Base]]] = {
    Person: {},
    Case: {"person_id": Person},
    Timescale: {"case_id": Case},
    Spell: {"case_id": Case, "person_id": Person},
    Meeting: {"case_id": Case},
    Participant: {"meeting_id": Meeting},
    Action: {"case_id": Case, "meeting_id": Meeting},
    Referral: {"case_id": Case},
    Fact: {"case_id": Case},
    CustodyEvent: {"case_id": Case},
    ReportedEvent: {"case_id": Case, "person_id": Person},
}
"""What is copied, in this order, and the columns that point to another row."""


def build(record: Record, cases: int) -> dict[str, int]:
    """Fill a record; return how many cases and timescales it has."""
    with record.writing() as session:
        rows = seed(policies(session).policies[0], session)
        for model, its_rows in rows.items():
            session.execute(insert(model), its_rows)
        multiply(session, rows, cases // SEED)
    analyse(record)
    with record.reading() as session:
        return {
            "cases": session.scalar(select(func.count()).select_from(Case)) or 0,
            "timescales": session.scalar(select(func.count()).select_from(Timescale)) or 0,
        }


def seed(policy: Policy, session: Session) -> Rows:
    """Return the rows of the first thousand cases."""
    chance = Random(15)
    ladders = {kind.value: ladder_of(kind.value, policy, session) for kind in KINDS}
    rows: Rows = {model: [] for model in MOVED}
    for number in range(1, SEED + 1):
        rows[Person].append({"id": number, "crn": f"A{number:06d}", "surname": "Bench", "forenames": "Case",
                             "date_of_birth": date(1980, 1, 1)})  # fmt: skip
        level = 3 if number % 300 == 0 else 2 if number % 35 == 0 else 1
        place = {"area": f"Area {number % AREAS + 1:02d}", "unit": f"Unit {number % UNITS + 1}"}
        rows[Case].append({"id": number, "reference": f"BEN-2024-{number:07d}", "person_id": number, **place,
                           "lead_agency": "probation", "location": "community", "category": 1, "categories": [1],
                           "level": level, "stage": "managed", "opened_on": FIRST})  # fmt: skip
        for kind in ONCE:
            add_duty(rows, number, kind, THE_CASE, day(chance), chance, ladders)
        for review in range(REVIEWS):
            agency, on = ("police", "probation")[review % 2], day(chance)
            add_duty(rows, number, "level_1_review", Subject(agency=agency, day=FIRST + timedelta(days=review)), on,
                     chance, ladders)  # fmt: skip
        add_history(rows, number, level, place, chance)
        for nth in range(MEETINGS if level > 1 else 0):
            add_meeting(rows, number, level, nth, chance, ladders)
    return rows


def day(chance: Random) -> date:
    """Return some day of the three years."""
    return FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))


def ladder_of(kind: str, policy: Policy, session: Session) -> list[dict[str, Any]]:
    """Return a ladder as the record keeps it."""
    owed = Owed(kind_named(kind), THE_CASE, date(2026, 6, 1), date(2020, 1, 1), None)
    return [snapshot(step) for step in due_and_ladder(owed, policy, working_calendar(session))[1]]


def add_duty(rows: Rows, case: int, kind: str, subject: Subject, due: date, chance: Random, ladders: Any) -> None:
    """Add a timescale: three of four were met, some of them late; others were missed, or are still open."""
    drawn = chance.random()
    met = due + timedelta(days=chance.randrange(-20, 8)) if drawn < 0.8 else None
    state = "met" if met else "missed" if drawn < 0.9 else "open"
    rows[Timescale].append(
        {"id": len(rows[Timescale]) + 1, "case_id": case, "kind": kind, "subject": subject, "revision": 1,
         "anchor_on": due, "due_on": due, "owner_role": "coordinator", "owner_agency": "lead_agency", "state": state,
         "opened_at": datetime(due.year, due.month, due.day, 8, tzinfo=UTC) - OPENED_BEFORE, "met_on": met,
         "missed_on": due + timedelta(days=30) if state == "missed" else None,
         "ladder": ladders[kind], "next_rung": 0, "policy_version": "P2012", "calendar_version": "bench"}
    )  # fmt: skip


def add_history(rows: Rows, case: int, level: int, place: dict[str, str], chance: Random) -> None:
    """Add three spells, two assessments, a referral, and now and then an event."""
    since = FIRST
    for nth in range(3):
        ends = None if nth == 2 else since + timedelta(days=300)
        rows[Spell].append({"id": len(rows[Spell]) + 1, "case_id": case, "person_id": case, **place, "category": 1,
                            "categories": [1], "lead_agency": "probation", "location": "community", "ends_on": ends,
                            "level": 1 if nth == 0 and level == 1 else max(1, level - nth % 2),
                            "starts_on": since})  # fmt: skip
        since += timedelta(days=301)
    for risk in ("high", "medium"):
        add_fact(rows, case, "risk-assessment", {"level": risk, "analysis": "x" * 400}, chance)
    add_fact(rows, case, "incident", {"kind": "breach", "what": "x" * 400, "enforcement": {"decision": "breach"}},
             chance)  # fmt: skip
    rows[Referral].append({"id": len(rows[Referral]) + 1, "case_id": case, "received_on": day(chance), "data": {},
                           "referred_by": "x", "proposed_level": 2, "complete": chance.random() < 0.7})  # fmt: skip
    if case % 20 == 0:
        rows[ReportedEvent].append({"id": len(rows[ReportedEvent]) + 1, "case_id": case, "person_id": case, **place,
                                    "kind": "reconviction_other", "on_date": day(chance), "level": level,
                                    "loaded_at": TOLD_AT})  # fmt: skip
        rows[CustodyEvent].append({"id": len(rows[CustodyEvent]) + 1, "case_id": case, "number": 1, "kind": "recall",
                                   "on_date": day(chance), "recorded_at": TOLD_AT, "level": level,
                                   "data": {}})  # fmt: skip


def add_fact(rows: Rows, case: int, kind: str, data: dict[str, Any], chance: Random) -> None:
    """Add a fact that somebody recorded."""
    rows[Fact].append({"id": len(rows[Fact]) + 1, "case_id": case, "kind": kind, "on_date": day(chance),
                       "recorded_at": TOLD_AT, "recorded_by": "bench", "data": data})  # fmt: skip


def add_meeting(rows: Rows, case: int, level: int, nth: int, chance: Random, ladders: Any) -> None:
    """Add a meeting that was held, its list, an action, and what it left to do."""
    on, key = day(chance), len(rows[Meeting]) + 1
    record = {"disclosure": {"decision": "do_not_disclose", "reason": "x" * 200}, "minutes": "x" * 2000}
    rows[Meeting].append({"id": key, "case_id": case, "number": nth + 1, "uid": f"{key:032x}", "state": "held",
                          "level": level, "starts_at": datetime(on.year, on.month, on.day, 10, tzinfo=UTC),
                          "minutes_long": 60, "place": "Bench", "planned_on": on, "prepared_at": TOLD_AT,
                          "record": record})  # fmt: skip
    for agency in AGENCIES:
        status = "attended" if chance.random() < 0.8 else "absent"
        rows[Participant].append({"id": len(rows[Participant]) + 1, "meeting_id": key, "agency": agency,
                                  "required": True, "invited_at": TOLD_AT, "status": status})  # fmt: skip
    number = len(rows[Action]) + 1
    rows[Action].append({"id": number, "case_id": case, "meeting_id": key, "number": nth + 1, "text": "x",
                         "agency": "police", "owner_name": "x", "set_on": on, "due_on": on, "state": "done",
                         "outcome": "x", "closed_on": on + timedelta(days=14)})  # fmt: skip
    for kind, row in (("minutes", key), ("visor_posting", key), ("plan_update", key), ("action", number)):
        add_duty(rows, case, kind, Subject(row=row), min(on + timedelta(days=14), LAST), chance, ladders)
    since = Subject(day=FIRST + timedelta(days=nth))
    add_duty(rows, case, f"level_{level}_review", since, min(on + timedelta(days=112), LAST), chance, ladders)


def multiply(session: Session, rows: Rows, times: int) -> None:
    """Copy the seed until there are so many, inside the database."""
    if times <= 1:
        return
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times - 1}) SELECT i FROM n"
    session.execute(text(f"CREATE TEMPORARY TABLE copies AS {numbers}"))
    for model, points_to in MOVED.items():
        changed = {"id": f"t.id + copies.i * {len(rows[model])}"}
        changed |= {name: f"t.{name} + copies.i * {len(rows[to])}" for name, to in points_to.items()}
        changed |= names_of(model, rows)
        copy(session, table_of(model).name, changed)
    session.execute(text("DROP TABLE copies"))


def names_of(model: type[Base], rows: Rows) -> dict[str, str]:
    """Return what else tells a copy from its original: names that are unique, and the subjects of timescales."""
    key = f"(t.id + copies.i * {len(rows[model])})"
    if model is Timescale:
        of = " ".join(f"WHEN t.kind IN ({kinds}) THEN CAST(CAST(t.subject AS INTEGER) + copies.i * {len(rows[to])} "
                      "AS VARCHAR)" for kinds, to in subjects())  # fmt: skip
        return {"subject": f"CASE {of} ELSE t.subject END"}
    if model is Meeting:
        return {"uid": f"'copy ' || {key}"}
    return {Person: {"crn": f"'B' || {key}"}, Case: {"reference": f"'BEN-2025-' || {key}"}}.get(model, {})


def subjects() -> Iterator[tuple[str, type[Base]]]:
    """Yield kinds whose subject is a row, as SQL lists them, and the row it is."""
    yield "'minutes', 'visor_posting', 'plan_update'", Meeting
    yield "'action'", Action
