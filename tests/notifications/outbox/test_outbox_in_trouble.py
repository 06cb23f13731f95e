"""A way out that is down or silent, senders that die or meet: each message is told as it is."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, local

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import audit
from models.obligations import Timescale
from models.record import Record
from notifications.letters.rendering import REPEAT
from notifications.outbox.deliver import deliver
from notifications.outbox.outcomes import Delivery
from notifications.outbox.transports import Handed
from notifications.settings import MailSettings
from policy.calendar import LONDON
from tests.notifications.outbox.box import DOWN, LEASE, MINUTE, UNKNOWN, Box, Poll, audited, put
from tests.support.factories import EIGHT, messages


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
        # Friday 08:00 and five days: the try of Wednesday 08:00 is the last.
        almost = timedelta(days=5) - MINUTE
        assert poll(box, almost) == [Delivery("m1", "failed", "retry: 451 later")]
        assert poll(box, almost + timedelta(hours=1)) == [
            Delivery("m1", "failed", "dead: given up after 5 days: 451 later")
        ]
        assert poll(box, timedelta(days=9)) == []
        assert [action for _, action, _ in audited(record)] == ["message-retry"] * 3 + ["message-dead"]

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
            when = (EIGHT + timedelta(hours=hour)).astimezone(LONDON)
            # One message finds out for all. Nothing leaves at the weekend, nor goes again before the hour of e-mail.
            if when.weekday() >= 5 or when.hour >= 8:
                assert len(box.given) == (when.weekday() < 5), when
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

    @pytest.mark.parametrize("database", ["postgresql"], indirect=True)
    def test_two_that_write_the_first_entry_of_a_trail_at_once_both_tell_what_was_sent(
        self, record: Record, settings: MailSettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One of them fails at the number of the entry and does it again: its message is not left in doubt."""
        for key in ("a", "b"):
            put(record, key=key)
        both, met, heads = Barrier(2, timeout=30), local(), audit.heads

        def seen_by_both(session: Session, chains: Sequence[str]) -> dict[str, tuple[int, str]]:
            found = heads(session, chains)
            if not hasattr(met, "once"):
                met.once = True
                both.wait()
            return found

        def a_round(key: str) -> list[Delivery]:
            with record.writing() as session:
                return deliver(session, [key], EIGHT, Box(), settings)

        monkeypatch.setattr(audit, "heads", seen_by_both)
        with ThreadPoolExecutor(2) as rounds:
            assert list(rounds.map(a_round, ("a", "b"))) == [[Delivery(key, "done", "sent")] for key in ("a", "b")]
        assert {message.state for message in messages(record).values()} == {"sent"}

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
