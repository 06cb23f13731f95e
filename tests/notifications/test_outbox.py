"""The outbox: never lost, never twice, in doubt said so; each state has its reason (promises 2 to 5)."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from models.audit import AuditEntry, verify
from models.cases import Case
from models.obligations import Message, Prompt, Timescale
from models.record import Record
from notifications.letters.rendering import REPEAT
from notifications.outbox.deliver import Delivery, deliver, mark_sent, resend, waiting
from notifications.outbox.transports import Handed
from notifications.settings import MailSettings
from policy.errors import ConflictError, InvalidError, NotFoundError
from tests.support.factories import CRN, EIGHT, SURNAME, carry, messages, owed, queue

MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=15)
UNKNOWN = Handed("uncertain", "no answer after the content was sent: time-out")
DOWN = Handed("retry", "the mail server cannot be reached: Connection refused", transport_down=True)


class Box:
    """A way out that keeps what it is given and answers as told: one answer a message, the last one stays."""

    def __init__(self, *answers: Handed, repeatable: bool = False) -> None:
        self.answers = list(answers) or [Handed("sent", "250 queued")]
        self.repeatable = repeatable
        self.given: list[EmailMessage] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def __enter__(self) -> "Box":
        return self

    def __exit__(self, *_: object) -> None: ...

    def send(self, message: EmailMessage, recipient: str) -> Handed:
        assert message["To"] == recipient
        self.given.append(message)
        self.meanwhile()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def text(self, number: int = -1) -> str:
        part = self.given[number].get_body(("plain",))
        assert part is not None
        return str(part.get_content())


@pytest.fixture
def settings() -> MailSettings:
    return MailSettings(allowed_domains=("probation.example", ".police.example"), lease_minutes=15, max_tries=3)


@pytest.fixture
def poll(record: Record, settings: MailSettings) -> Callable[..., list[Delivery]]:
    """Do what the stage does: ask what waits, and deliver it."""

    def poll(box: Box, after: timedelta = timedelta(0)) -> list[Delivery]:
        as_at = EIGHT + after
        with record.reading() as session:
            ids = waiting(session, as_at, max_tries=settings.max_tries)
        with record.writing() as session:
            return deliver(session, ids, as_at, box, settings)

    return poll


def put(record: Record, **values: Any) -> None:
    with record.writing() as session:
        queue(session, **values)


def change(record: Record, message_id: str, **values: Any) -> None:
    with record.writing() as session:
        message = session.get_one(Message, message_id)
        for name, value in values.items():
            setattr(message, name, value)


def audited(record: Record) -> list[tuple[str, str, str]]:
    with record.reading() as session:
        assert list(verify(session)) == []
        query = select(AuditEntry.chain, AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)
        return [(row[0], row[1], row[2]) for row in session.execute(query.where(AuditEntry.chain.like("outbox/%")))]


Poll = Callable[..., list[Delivery]]


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
        for minutes in (1, 10):
            poll(box, minutes * MINUTE)
        bad = messages(record)["bad"]
        assert (bad.state, bad.tries) == ("dead", 3)
        assert bad.reason == "given up after 3 tries: the message cannot be written: TemplateNotFound"


class TestTrouble:
    def test_a_temporary_refusal_is_tried_again_later_and_later(self, record: Record, poll: Poll) -> None:
        put(record)
        box = Box(Handed("retry", "451 later"))
        poll(box)
        message = messages(record)["m1"]
        assert (message.state, message.not_before, message.reason) == ("retry", EIGHT + MINUTE, "451 later")
        assert poll(box) == []
        poll(box, MINUTE)
        assert messages(record)["m1"].not_before == EIGHT + 6 * MINUTE
        assert poll(box, 6 * MINUTE) == [Delivery("m1", "failed", "dead: given up after 3 tries: 451 later")]
        assert poll(box, timedelta(days=9)) == []
        assert [action for _, action, _ in audited(record)] == ["message-retry", "message-retry", "message-dead"]

    def test_a_refusal_for_good_is_dead_with_its_reason(self, record: Record, poll: Poll) -> None:
        put(record)
        assert poll(Box(Handed("dead", "550 unknown"))) == [Delivery("m1", "failed", "dead: 550 unknown")]
        assert messages(record)["m1"].state == "dead"

    def test_an_outage_is_not_held_against_any_message(self, record: Record, poll: Poll) -> None:
        for key in ("a", "b", "c"):
            put(record, key=key)
        for hour in range(100):
            box = Box(DOWN)
            poll(box, timedelta(hours=hour))
            # One message finds out for all.
            assert len(box.given) == 1
        states = messages(record)
        assert {message.tries for message in states.values()} == {0}
        assert states["b"].reason == f"not tried: {DOWN.detail}"
        box = Box()
        assert {delivery.detail for delivery in poll(box, timedelta(hours=100))} == {"sent"}
        assert len(box.given) == 3
        assert not any(REPEAT in box.text(i) for i in range(3))

    def test_after_three_unknown_outcomes_in_a_row_the_others_wait(self, record: Record, poll: Poll) -> None:
        for number in range(6):
            put(record, key=f"m{number}")
        box = Box(UNKNOWN)
        poll(box)
        assert len(box.given) == 3
        assert [message.state for _, message in sorted(messages(record).items())] == ["uncertain"] * 3 + ["pending"] * 3

    def test_a_transport_that_breaks_its_word_leaves_the_outcome_unknown(self, record: Record, poll: Poll) -> None:
        put(record)
        box = Box()

        def burst() -> None:
            raise RuntimeError("of om@probation.example")

        box.meanwhile = burst
        (delivery,) = poll(box)
        assert delivery.detail.startswith("uncertain: the transport failed with RuntimeError;")


class TestDoubt:
    def test_an_escalation_in_doubt_is_resent_under_its_message_id_and_says_so(
        self, record: Record, poll: Poll
    ) -> None:
        put(record, kind="escalation")
        box = Box(UNKNOWN, Handed("sent"))
        (delivery,) = poll(box)
        assert delivery.detail.startswith("uncertain: no answer after the content was sent")
        assert poll(box) == []
        assert poll(box, MINUTE) == [Delivery("m1", "done", "sent")]
        assert poll(box, timedelta(days=1)) == []
        assert [message["Message-ID"] for message in box.given] == ["<m1@mappa.example>"] * 2
        assert [REPEAT in box.text(number) for number in (0, 1)] == [False, True]

    def test_the_repeat_line_stays_over_a_refusal_in_between(self, record: Record, poll: Poll) -> None:
        put(record, kind="escalation")
        box = Box(UNKNOWN, Handed("retry", "451"), Handed("sent"))
        for minutes in (0, 1, 10):
            poll(box, minutes * MINUTE)
        assert [REPEAT in box.text(number) for number in (0, 1, 2)] == [False, True, True]

    def test_an_escalation_always_in_doubt_ends_with_a_person(self, record: Record, poll: Poll) -> None:
        put(record, kind="escalation")
        box = Box(UNKNOWN)
        for day in range(10):
            poll(box, timedelta(days=day))
        assert len(box.given) == 3
        message = messages(record)["m1"]
        assert (message.state, message.tries) == ("uncertain", 3)
        assert (message.reason or "").endswith("a person decides whether it is sent again")

    def test_a_digest_in_doubt_is_left_to_a_person(self, record: Record, poll: Poll) -> None:
        put(record)
        box = Box(UNKNOWN)
        poll(box)
        assert poll(box, timedelta(days=30)) == []
        message = messages(record)["m1"]
        assert message.state == "uncertain"
        assert (message.reason or "").endswith("a person decides whether it is sent again")

    def test_an_escalation_in_doubt_that_is_met_is_not_resent(self, record: Record, poll: Poll) -> None:
        put(record, kind="escalation")
        poll(Box(UNKNOWN))
        with record.writing() as session:
            session.scalars(select(Timescale)).one().state = "met"
        assert poll(Box(), MINUTE) == [
            Delivery("m1", "skipped", "cancelled: met before sending; an earlier sending may have arrived")
        ]


class TestClaims:
    def test_a_living_claim_is_left_alone(self, record: Record, poll: Poll) -> None:
        put(record, state="claimed", claimed_by="other", lease_until=EIGHT + MINUTE)
        assert poll(Box()) == []
        with record.writing() as session:
            assert deliver(session, ["m1"], EIGHT, Box(), MailSettings()) == [
                Delivery("m1", "skipped", "no longer waiting, or claimed by another process")
            ]

    def test_a_claim_that_ended_before_it_began_is_taken_over(self, record: Record, poll: Poll) -> None:
        put(record, state="claimed", claimed_by="dead", lease_until=EIGHT)
        box = Box()
        assert poll(box) == [Delivery("m1", "done", "sent")]
        assert REPEAT not in box.text()

    @pytest.mark.parametrize("kind", ["digest", "escalation"])
    def test_a_claim_that_ended_after_it_began_is_in_doubt(self, record: Record, poll: Poll, kind: str) -> None:
        put(record, kind=kind, state="claimed", claimed_by="dead", lease_until=EIGHT, began_at=EIGHT - LEASE, tries=1)
        box = Box()
        (delivery,) = poll(box)
        assert delivery.detail.startswith("uncertain: the process that was sending it ended")
        assert not box.given
        poll(box, MINUTE)
        assert [REPEAT in box.text() for _ in box.given] == ([True] if kind == "escalation" else [])
        assert audited(record)[0] == ("outbox/London", "message-uncertain", "m1")

    def test_where_sending_twice_leaves_one_nothing_is_in_doubt(self, record: Record, poll: Poll) -> None:
        put(record, state="claimed", claimed_by="dead", lease_until=EIGHT, began_at=EIGHT - LEASE, tries=1)
        box = Box(repeatable=True)
        assert poll(box) == [Delivery("m1", "done", "sent")]
        assert REPEAT not in box.text()

    def test_a_sender_thought_dead_still_tells_what_it_knows(self, record: Record, poll: Poll) -> None:
        put(record)
        slow, other = Box(), Box()
        slow.meanwhile = partial(poll, other, 2 * LEASE)
        assert poll(slow) == [Delivery("m1", "done", "sent")]
        assert not other.given
        assert messages(record)["m1"].state == "sent"
        assert [action for _, action, _ in audited(record)] == ["message-uncertain", "message-sent"]

    def test_a_claim_taken_over_is_not_begun_any_more(self, record: Record, poll: Poll) -> None:
        put(record, key="a")
        put(record, key="b")
        slow, other = Box(), Box()
        slow.meanwhile = partial(poll, other, 2 * LEASE)
        assert poll(slow) == [
            Delivery("a", "done", "sent"),
            Delivery("b", "skipped", "its claim was taken over by another process"),
        ]
        assert [message["Message-ID"] for message in other.given] == ["<b@mappa.example>"]

    def test_two_rounds_at_once_share_the_work(self, record: Record, settings: MailSettings) -> None:
        for number in range(10):
            put(record, key=f"m{number}")
        ids = sorted(messages(record))
        first, second = Box(), Box()

        def second_round() -> None:
            first.meanwhile = lambda: None
            with record.writing() as session:
                deliver(session, ids, EIGHT, second, settings)

        first.meanwhile = second_round
        with record.writing() as session:
            deliver(session, ids, EIGHT, first, settings)
        assert len(first.given) == 10
        assert not second.given

    def test_an_error_gives_back_what_was_not_begun(
        self, record: Record, poll: Poll, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for key in ("a", "b", "c"):
            put(record, key=key)
        box = Box()

        def stop() -> None:
            raise KeyboardInterrupt

        box.meanwhile = stop
        with pytest.raises(KeyboardInterrupt):
            poll(box)
        assert [message.state for _, message in sorted(messages(record).items())] == ["claimed", "pending", "pending"]
        box.meanwhile = lambda: None
        assert [delivery.message_id for delivery in poll(box)] == ["b", "c"]

    def test_a_clock_that_jumps_back_sends_nothing_twice(self, record: Record, poll: Poll) -> None:
        put(record, key="sent")
        put(record, key="doubt", kind="escalation")
        put(record, key="later")
        box = Box(UNKNOWN, Handed("retry", "451"), Handed("sent"))
        poll(box)
        given = len(box.given)
        for minutes in (-60, -30, -1, 0):
            assert poll(box, minutes * MINUTE) == []
        assert len(box.given) == given == 3
        poll(box, 2 * MINUTE)
        ids = sorted(str(message["Message-ID"]) for message in box.given)
        assert ids == sorted([f"<{key}@mappa.example>" for key in ("sent", "doubt", "doubt", "later", "later")])

    def test_a_lease_runs_from_the_real_present_of_a_long_run(
        self, record: Record, settings: MailSettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(record)
        monkeypatch.setattr("notifications.outbox.deliver.time.monotonic", lambda: 3600.0)
        box, leases = Box(), []
        box.meanwhile = lambda: leases.append(messages(record)["m1"].lease_until)
        with record.writing() as session:
            deliver(session, ["m1"], EIGHT, box, settings, since=0.0)
        assert leases == [EIGHT + timedelta(hours=1) + LEASE]


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
            ("jane@elsewhere.test", "the domain elsewhere.test is not among the allowed domains"),
            ("jane@police.example.elsewhere.test", "the domain police.example.elsewhere.test is not"),
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
        assert box.given[0]["Subject"] == "2 things to do, first by 12 September: referral"
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


def test_a_conflict_in_writing_the_outcome_is_tried_again(
    sqlite_record: Record, settings: MailSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(sqlite_record)
    commits: list[int] = []
    commit = Session.commit

    def busy(session: Session) -> None:
        commits.append(1)
        if len(commits) in (3, 4):
            session.execute(text("INSERT INTO audit_chain SELECT * FROM audit_chain"))
        commit(session)

    with sqlite_record.writing() as session:
        monkeypatch.setattr(Session, "commit", busy)
        assert deliver(session, ["m1"], EIGHT, Box(), settings) == [Delivery("m1", "done", "sent")]
        monkeypatch.undo()
    assert messages(sqlite_record)["m1"].state == "sent"
    assert len(audited(sqlite_record)) == 1
