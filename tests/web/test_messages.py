"""The outbox at the desk: what an e-mail says is looked at before it leaves, by those of its area alone."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import AuditEntry
from models.obligations import Message
from models.record import Record
from tasks import deliver
from tasks.stage import run_stage
from tests.support.opened import with_mail_in
from tests.support.story import CORA, DARREN, MEETING_DIRECTORY, OPAL, Story, at, post
from tests.web.at_work import text_of
from tests.web.conftest import TODAY
from tests.web.visiting import Desk

CASE, ELSEWHERE = "LON-2026-000001", "ella@mappa.example"


@pytest.fixture
def told(record: Record, tmp_path: Path, today: None) -> Story:
    """Darren, of whom the prison was asked for its notice; his case is not restricted."""
    unit_elsewhere = post("mappa_unit", "coordinator", "Ella", ELSEWHERE) | {"area": "Elsewhere"}
    story = Story(with_mail_in(record, tmp_path / "out"), tmp_path, [*MEETING_DIRECTORY, unit_elsewhere])
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    story.tick(TODAY)
    return story


def message_to(story: Story, address: str) -> Message:
    with story.record.reading() as session:
        [found] = session.scalars(select(Message).where(Message.recipient == address).order_by(Message.id))
        session.expunge(found)
        return found


def test_what_waits_says_what_then_leaves_and_looking_changes_nothing(told: Story, tmp_path: Path) -> None:
    waiting = message_to(told, OPAL)
    desk = Desk(told.record, tmp_path).sign_in(CORA, at(TODAY, 10))
    before = desk.get(f"/messages/{waiting.id}")
    assert "This is what the e-mail would say if it left now." in before.text
    assert message_to(told, OPAL).state == "pending"
    run_stage(told.record, deliver.STAGE, at(TODAY, 10))
    [mail] = [path for path in (tmp_path / "out").glob("*.eml") if OPAL in path.read_text(encoding="utf-8")]
    sent = " ".join(text_of(message_from_bytes(mail.read_bytes(), policy=policy.default)).split())
    assert sent in before.text
    after = desk.get(f"/messages/{waiting.id}")
    assert sent in after.text
    assert "Sent, Monday 21 September" in after.text
    with told.record.reading() as session:
        reads = select(AuditEntry.actor, AuditEntry.after).where(AuditEntry.action == "case-read")
        assert [(row.actor, row.after["page"]) for row in session.execute(reads.order_by(AuditEntry.id))] == [
            ("Cora", "/messages")
        ] * 2


def test_another_area_does_not_see_it(told: Story, tmp_path: Path) -> None:
    waiting = message_to(told, OPAL)
    desk = Desk(told.record, tmp_path).sign_in(ELSEWHERE, at(TODAY, 10))
    assert desk.get(f"/messages/{waiting.id}").status == 404
    assert desk.get("/messages/nothing").status == 404


def test_nothing_is_said_of_a_case_that_is_restricted_by_now(told: Story, tmp_path: Path) -> None:
    waiting = message_to(told, OPAL)
    told.record_fact("restriction", TODAY, restricted=True, reason="A witness must not be found.")
    page = Desk(told.record, tmp_path).sign_in(CORA, at(TODAY, 10)).get(f"/messages/{waiting.id}")
    assert page.status == 404
    assert CASE not in page.text
