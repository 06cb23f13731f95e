"""What the auditor's look costs must not hang on when the database last looked at how much there is."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event, insert, text

from assurance import of_cases
from models.audit import AuditEntry
from models.base import table_of
from models.cases import Case, Problem
from models.people import Person
from models.record import Record

NOW = datetime(2026, 7, 10, 12, 0, tzinfo=UTC)
WAITING = 30


def waiting_cases(record: Record) -> None:
    """Put cases that wait for a look since yesterday: two were changed ten minutes ago, one has failed."""
    numbers = range(1, WAITING + 1)
    with record.writing() as session:
        session.execute(insert(Person), [
            {"id": n, "crn": f"X{n:06d}", "surname": "S", "forenames": "F", "date_of_birth": date(1980, 1, 1)}
            for n in numbers
        ])  # fmt: skip
        session.execute(insert(Case), [
            {"id": n, "reference": f"LON-2026-{n:06d}", "person_id": n, "area": "London", "lead_agency": "police",
             "location": "community", "stage": "community", "opened_on": date(2026, 1, 1),
             "review_at": NOW - timedelta(days=1)}
            for n in numbers
        ])  # fmt: skip
        session.execute(insert(table_of(AuditEntry)), [
            {"chain": f"case/{n}", "seq": seq, "at": NOW - timedelta(minutes=10 if n <= 2 and seq == 3 else 600),
             "actor": "t", "action": "t", "subject": "t", "hash": "0"}
            for n in numbers
            for seq in (1, 2, 3)
        ])  # fmt: skip
        session.execute(insert(Problem), [
            {"stage": "pre_release", "subject": "3", "kind": "failure", "reason": "x", "first_seen_at": NOW,
             "last_seen_at": NOW}
        ])  # fmt: skip


def test_what_waits_is_told_whatever_the_database_believes_of_its_tables(record: Record) -> None:
    with record.writing() as session:
        # As an operator might, on the first day: it then knows that the trail has next to nothing.
        session.execute(text("ANALYZE"))
    waiting_cases(record)
    asked: list[str] = []
    event.listen(record.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with record.reading() as session:
        found = of_cases.stages_that_stand(session, NOW)
    assert found.total == WAITING - 3
    assert found.subjects[0] == "LON-2026-000004 pre_release"
    # No statement reads the trail for each of the rows of another: the trail is asked for the cases that wait.
    about_the_trail = [statement for statement in asked if "audit_entry" in statement]
    assert len(about_the_trail) == 1
    assert '"case"' not in about_the_trail[0]


def test_with_nothing_that_waits_the_trail_is_not_read(record: Record) -> None:
    asked: list[str] = []
    event.listen(record.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with record.reading() as session:
        assert of_cases.stages_that_stand(session, NOW).total == of_cases.rungs_not_raised(session, NOW).total == 0
    assert not any("audit_entry" in statement for statement in asked)
