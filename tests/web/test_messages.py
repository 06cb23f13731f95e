"""The outbox at the desk: what an e-mail says is looked at before it leaves, by those of its area alone."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import AuditEntry
from models.directory import DirectoryEntry
from models.obligations import Message
from models.record import Record
from models.replies import ReturnedAddress
from notifications.outbox.returned import come_back
from tasks import deliver
from tasks.stage import run_stage
from tests.support.opened import with_mail_in
from tests.support.story import CORA, DARREN, MEETING_DIRECTORY, OLIVE, OPAL, Story, at, form, post
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


def came_back(story: Story, why: str = "5.1.1") -> None:
    """The prison was reminded at ten; in the afternoon the e-mail comes back."""
    run_stage(story.record, deliver.STAGE, at(TODAY, 10))
    with story.record.writing() as session:
        [message] = session.scalars(select(Message).where(Message.recipient == OPAL).order_by(Message.id))
        assert come_back(session, message, why, at(TODAY, 15), "test")


def test_addresses_that_send_e_mail_back_are_listed_until_a_person_sends_again(told: Story, tmp_path: Path) -> None:
    desk = Desk(told.record, tmp_path).sign_in(CORA, at(TODAY, 16))
    assert "comes back" not in desk.get("/messages").text
    came_back(told)
    page = desk.get("/messages")
    assert "Addresses whose e-mail comes back (1)" in page.text
    [row] = page.soup.select("#addresses .govuk-summary-list__row")
    text = " ".join(row.get_text(" ").split())
    assert text.startswith(f"{OPAL} Since Monday 21 September, 15:00: there is no such address. What came back")
    assert "Correct the entry of Opal, prison offender management unit" in text
    link = next(one["href"] for one in row.select("a") if one["href"].startswith("/people/"))
    assert OPAL in str(desk.get(link).soup.find("form"))
    with told.record.reading() as session:
        assert session.scalars(select(ReturnedAddress.email)).all() == [OPAL]
    desk.press(page, "", what="works")
    assert message_to(told, OPAL).state == "retry"
    assert "comes back" not in desk.get("/messages").text
    with told.record.reading() as session:
        [said] = session.scalars(select(AuditEntry).where(AuditEntry.action == "address-confirmed"))
        assert said.actor == "Cora"


def test_an_address_whose_message_is_no_longer_needed_can_be_confirmed_too(told: Story, tmp_path: Path) -> None:
    came_back(told, "permanent-failure")
    with told.record.writing() as session:
        session.scalars(select(Message).where(Message.recipient == OPAL)).one().state = "cancelled"
    desk = Desk(told.record, tmp_path).sign_in(CORA, at(TODAY, 16))
    desk.press(desk.get("/messages"), "", what="works")
    assert message_to(told, OPAL).state == "cancelled"
    assert "comes back" not in desk.get("/messages").text


def test_an_address_that_was_replaced_is_left_out_once_nothing_waits_for_it(told: Story, tmp_path: Path) -> None:
    """The prison notice was to reach Opal. Her entries get another address; then the notice comes."""
    came_back(told)
    desk = Desk(told.record, tmp_path).sign_in(CORA, at(TODAY, 16))
    assert "1 open duty did not reach it." in desk.get("/messages").text
    with told.record.writing() as session:
        for entry in session.scalars(select(DirectoryEntry).where(DirectoryEntry.email == OPAL)):
            entry.email = "opal.new@prison.example"
    page = desk.get("/messages")
    assert "Correct the entry" not in page.text
    assert "neither in the directory nor on an open case" in page.text
    told.record_fact("prison-notice", TODAY, **form("prison-notice"))
    assert "comes back" not in desk.get("/messages").text


def test_addresses_of_another_area_are_not_listed(told: Story, tmp_path: Path) -> None:
    came_back(told)
    page = Desk(told.record, tmp_path).sign_in(ELSEWHERE, at(TODAY, 16)).get("/messages")
    assert "comes back" not in page.text
    assert OPAL not in page.text


def test_where_an_address_stands_on_cases_alone_the_list_says_so(told: Story, tmp_path: Path) -> None:
    """Olive's address is that of Darren's offender manager, and in no directory."""
    with told.record.writing() as session:
        session.add(ReturnedAddress(email=OLIVE, why="no reason given", since=at(TODAY, 9), message_id="m",
                                    area="London"))  # fmt: skip
    text = Desk(told.record, tmp_path).sign_in(CORA, at(TODAY, 16)).get("/messages").text
    assert "It stands on 1 open case: correct it where the sentences file is made" in text


def test_nothing_is_said_of_a_case_that_is_restricted_by_now(told: Story, tmp_path: Path) -> None:
    waiting = message_to(told, OPAL)
    told.record_fact("restriction", TODAY, restricted=True, reason="A witness must not be found.")
    page = Desk(told.record, tmp_path).sign_in(CORA, at(TODAY, 10)).get(f"/messages/{waiting.id}")
    assert page.status == 404
    assert CASE not in page.text
