"""What a person decides about a message: sent again, or known to have arrived."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models.record import Record
from notifications.letters.rendering import REPEAT
from notifications.outbox.decisions import mark_sent, resend
from notifications.outbox.outcomes import Delivery
from policy.errors import ConflictError, InvalidError, NotFoundError
from tests.notifications.outbox.box import MINUTE, Box, Poll, audited, put
from tests.support.factories import EIGHT, messages


class TestDecisions:
    def decide(self, record: Record, what: Callable[..., None], **values: Any) -> None:
        with record.writing() as session:
            what(session, "m1", "coordinator", EIGHT + MINUTE, **values)

    @pytest.mark.parametrize("state", ["uncertain", "dead", "withheld"])
    def test_a_person_has_it_sent_again(self, record: Record, poll: Poll, state: str) -> None:
        put(record, state=state, tries=3, began_at=EIGHT if state == "uncertain" else None, reason="why")
        self.decide(record, resend)
        box = Box()
        assert poll(box, MINUTE) == [Delivery("m1", "done", "sent")]
        assert (REPEAT in box.text()) is (state == "uncertain")
        assert [action for _, action, _ in audited(record)] == ["message-resent", "message-sent"]

    def test_a_message_without_an_address_is_given_one(self, record: Record, poll: Poll) -> None:
        put(record, recipient="")
        poll(Box())
        self.decide(record, resend, recipient="new@probation.example")
        box = Box()
        poll(box, MINUTE)
        assert box.given[0]["To"] == "new@probation.example"
        put(record, key="m2", recipient="")
        with record.writing() as session, pytest.raises(InvalidError, match="'nobody' is not an e-mail address"):
            resend(session, "m1", "coordinator", EIGHT, recipient="nobody")

    @pytest.mark.parametrize("state", ["uncertain", "dead", "withheld"])
    def test_a_person_marks_it_as_sent(self, record: Record, poll: Poll, state: str) -> None:
        put(record, state=state)
        self.decide(record, mark_sent)
        message = messages(record)["m1"]
        assert (message.state, message.sent_at, message.reason) == (
            "sent",
            EIGHT + MINUTE,
            "a person marked it as sent",
        )
        assert poll(Box(), timedelta(days=1)) == []
        assert audited(record) == [("outbox/London", "message-marked-sent", "m1")]

    @pytest.mark.parametrize("state", ["pending", "retry", "claimed", "sent", "cancelled"])
    @pytest.mark.parametrize("what", [resend, mark_sent])
    def test_any_other_state_is_refused_with_a_sentence(
        self, record: Record, state: str, what: Callable[..., None]
    ) -> None:
        put(record, state=state)
        with pytest.raises(ConflictError, match=f"message m1 is {state}: only an uncertain, dead or withheld message"):
            self.decide(record, what)
        assert audited(record) == []

    def test_a_message_nobody_knows_is_refused(self, record: Record) -> None:
        with pytest.raises(NotFoundError, match="there is no message m1"):
            self.decide(record, resend)
