"""After a restore: what may have left is of unknown fate, what cannot have left is not, and each has its entry."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.audit import AuditEntry
from models.audit_seals import verify
from models.record import Record
from notifications.outbox.doubts import doubt_outbox
from policy.vocabulary import MessageState
from tests.support.factories import EIGHT, messages, queue

UNTIL = EIGHT + timedelta(hours=2)
LATER = EIGHT + timedelta(hours=5)


def doubt(record: Record) -> int:
    with record.writing() as session:
        return doubt_outbox(session, UNTIL, "operator", LATER)


@pytest.mark.parametrize("state", ["pending", "retry", "claimed"])
@pytest.mark.parametrize(
    ("kind", "told"), [("escalation", "it is sent again by itself"), ("digest", "a person decides")]
)
def test_what_may_have_left_is_uncertain(record: Record, state: str, kind: str, told: str) -> None:
    with record.writing() as session:
        queue(session, kind=kind, state=state, claimed_by="gone" if state == "claimed" else None)
    assert doubt(record) == 1
    message = messages(record)["m1"]
    assert (message.state, message.claimed_by, message.began_at) == ("uncertain", None, UNTIL)
    assert told in (message.reason or "")
    with record.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "message-uncertain")).one()
        assert (entry.actor, entry.subject, entry.before) == ("operator", "m1", {"state": state})
        assert entry.after is not None
        assert len(entry.after["prompts"]) == 1
        assert list(verify(session)) == []


def test_what_leaves_later_cannot_have_left_unless_the_sweep_of_that_moment_wrote_it(record: Record) -> None:
    with record.writing() as session:
        queue(session, "waits", not_before=LATER)
        queue(session, "swept", not_before=LATER, created_at=UNTIL)
    assert doubt(record) == 1
    assert {key: m.state for key, m in messages(record).items()} == {"waits": "pending", "swept": "uncertain"}


@pytest.mark.parametrize("state", sorted(set(MessageState) - {"pending", "retry", "claimed"}))
def test_what_is_settled_or_in_doubt_already_stays_as_it_is(record: Record, state: str) -> None:
    with record.writing() as session:
        queue(session, state=state, reason="as before")
    assert doubt(record) == 0
    assert (messages(record)["m1"].state, messages(record)["m1"].reason) == (state, "as before")
