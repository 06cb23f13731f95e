"""The outbox: never lost, never twice, in doubt said so; each state has its reason."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from models.audit import AuditEntry
from models.cases import Case
from models.obligations import Prompt, Timescale
from models.record import Record
from notifications.outbox.claims import waiting
from notifications.outbox.outcomes import Delivery
from notifications.outbox.transports import Handed
from tests.notifications.outbox.box import MINUTE, Box, Poll, audited, put
from tests.support.factories import CRN, EIGHT, SURNAME, carry, messages, owed, queue


class TestSending:
    def test_a_waiting_message_is_sent_once(self, record: Record, poll: Poll) -> None:
        put(record)
        box = Box()
        assert poll(box) == [Delivery("m1", "done", "sent")]
        assert poll(box) == poll(box, timedelta(days=400)) == []
        message = messages(record)["m1"]
        assert (message.state, message.sent_at, message.tries, message.reason) == ("sent", EIGHT, 1, None)
        assert (message.claimed_by, message.lease_until) == (None, None)
        assert len(box.given) == 1

    def test_each_outcome_stands_in_the_trail_of_the_area(self, record: Record, poll: Poll) -> None:
        put(record, prompts=2)
        poll(Box())
        assert audited(record) == [("outbox/London", "message-sent", "m1")]
        with record.reading() as session:
            entry = session.scalars(select(AuditEntry).where(AuditEntry.subject == "m1")).one()
            prompts = list(session.scalars(select(Prompt.id).order_by(Prompt.id)))
        assert entry.before == {"state": "pending"}
        assert entry.after == {"state": "sent", "reason": None, "prompts": prompts, "answer": "250 queued"}

    def test_nothing_leaves_before_its_time(self, record: Record, poll: Poll) -> None:
        put(record)
        assert poll(Box(), -MINUTE) == []

    def test_only_the_area_asked_for_waits_and_escalations_go_first(self, record: Record) -> None:
        put(record, key="a", not_before=EIGHT - MINUTE)
        put(record, key="b", kind="escalation")
        put(record, key="c", area="Kent")
        with record.reading() as session:
            assert waiting(session, EIGHT) == ["b", "a", "c"]
            assert waiting(session, EIGHT, "Kent") == ["c"]
            assert waiting(session, EIGHT, limit=1) == ["b"]

    def test_looking_for_what_waits_uses_the_index(self, sqlite_record: Record) -> None:
        asked: list[tuple[str, Any]] = []

        @event.listens_for(sqlite_record.engine, "before_cursor_execute")
        def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
            asked.append((statement, parameters))

        with sqlite_record.reading() as session:
            waiting(session, EIGHT)
            statement, parameters = asked[-1]
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        # Years of sent messages must not slow down a poll.
        assert not any(row[-1].startswith("SCAN message") for row in plan), plan

    def test_no_transaction_is_open_while_the_message_is_handed_over(self, record: Record, poll: Poll) -> None:
        put(record)
        box = Box()

        def write_meanwhile() -> None:
            with record.writing() as session:
                session.execute(text("UPDATE message SET reason = 'written meanwhile' WHERE id = 'm1'"))

        box.meanwhile = write_meanwhile
        assert poll(box) == [Delivery("m1", "done", "sent")]

    def test_what_is_sent_has_neither_name_nor_crn(self, record: Record, poll: Poll) -> None:
        put(record, prompts=3)
        box = Box()
        poll(box)
        whole = box.given[0].as_string()
        assert SURNAME not in whole
        assert CRN not in whole
        with record.reading() as session:
            for crn in session.scalars(text("SELECT crn FROM person")):
                assert crn not in whole

    def test_a_message_that_cannot_be_written_does_not_stop_the_others(self, record: Record, poll: Poll) -> None:
        put(record, key="bad", kind="pigeon", not_before=EIGHT - MINUTE)
        put(record, key="good")
        box = Box()
        assert poll(box) == [
            Delivery("bad", "failed", "retry: the message cannot be written: TemplateNotFound"),
            Delivery("good", "done", "sent"),
        ]
        for days in (4, 5):
            poll(box, timedelta(days=days))
        bad = messages(record)["bad"]
        assert (bad.state, bad.tries) == ("dead", 3)
        assert bad.reason == "given up after 5 days: the message cannot be written: TemplateNotFound"


class TestStillNeeded:
    def test_a_met_timescale_cancels_its_message(self, record: Record, poll: Poll) -> None:
        put(record)
        with record.writing() as session:
            session.scalars(select(Timescale)).one().state = "met"
        box = Box()
        assert poll(box) == [Delivery("m1", "skipped", "cancelled: met before sending")]
        assert not box.given
        with record.reading() as session:
            assert session.scalars(select(Prompt.withdrawn)).one() == "met before sending"
        assert [action for _, action, _ in audited(record)] == ["prompts-withdrawn", "message-cancelled"]

    def test_only_what_is_still_needed_goes_and_the_subject_counts_it(self, record: Record, poll: Poll) -> None:
        put(record, prompts=4)
        with record.writing() as session:
            met, moved, cancelled, open_ = session.scalars(select(Timescale).order_by(Timescale.id))
            met.state, moved.revision, cancelled.state = "met", 2, "cancelled"
            references = [row.case.reference for row in (met, moved, cancelled, open_)]
        box = Box()
        assert poll(box) == [Delivery("m1", "done", "sent")]
        assert [reference in box.text() for reference in references] == [False, False, False, True]
        assert box.given[0]["Subject"] == f"Referral due 12 September, {references[3]}"
        assert messages(record)["m1"].subject == f"Referral due 12 September, {references[3]}"
        with record.reading() as session:
            assert list(session.scalars(select(Prompt.withdrawn).order_by(Prompt.id))) == [
                "met before sending",
                "the date moved: revision 2",
                "cancelled before sending",
                None,
            ]

    def test_what_only_informs_goes_whatever_became_of_the_timescale(self, record: Record, poll: Poll) -> None:
        with record.writing() as session:
            message = queue(session, prompts=0)
            carry(session, message, owed(session, kind="identification", state="met"), rung="identified")
        box = Box()
        assert poll(box) == [Delivery("m1", "done", "sent")]
        assert "NEW CASES" in box.text()

    def test_it_is_checked_again_at_each_try(self, record: Record, poll: Poll) -> None:
        put(record)
        poll(Box(Handed("retry", "451")))
        with record.writing() as session:
            session.scalars(select(Timescale)).one().state = "met"
        assert poll(Box(), MINUTE) == [Delivery("m1", "skipped", "cancelled: met before sending")]


class TestWithheld:
    @pytest.mark.parametrize(
        ("recipient", "reason"),
        [
            ("", "nobody on the line has an address"),
            ("no address", "the address is not a valid e-mail address"),
            ("jane@nowhere", "the address is not a valid e-mail address"),
            ("jane@elsewhere.test", "the domain of the address is not among the allowed domains"),
            ("jane@police.example.elsewhere.test", "the domain of the address is not"),
        ],
    )
    def test_what_may_not_go_is_withheld_with_its_reason(
        self, record: Record, poll: Poll, recipient: str, reason: str
    ) -> None:
        put(record, recipient=recipient)
        box = Box()
        (delivery,) = poll(box)
        assert (delivery.result, messages(record)["m1"].state) == ("skipped", "withheld")
        assert (messages(record)["m1"].reason or "").startswith(reason)
        assert not box.given
        assert poll(box, timedelta(days=9)) == []
        assert audited(record)[-1][1] == "message-withheld"

    @pytest.mark.parametrize("recipient", ["a@probation.example", "b@met.police.example", "c@police.example"])
    def test_a_domain_in_the_list_or_below_one_with_a_dot_is_allowed(
        self, record: Record, poll: Poll, recipient: str
    ) -> None:
        put(record, recipient=recipient)
        assert poll(Box()) == [Delivery("m1", "done", "sent")]

    def test_a_restricted_case_is_withheld(self, record: Record, poll: Poll) -> None:
        put(record)
        restrict(record, 0)
        (delivery,) = poll(Box())
        assert delivery == Delivery(
            "m1", "skipped", "withheld: the case is restricted: nothing is sent about it by e-mail"
        )

    def test_the_others_of_a_digest_need_not_wait_for_a_restricted_case(self, record: Record, poll: Poll) -> None:
        put(record, prompts=3)
        reference = restrict(record, 1)
        box = Box()
        assert poll(box) == [Delivery("m1", "done", "sent")]
        assert reference not in box.text()
        assert box.given[0]["Subject"] == "2 referrals to do, first by 12 September"
        found = messages(record)
        apart = next(message for key, message in found.items() if key != "m1")
        assert (apart.state, apart.subject) == ("withheld", f"Referral due 12 September, {reference}")
        assert apart.header_id == f"<{apart.id}@mappa.example>"
        with record.reading() as session:
            carriers = list(session.scalars(select(Prompt.message_id).order_by(Prompt.id)))
        assert carriers == ["m1", apart.id, "m1"]
        assert ("outbox/London", "message-withheld", apart.id) in audited(record)


def restrict(record: Record, number: int) -> str:
    with record.writing() as session:
        case = session.scalars(select(Case).order_by(Case.id)).all()[number]
        case.restricted = True
        return case.reference
