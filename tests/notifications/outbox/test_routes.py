"""Whose fault a refusal is: of one mailbox, which that message dies of, or of the route, of which nothing dies."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assurance.invariants import INVARIANTS, examine
from assurance.settings import AssuranceSettings
from models.audit import AuditEntry
from models.audit_seals import verify
from models.cases import Problem
from models.record import Record
from models.settings import read
from notifications.outbox.answers import one_line
from service.metrics import as_text
from tasks import assurance, deliver
from tasks.stage import run_stage
from tests.support.factories import EIGHT, messages, queue
from tests.support.opened import opened
from tests.support.smtp_sink import SmtpSink

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SIX = ("e1", "e2", "d1", "d2", "d3", "d4")
# As servers give them: Postfix and Exim where a network or a login is not allowed to relay; Exchange Online for a
# tenant, a sender or a network it does not know; Gmail for a quota; RFC 4954 where a login is wanted; and servers that
# lost their list of mailboxes, which then say of everybody what they should say of one.
OF_THE_ROUTE = (
    "554 5.7.1 <{address}>: Relay access denied",
    "550 relay not permitted",
    "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "550 5.7.64 TenantAttribution; Relay Access Denied",
    "550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked",
    "530 5.7.57 Client not authenticated to send mail",
    "530 5.7.0 Authentication required",
    "550 5.4.5 Daily user sending limit exceeded",
    "550 5.1.1 <{address}>: user unknown",
    "550 5.1.8 Access denied, bad outbound sender",
    "553 sorry, that domain isn't in my list of allowed rcpthosts",
    "452 4.3.1 Insufficient system storage",
    "451 4.3.2 System not accepting network messages",
)


def fill(record: Record, *keys: str) -> None:
    """Queue messages, each to a mailbox of its own: one whose key begins with an e is an escalation."""
    with record.writing() as session:
        for key in keys or SIX:
            queue(session, key, "escalation" if key.startswith("e") else "digest", recipient=address(key))


def address(key: str) -> str:
    return f"{key}@probation.example"


def by(record: Record, sink: SmtpSink) -> Record:
    """Return the record with its mail going to a server."""
    return record.with_settings(sink.settings(), read(AssuranceSettings))


def poll(record: Record, after: timedelta = timedelta(0)) -> None:
    """Do what a tick does."""
    run_stage(record, deliver.STAGE, EIGHT + after)


def states(record: Record) -> Counter[str]:
    return Counter(message.state for message in messages(record).values())


def problems(record: Record) -> list[Problem]:
    """Return what an operator is told of the way out."""
    with record.reading() as session:
        found = list(session.scalars(select(Problem).where(Problem.resolved_at.is_(None)).order_by(Problem.id)))
        session.expunge_all()
    return found


def holds(record: Record, invariant: str, as_at: datetime) -> bool:
    with record.reading() as session:
        return examine(session, INVARIANTS[invariant], as_at).holds


class TestRoute:
    @pytest.mark.parametrize("stage", ["sender", "everybody", "content"])
    @pytest.mark.parametrize("answer", ["554 5.7.1 <{address}>: Relay access denied", "550 5.7.1 Refused by policy"])
    def test_of_its_fault_nothing_dies_and_all_leaves_once_it_is_mended(
        self, record: Record, stage: str, answer: str
    ) -> None:
        fill(record)
        with SmtpSink() as sink:
            setattr(sink, stage, answer.replace("<{address}>", "<x>") if stage == "sender" else answer)
            outbox = by(record, sink)
            for minutes in range(0, 60, 5):
                poll(outbox, minutes * MINUTE)
                assert states(record).keys() <= {"pending", "retry"}
            [told] = problems(record)
            assert (told.stage, told.kind, told.subject) == (
                "deliver",
                "failure",
                f"the mail server 127.0.0.1:{sink.port}",
            )
            assert not holds(record, "mail-route", EIGHT + HOUR)
            assert "mappa_mail_route_up 0.0" in as_text(record, EIGHT + HOUR)
            setattr(sink, stage, "")
            # The rest before the next try has grown to 40 minutes: from 08:35 to 09:15.
            poll(outbox, 75 * MINUTE)
            poll(outbox, 6 * HOUR)
        assert states(record) == {"sent": 6}
        assert len(set(sink.header_ids)) == len(sink.header_ids) == 6
        assert problems(record) == []
        assert holds(record, "mail-route", EIGHT + 6 * HOUR)
        assert "mappa_mail_route_up 1.0" in as_text(record, EIGHT + 6 * HOUR)

    def test_it_rests_longer_and_longer(self, record: Record) -> None:
        """5, 10, 20, 40 and then 60 minutes: 08:00, 08:05, 08:15, 08:35, 09:15, 10:15, 11:15."""
        fill(record)
        tried = []
        with SmtpSink() as sink:
            sink.sender = "550 5.7.1 policy"
            outbox = by(record, sink)
            for minutes in range(200):
                before = sink.connections
                poll(outbox, minutes * MINUTE)
                if sink.connections > before:
                    tried.append(minutes)
        assert tried == [0, 5, 15, 35, 75, 135, 195]
        assert {message.tries for message in messages(record).values()} == {0}

    def test_what_does_most_harm_leaves_first(self, record: Record) -> None:
        fill(record, "d1", "d2", "e1", "e2")
        with SmtpSink() as sink:
            sink.everybody = "554 5.7.1 relay access denied"
            poll(by(record, sink))
            sink.everybody = ""
            # What is raised while it rests has no place before them.
            fill(record, "d0")
            poll(by(record, sink), 5 * MINUTE)
        assert [one.recipient.partition("@")[0] for one in sink.received] == ["e1", "e2", "d0", "d1", "d2"]

    def test_other_settings_are_tried_at_once(self, record: Record) -> None:
        fill(record)
        with SmtpSink() as closed, SmtpSink() as mended:
            closed.everybody = "554 5.7.1 relay access denied"
            poll(by(record, closed))
            poll(by(record, mended), MINUTE)
        assert states(record) == {"sent": 6}
        assert problems(record) == []

    def test_the_audit_puts_no_second_problem_beside_it(self, record: Record) -> None:
        fill(record)
        with SmtpSink() as sink:
            sink.everybody = "554 5.7.1 relay access denied"
            poll(by(record, sink))
            for hours in range(9):
                poll(by(record, sink), hours * HOUR)
                run_stage(by(record, sink), assurance.STAGE, EIGHT + hours * HOUR)
        # No directory is loaded in this record: that is another matter.
        about_mail = [one for one in problems(record) if one.subject != "coordinators-known"]
        assert [one.stage for one in about_mail if "mail" in one.reason or "message" in one.reason] == ["deliver"]

    def test_whom_it_took_before_tells_it_from_one_mailbox(self, record: Record) -> None:
        """One message waits, and the server says of it what it would say of a mailbox that is not there."""
        fill(record, "d1", "d2")
        with SmtpSink() as sink:
            poll(by(record, sink))
            fill(record, "d3")
            sink.everybody = "550 5.1.1 unknown"
            poll(by(record, sink), MINUTE)
            assert states(record) == {"sent": 2, "retry": 1}
            sink.everybody, sink.refusals = "", {address("d3"): "550 5.1.1 unknown"}
            poll(by(record, sink), 6 * MINUTE)
        assert states(record) == {"sent": 2, "dead": 1}


class TestMailbox:
    @pytest.mark.parametrize(
        "answer",
        [
            "550 5.1.1 <{address}>: Recipient address rejected: User unknown",
            "550 5.7.1 {address} does not accept mail from you",
            "554 5.7.1 <{address}>: Relay access denied",
            "550 no such user",
        ],
    )
    def test_its_fault_stops_no_other(self, record: Record, answer: str) -> None:
        fill(record)
        with SmtpSink() as sink:
            sink.refusals = {address("e1"): answer}
            poll(by(record, sink))
        found = messages(record)
        assert {key: message.state for key, message in found.items()} == dict.fromkeys(SIX, "sent") | {"e1": "dead"}
        assert problems(record) == []

    def test_more_than_are_asked_about_stop_no_other_for_long(self, record: Record) -> None:
        """Ten mailboxes that are not there, before two that are, on a record that never sent anything."""
        fill(record, *(f"e{n}" for n in range(10)), "d1", "d2")
        with SmtpSink() as sink:
            sink.refusals = {address(f"e{n}"): "550 5.1.1 unknown" for n in range(10)}
            for minutes in range(0, 120, 5):
                poll(by(record, sink), minutes * MINUTE)
        assert states(record) == {"dead": 10, "sent": 2}

    def test_one_content_that_is_refused_dies_when_another_is_taken(self, record: Record) -> None:
        fill(record)
        with SmtpSink("reject_after_data_5xx", "ok") as sink:
            poll(by(record, sink))
        assert states(record) == {"dead": 1, "sent": 5}
        assert messages(record)["e1"].reason == "the mail server refused the content: 554 5.6.0 not this content"


class TestForNow:
    """A refusal for now is tried for five days, and told after one (RFC 5321, 4.5.4.1: at least four to five days)."""

    def test_from_friday_evening_to_monday_nothing_is_given_up(self, record: Record) -> None:
        """Friday 10 July 18:00 to Monday 13 July 09:00: a day has passed, and the mailbox takes it then."""
        fill(record, "d1", "d2")
        with SmtpSink() as sink:
            sink.refusals = {address("d1"): "452 4.2.2 mailbox full"}
            for hours in range(10, 73):
                poll(by(record, sink), hours * HOUR)
            assert states(record) == {"sent": 1, "retry": 1}
            assert not holds(record, "mail-leaves", EIGHT + 72 * HOUR)
            assert holds(record, "mail-route", EIGHT + 72 * HOUR)
            sink.refusals = {}
            poll(by(record, sink), 77 * HOUR)
        assert states(record) == {"sent": 2}

    def test_after_five_days_it_is_given_up(self, record: Record) -> None:
        fill(record, "d1", "d2")
        with SmtpSink() as sink:
            sink.refusals = {address("d1"): "452 4.2.2 mailbox full"}
            for hours in range(120):
                poll(by(record, sink), hours * HOUR)
                assert messages(record)["d1"].state == "retry", hours
                assert holds(record, "mail-leaves", EIGHT + hours * HOUR) is (hours < 24)
            poll(by(record, sink), 124 * HOUR)
        message = messages(record)["d1"]
        refused = "the mail server refused the recipient: 452 4.2.2 mailbox full"
        assert (message.state, message.reason) == ("dead", f"given up after 5 days: {refused}")


class TestAddresses:
    """No part of an address leaves the record: not in a reason, not in a log, not in what an operator is told."""

    SIOBHAN = "siobhan.o'neill@probation.example"

    @pytest.mark.parametrize(
        "answer",
        [
            "550 5.1.1 <siobhan.o'neill@probation.example>: Recipient address rejected",
            "550 5.1.1 No such user siobhan.o'neill here",
            '550 5.1.1 "siobhan.o\'neill"@probation.example unknown',
            "550 5.1.1 SIOBHAN.O%27NEILL@PROBATION.EXAMPLE unknown",
            "550 5.1.1 o'neill is not with probation.example any more",
            "550 5.1.1 unknown: siobhan.o\u2019nei...",
        ],
    )
    def test_a_server_may_quote_one_as_it_likes(
        self, record: Record, caplog: pytest.LogCaptureFixture, answer: str
    ) -> None:
        caplog.set_level("DEBUG", "mappa")
        with record.writing() as session:
            queue(session, "m1", recipient=self.SIOBHAN)
            queue(session, "m2", recipient="olive@probation.example")
        with SmtpSink() as sink:
            sink.refusals = {self.SIOBHAN: answer.encode("ascii", "replace").decode()}
            outbox = by(record, sink)
            report = run_stage(outbox, deliver.STAGE, EIGHT)
        with record.reading() as session:
            trail = [str(entry.after) for entry in session.scalars(select(AuditEntry)) if entry.subject == "m1"]
        reason = messages(record)["m1"].reason or ""
        assert "550 5.1.1" in reason
        told = [reason, *trail, *(one.detail for one in report.outcomes), caplog.text]
        for piece in ("siobhan", "neill", "probation.example", "@"):
            assert piece not in " ".join(told).lower()

    def test_what_is_left_still_says_what_is_wrong(self) -> None:
        text = "5.1.1 <siobhan.o'neill@probation.example>: no such user, see rule 12"
        assert one_line(text, self.SIOBHAN) == "5.1.1 <(address)>: no such user, see rule 12"

    @given(
        local=st.from_regex(r"[a-z][a-z0-9]{2,8}([.'+_-][a-z]{3,8}){0,2}", fullmatch=True),
        before=st.text("<(\"' ", max_size=2),
        after=st.text(">):;\"', ", max_size=3),
        upper=st.booleans(),
        bare=st.booleans(),
    )
    def test_no_piece_of_one_is_left_whatever_stands_around_it(
        self, local: str, before: str, after: str, upper: bool, bare: bool
    ) -> None:
        whole = f"{local}@probation.example"
        quoted = local if bare else whole
        answer = f"5.1.1 {before}{quoted.upper() if upper else quoted}{after} 5.1.1"
        assert local not in one_line(answer, whole).lower()
        assert "probation.example" not in one_line(answer, whole).lower()


@contextmanager
def fresh_record(template: Path) -> Iterator[Record]:
    """Give a record of its own to one example of a property."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / "record.db")
        record = opened(f"sqlite:///{folder}/record.db")
        yield record
        record.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answer=st.sampled_from(OF_THE_ROUTE),
    stage=st.sampled_from(["sender", "everybody", "content"]),
    keys=st.lists(st.sampled_from(SIX), min_size=3, unique=True),
    polls=st.lists(st.integers(0, 30), min_size=1, max_size=8),
    served=st.booleans(),
)
def test_whatever_a_server_says_to_everybody_nothing_dies_of_it(
    sqlite_template: Path, answer: str, stage: str, keys: list[str], polls: list[int], served: bool
) -> None:
    with fresh_record(sqlite_template) as record, SmtpSink() as sink:
        outbox = by(record, sink)
        if served:
            fill(record, "before")
            poll(outbox)
        fill(record, *keys)
        setattr(sink, stage, answer.replace("{address}", "x") if stage == "sender" else answer)
        passed = MINUTE
        for minutes in polls:
            passed += minutes * MINUTE
            poll(outbox, passed)
        assert states(record).keys() <= {"pending", "retry", *(["sent"] if served else [])}
        setattr(sink, stage, "")
        for hours in range(1, 7):
            poll(outbox, passed + hours * HOUR)
        assert states(record) == {"sent": len(keys) + served}
        assert max(Counter(sink.header_ids).values()) == 1
        assert problems(record) == []
        with record.reading() as session:
            assert list(verify(session)) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    unknown=st.sets(st.sampled_from(SIX), max_size=5),
    answer=st.sampled_from([one for one in OF_THE_ROUTE if one[0] == "5" and not one.startswith("530")]),
)
def test_a_mailbox_that_is_refused_among_good_ones_dies_alone(
    sqlite_template: Path, unknown: set[str], answer: str
) -> None:
    of_one = "5.1.8" not in answer and "5.4.5" not in answer and "5.7.64" not in answer
    with fresh_record(sqlite_template) as record, SmtpSink() as sink:
        fill(record)
        sink.refusals = dict.fromkeys(map(address, unknown), answer if of_one else "550 5.1.1 unknown")
        for minutes in range(0, 60, 5):
            poll(by(record, sink), minutes * MINUTE)
        found = {key: message.state for key, message in messages(record).items()}
        assert found == {key: "dead" if key in unknown else "sent" for key in SIX}
        assert problems(record) == []
