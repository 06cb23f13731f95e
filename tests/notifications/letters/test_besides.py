"""What of no case an e-mail says that goes anyway: the board's overdue actions, caseloads above the policy.

The caseload is 50 cases (our default; joint inspection 2015, 6.29). Sent on Monday 30 March 2026.
"""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from models.cases import Case
from models.obligations import Timescale
from models.record import Record
from tests.notifications.letters.reading import delivered, text_of
from tests.support import rows

COORDINATOR, MANAGER, SERGEANT = "coordinator@mappa.example", "lina@probation.example", "sergeant@police.example"
MET = date(2025, 12, 10)


def managed(session: Session, number: int, **values: object) -> Case:
    """Add a case of Olive and Priya, whose lead agency is probation."""
    people = {
        "offender_manager": "Olive Example", "offender_manager_email": "olive@probation.example",
        "line_manager_email": MANAGER, "police_offender_manager": "Priya Example",
        "police_offender_manager_email": "priya@police.example",
    }  # fmt: skip
    someone = rows.person(session, f"X2{number:05d}")
    return rows.case(session, someone, f"LON-2026-0002{number:02d}", **(people | values))


def put(session: Session, on: Case, kind: str, role: str, recipient: str) -> None:
    """Put a message into the outbox with one prompt to somebody in a role."""
    number = session.query(Timescale).count()
    carrier = rows.message(session, f"m{number}", kind=kind, recipient=recipient)
    weight = "escalation" if kind == "escalation" else "reminder"
    duty = rows.timescale(session, on, "level_setting", subject=f"number {number}")
    duty.named = {role: [[recipient, None]]}
    rows.prompt(session, duty, carrier, recipient_role=role, recipient=recipient, weight=weight)


@pytest.fixture
def fifty(record: Record) -> Record:
    """Olive and Priya have 50 open cases each, and one that was closed."""
    with record.writing() as session:
        rows.directory_entry(session)
        rows.directory_entry(session, agency="police", role="line_manager", name="Sergeant", email=SERGEANT)
        for number in range(50):
            managed(session, number)
        managed(session, 50, closed_on=date(2026, 3, 2))
    return record


def told(record: Record, *messages: tuple[str, str, str]) -> dict[str, str]:
    """Send messages, each kind, role and recipient, about one case; return the text of each by its recipient."""
    with record.writing() as session:
        on = session.query(Case).filter_by(reference="LON-2026-000200").one()
        for kind, role, recipient in messages:
            put(session, on, kind, role, recipient)
    return {one["To"]: text_of(one, "plain") for one in delivered(record)}


def test_a_manager_is_warned_of_the_case_above_the_policy_and_of_none_below(fifty: Record) -> None:
    """Fifty are allowed, fifty-one are not. Each is told of their own officer, once, and no other reader is."""
    line_managers = (("escalation", "line_manager", MANAGER), ("digest", "line_manager", SERGEANT))
    assert not any("More open cases" in text for text in told(fifty, line_managers[0]).values())
    with fifty.writing() as session:
        managed(session, 51, offender_manager_email="Olive@probation.example")
    found = told(fifty, line_managers[1], ("digest", "offender_manager", "olive@probation.example"))
    assert (
        "More open cases than the policy allows: Priya Example (51; at most 50). Please see who can take some over."
        in found[SERGEANT]
    )
    assert "Olive Example" not in found[SERGEANT]
    assert "More open cases" not in found["olive@probation.example"]


def test_an_escalation_warns_too(fifty: Record) -> None:
    with fifty.writing() as session:
        managed(session, 51, police_offender_manager_email=None)
    text = told(fifty, ("escalation", "line_manager", MANAGER))[MANAGER]
    assert text.count("Olive Example (51; at most 50)") == 1
    assert "Priya" not in text


def test_the_coordinator_hears_of_overdue_actions_of_the_board_until_they_are_done(fifty: Record) -> None:
    """Due on Friday 27 March is overdue on Monday 30 March; due that day is not; done is not; elsewhere is not."""
    with fifty.writing() as session:
        rows.board_action(session, "London", MET, date(2026, 3, 30))
        rows.board_action(session, "London", MET, date(2026, 1, 5), number=2, done_on=MET, outcome="Two found")
        rows.board_action(session, "Norfolk", MET, date(2026, 1, 5))
    assert "of the board" not in told(fifty, ("digest", "coordinator", COORDINATOR))[COORDINATOR]
    with fifty.writing() as session:
        rows.board_action(session, "London", MET, date(2026, 3, 27), number=3)
        rows.board_action(session, "London", MET, date(2025, 12, 31), number=4)
    found = told(fifty, ("stuck_list", "coordinator", COORDINATOR), ("escalation", "coordinator", "x@mappa.example"))
    assert (
        "2 actions of the board are overdue: the oldest was due on Wednesday 31 December 2025. The MAPPA unit can "
        "list them with mappa board-actions --overdue" in found[COORDINATOR]
    )
    assert "of the board" not in found["x@mappa.example"]
