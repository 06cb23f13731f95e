"""An address that does not take e-mail is asked by nobody until a person says so, and what it was to hear goes up.

Darren's offender manager is reminded of the referral on Wednesday 12 August 2026, a month before 12 September, which is
six months before release; again on Saturday 29 August, two weeks before, which leaves on Tuesday 1 September: Monday
is a bank holiday.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.audit import AuditEntry
from models.audit_seals import verify
from models.obligations import Message, Prompt
from models.record import Record
from models.replies import ReturnedAddress
from notifications.outbox.decisions import resend
from notifications.outbox.returned import HELD, come_back, confirm
from tasks import deliver, prompts, replies
from tasks.stage import run_stage
from tests.support.factories import EIGHT, queue
from tests.support.smtp_sink import SmtpSink
from tests.support.story import DARREN, DIRECTORY, LIONEL, OLIVE, Story, at

REMINDED = "2026-08-12"
DOMAINS = "probation.example,prison.example,mappa.example"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


def run(story: Story, sink: SmtpSink, day: str, hour: int = 8) -> None:
    """Raise what is due on a day, and let it leave; what came back is told at the next look."""
    record = story.record.with_settings(sink.settings(allowed_domains=DOMAINS))
    for stage in (replies.STAGE, prompts.STAGE, deliver.STAGE):
        run_stage(record, stage, at(day, hour))


def marks(record: Record) -> list[tuple[str, bool]]:
    with record.reading() as session:
        assert list(verify(session)) == []
        return [(one.email, one.tell_at is None) for one in session.scalars(select(ReturnedAddress))]


def referral_rungs(story: Story) -> list[tuple[str, str]]:
    return [(rung, recipient) for rung, _, recipient, _ in story.prompts("referral")]


def test_a_refused_address_goes_up_the_line_and_comes_back_when_a_person_sends_again(
    record: Record, tmp_path: Path, sink: SmtpSink
) -> None:
    story = Story(record, tmp_path, DIRECTORY)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    sink.refusals = {OLIVE: "550 5.1.1 <{address}> unknown"}
    run(story, sink, REMINDED)
    assert marks(record) == [(OLIVE, False)]
    run(story, sink, REMINDED, 9)
    run(story, sink, REMINDED, 10)
    assert marks(record) == [(OLIVE, True)]
    assert referral_rungs(story) == [("-1 month", OLIVE), ("returned 1", LIONEL)]
    [told] = [mail for mail in sink.received if mail.recipient == LIONEL]
    text = " ".join(told.text().split())
    assert "It did not reach the offender manager. It was about: referral, due Saturday 12 September." in text
    assert OLIVE not in text
    # What comes next goes to the line manager at once, and says for whom.
    run(story, sink, "2026-09-01")
    assert referral_rungs(story)[-1] == ("-2 weeks", LIONEL)
    with record.writing() as session:
        [dead] = session.scalars(select(Message).where(Message.state == "dead"))
        assert dead.recipient == OLIVE
        resend(session, dead.id, "Cora", at("2026-09-01", 9))
    sink.refusals = {}
    run(story, sink, "2026-09-01", 10)
    assert marks(record) == []
    assert OLIVE in [mail.recipient for mail in sink.received]
    with record.reading() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("address-%"))).all()
        assert actions == ["address-marked", "address-confirmed"]


def test_a_message_that_has_arrived_nowhere_is_dead_once(record: Record) -> None:
    with record.writing() as session:
        message = queue(session, "m1", state="sent", sent_at=EIGHT, began_at=EIGHT)
        assert come_back(session, message, "5.1.1", EIGHT, "test")
        assert (message.state, message.began_at) == ("dead", None)
        assert not come_back(session, message, "5.1.1", EIGHT, "test")
    assert marks(record) == [("om@probation.example", False)]


def test_what_can_go_to_nobody_else_waits_and_leaves_when_the_address_is_confirmed(
    record: Record, sink: SmtpSink
) -> None:
    here = record.with_settings(sink.settings())
    with record.writing() as session:
        old = queue(session, "m1", state="sent", sent_at=EIGHT)
        come_back(session, old, "5.1.1", EIGHT, "test")
        letter = queue(session, "m2", "minutes", prompts=0)
        [asked] = session.scalars(select(Prompt))
        session.add(Prompt(**{c.name: getattr(asked, c.name) for c in Prompt.__table__.columns if c.name != "id"}
                           | {"rung": "final", "recipient_role": "invitee", "message_id": letter.id}))  # fmt: skip
    run_stage(here, deliver.STAGE, EIGHT)
    with record.writing() as session:
        held = session.get_one(Message, "m2")
        assert (held.state, held.reason) == ("withheld", HELD)
        assert confirm(session, held.recipient, "Cora", EIGHT)
        assert not confirm(session, held.recipient, "Cora", EIGHT)
        assert (held.state, held.tries) == ("retry", 0)
    assert marks(record) == []
