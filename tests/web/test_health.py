"""What is not well with the program stands on Today, and for operators on every page; nothing stands there else."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models.assurance import AssuranceRun
from models.cases import FAILURE, Problem
from models.obligations import Message, Timescale
from models.record import Record
from notifications.outbox.route import STAGE, WAY_OUT
from tests.support.story import OLIVE, Story, at
from tests.web.conftest import TODAY
from tests.web.visiting import Desk
from web.health import troubles

NOW = at(TODAY, 10)
OPS = "ops@agency.example"
MINUTE = timedelta(minutes=1)


def well(session: Session) -> None:
    """All that was due is done: e-mails sent, reminders raised, the record checked an hour ago and two."""
    session.execute(update(Message).values(state="sent"))
    session.execute(update(Timescale).where(Timescale.next_prompt_at <= NOW).values(next_prompt_at=NOW + MINUTE))
    for hours in (1, 2):
        session.add(AssuranceRun(ran_at=NOW - timedelta(hours=hours), ok=True, findings=[], counts={}))


def waiting(minutes: int) -> Callable[[Session], None]:
    def change(session: Session) -> None:
        session.execute(update(Message).values(state="pending", not_before=NOW - minutes * MINUTE))

    return change


def refused(subject: str, when: datetime) -> Callable[[Session], None]:
    def change(session: Session) -> None:
        session.add(Problem(stage=STAGE, subject=f"{WAY_OUT}{subject}", kind=FAILURE, reason="550 secret text", tries=1,
                            first_seen_at=when, last_seen_at=when))  # fmt: skip

    return change


def unraised(minutes: int) -> Callable[[Session], None]:
    def change(session: Session) -> None:
        session.execute(update(Timescale).where(Timescale.kind == "referral").values(
            next_prompt_at=NOW - minutes * MINUTE))  # fmt: skip

    return change


def unchecked(session: Session) -> None:
    for run in session.query(AssuranceRun).order_by(AssuranceRun.id):
        run.ran_at -= timedelta(hours=3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (None, []),
        (waiting(14), []),
        (waiting(140), ["No e-mail has left since 07:40. {} messages wait."]),
        (refused("server mail.example:25", NOW - 140 * MINUTE), ["The mail server has refused everything since 07:40. "
                                                               "No message waits."]),
        (refused("server mail.example:25", at("2026-09-18", 16)),
         ["The mail server has refused everything since Friday 18 September, 16:00. No message waits."]),
        (refused("folder", NOW - 20 * MINUTE), ["No e-mail can be written since 09:40. No message waits."]),
        (unraised(10), []),
        (unraised(120), ["Reminders have not been worked out since 08:00. 1 reminder waits."]),
        (unchecked, ["The record has not been checked since 06:00."]),
    ],
)  # fmt: skip
def test_what_is_not_well_is_said_with_since_when_and_how_much_waits(
    story: Story, change: Callable[[Session], None] | None, words: list[str]
) -> None:
    with story.record.writing() as session:
        well(session)
        number = session.query(Message).count()
        if change is not None:
            change(session)
    with story.record.reading() as session:
        assert troubles(session, NOW) == [one.format(number) for one in words]


def test_it_stands_on_today_for_everybody_and_on_every_page_for_an_operator(desk: Desk, story: Story) -> None:
    with story.record.writing() as session:
        well(session)
    assert "Warning" not in desk.sign_in(OLIVE, NOW).get("/today").text
    fail(story.record)
    words = "The mail server has refused everything since 07:40. No message waits."
    page = desk.get("/today")
    assert words in page.text
    assert "secret" not in page.response.text
    assert words not in desk.get("/cases").text
    desk.sign_in(OPS, NOW)
    assert all(words in desk.get(path).text for path in ("/today", "/problems", "/you"))


def fail(record: Record) -> None:
    with record.writing() as session:
        refused("server mail.example:25", NOW - 140 * MINUTE)(session)
