"""A prompt raised before a pause that has not left when it begins waits for its end, and leaves once.

Darren's offender manager is asked for the referral on Wednesday 12 August 2026. The mail server is busy; the referral
is snoozed on the same day, until Wednesday 19 August.
"""

from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit_seals import verify
from models.obligations import Message, Prompt, Timescale
from models.record import Record
from tests.notifications.outbox.test_readdressing import send
from tests.support.smtp_sink import SmtpSink
from tests.support.story import DARREN, OLIVE, Story, form

ASKS = "* Referral (MAPPA A), "
ENDED = "The pause has ended"
BUSY = "451 4.2.1 mailbox busy"
OTHER = DARREN | {"crn": "X320742", "surname": "Other", "forenames": "Marco", "date_of_birth": "1985-03-05"}
SNOOZE = {"kind": "referral", "way": "snooze", "reason": "The psychologist reports next week.", "by": "Olive",
          "by_email": OLIVE, "until": "2026-08-19"}  # fmt: skip


@pytest.fixture
def story(record: Record, tmp_path: Path) -> Story:
    """Two people of one offender manager: both referrals are asked for in one digest, which does not leave at once."""
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN, OTHER)
    story.tick("2026-06-01")
    with SmtpSink() as sink:
        for day in ("2026-06-12", "2026-07-10"):
            story.tick(day)
            send(story, sink, day)
        story.tick("2026-08-12")
        sink.refusals = {OLIVE: BUSY}
        send(story, sink, "2026-08-12")
    story.record_fact("pause", "2026-08-12", **SNOOZE)
    return story


def referrals(sink: SmtpSink) -> list[list[str]]:
    """Return the cases of each e-mail about a referral that reached the offender manager."""
    sent = [str(one.message.get_body(("plain",)).get_content()) for one in sink.received if one.recipient == OLIVE]
    cases = ("LON-2026-000001", "LON-2026-000002")
    return [[case for case in cases if f"{ASKS}{case}" in text] for text in sent if ASKS in text and ENDED not in text]


def waits(story: Story) -> list[tuple[str, str | None]]:
    """Return how the message with the rung of the paused referral stands, and why."""
    with story.record.reading() as session:
        query = select(Message.state, Message.reason).join(Prompt, Prompt.message_id == Message.id).join(Timescale)
        about = (Prompt.rung == "-1 month", Timescale.kind == "referral", Timescale.case_id == story.case().id)
        assert list(verify(session)) == []
        return [(state, reason) for state, reason in session.execute(query.where(*about).order_by(Prompt.id))]


def test_it_waits_for_the_end_of_the_pause_with_its_reason_and_the_others_leave(story: Story) -> None:
    with SmtpSink() as sink:
        send(story, sink, "2026-08-12", 65)
        assert referrals(sink) == [["LON-2026-000002"]]
        assert waits(story) == [("pending", "paused until 2026-08-19")]
        for day in ("2026-08-13", "2026-08-18"):
            story.tick(day)
            send(story, sink, day)
        assert referrals(sink) == [["LON-2026-000002"]]


def test_it_leaves_once_when_the_pause_ends(story: Story) -> None:
    with SmtpSink() as sink:
        send(story, sink, "2026-08-12", 65)
        for minutes in (0, 5):
            story.tick("2026-08-19")
            send(story, sink, "2026-08-19", minutes)
        story.tick("2026-08-20")
        send(story, sink, "2026-08-20")
        assert referrals(sink) == [["LON-2026-000002"], ["LON-2026-000001"]]
    assert waits(story) == [("sent", None)]


def test_resumed_early_it_leaves_then(story: Story) -> None:
    with SmtpSink() as sink:
        send(story, sink, "2026-08-12", 65)
        resumed = {"kind": "referral", "reason": "The report came.", "by": "Olive"}
        story.record_fact("resume", "2026-08-14", **resumed)
        send(story, sink, "2026-08-14", 65)
        assert referrals(sink) == [["LON-2026-000002"], ["LON-2026-000001"]]
        send(story, sink, "2026-08-19", 5)
        assert len(referrals(sink)) == 2


def test_met_meanwhile_it_never_leaves(story: Story) -> None:
    with SmtpSink() as sink:
        send(story, sink, "2026-08-12", 65)
        story.record_fact("referral", "2026-08-14", **form("referral"))
        send(story, sink, "2026-08-19", 5)
        assert referrals(sink) == [["LON-2026-000002"]]
    assert waits(story) == [("cancelled", "met before sending")]


def test_nothing_of_a_digest_is_left_and_it_is_cancelled(story: Story) -> None:
    """The other is paused, too, until another day: each waits for its own."""
    story.record_fact("pause", "2026-08-12", crn="X320742", **SNOOZE | {"until": "2026-08-18"})
    with SmtpSink() as sink:
        send(story, sink, "2026-08-12", 65)
        assert referrals(sink) == []
        for day in ("2026-08-18", "2026-08-19"):
            story.tick(day)
            send(story, sink, day)
        assert referrals(sink) == [["LON-2026-000002"], ["LON-2026-000001"]]
