"""GOV.UK Notify as the way out: it says exactly what is known, and nothing is sent twice whatever dies in between."""

import signal
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from sqlalchemy import select

from models.audit_seals import verify
from models.checkpoints import DELIVERY_POINTS
from models.obligations import Message
from models.record import Record
from models.replies import ReturnedAddress
from notifications.letters.rendering import REPEAT
from notifications.outbox.handed import Handed
from notifications.outbox.notify import NotifyTransport
from notifications.outbox.transports import open_transport
from tasks import deliver, replies
from tasks.stage import run_stage
from tests.support.factories import EIGHT, messages, queue
from tests.support.killed import work
from tests.support.notify_box import TEMPLATE, Mode, NotifyBox

RECIPIENT = "om@probation.example"
MINUTE = timedelta(minutes=1)
AFTER_LEASE = EIGHT + 16 * MINUTE


def a_message(key: str = "m1") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "mappa@mappa.example"
    message["To"] = RECIPIENT
    message["Subject"] = "Referral due 12 September, LON-2026-000123"
    message["Message-ID"] = f"<{key}@mappa.example>"
    message.set_content("You have one thing to do.\n")
    message.add_alternative("<p>You have one thing to do.</p>", subtype="html")
    return message


def send(box: NotifyBox, *keys: str) -> list[Handed]:
    with NotifyTransport(box.settings()) as transport:
        return [transport.send(a_message(key), RECIPIENT) for key in keys or ("m1",)]


def test_a_message_fills_the_template_and_keeps_its_message_id_as_reference():
    with NotifyBox() as box:
        with open_transport(box.settings(notify_reply_to_id="8e2f")) as transport:
            [handed] = [transport.send(a_message(), RECIPIENT)]
        [taken] = box.taken
    assert (handed.outcome, handed.carrier_id) == ("sent", taken["id"])
    assert taken["personalisation"] == {
        "subject": "Referral due 12 September, LON-2026-000123", "body": "You have one thing to do.\n",
    }  # fmt: skip
    assert (taken["email_address"], taken["template_id"]) == (RECIPIENT, TEMPLATE)
    assert (taken["reference"], taken["email_reply_to_id"]) == ("m1@mappa.example", "8e2f")


def test_what_was_taken_is_not_sent_again_and_what_failed_since_is():
    with NotifyBox() as box:
        first, again = send(box, "m1", "m1")
        assert (again.outcome, again.carrier_id) == ("sent", first.carrier_id)
        for status in ("permanent-failure", "temporary-failure", "technical-failure"):
            box.set_state(status)
            assert send(box)[0].carrier_id == box.taken[-1]["id"]
        assert len(box.taken) == 4
        with NotifyTransport(box.settings()) as transport:
            transport.send(a_message(), "other@probation.example")
        assert len(box.taken) == 5


@pytest.mark.parametrize(
    ("mode", "taken"),
    [("drop_before", 0), ("busy", 0), ("wrong_key", 0), ("no_service", 0), ("drop_after", 1), ("fail_after", 1),
     ("hang_after", 1)],
)  # fmt: skip
def test_without_an_answer_the_way_out_rests_and_the_next_try_looks_first(mode: Mode, taken: int):
    with NotifyBox(mode) as box:
        [handed] = send(box)
        assert (handed.outcome, handed.transport_down, len(box.taken)) == ("retry", True, taken)
        assert RECIPIENT not in handed.detail
        box.modes[0] = "ok"
        [later] = send(box)
        assert (later.outcome, len(box.taken)) == ("sent", 1)


# The errors of the API as GOV.UK Notify lists them.
@pytest.mark.parametrize(
    ("kind", "words", "outcome", "down", "refused"),
    [
        ("ValidationError", "email_address Not a valid email address", "dead", False, "recipient"),
        ("BadRequestError", "Can't send to this recipient using a team-only API key", "retry", True, ""),
        ("BadRequestError", "Can't send to this recipient when service is in trial mode", "retry", True, ""),
        ("BadRequestError", "Missing personalisation: body", "retry", True, ""),
        ("BadRequestError", "email_reply_to_id 8e2f does not exist in database", "retry", True, ""),
        ("ValidationError", "Your message is too long", "dead", False, "content"),
    ],
)  # fmt: skip
def test_a_refusal_is_of_the_recipient_the_content_or_the_settings(kind, words, outcome, down, refused):
    with NotifyBox() as box:
        box.refusals = {RECIPIENT: (kind, words)}
        [handed] = send(box)
    assert (handed.outcome, handed.transport_down, handed.refused) == (outcome, down, refused)


def test_trouble_is_told_before_a_message_is_sent():
    with NotifyBox() as box:
        with NotifyTransport(box.settings()) as transport:
            assert transport.trouble() is None
            assert transport.takes(RECIPIENT) is None
            box.template["body"] = "Hello"
            assert transport.trouble() == "the template has no ((body))"
        with NotifyTransport(box.settings(notify_template_id="another")) as transport:
            assert "404" in str(transport.trouble())
        settings = box.settings()
    with NotifyTransport(settings) as transport:
        assert transport.trouble() == "GOV.UK Notify: 503 Request failed"


@pytest.mark.parametrize("point", DELIVERY_POINTS)
def test_killed_anywhere_each_message_is_sent_once_and_nobody_is_asked(sqlite_record: Record, point: str) -> None:
    with sqlite_record.writing() as session:
        queue(session, "m1")
        queue(session, "m2", "escalation")
    with NotifyBox() as box:
        variables = {f"MAPPA_{name.upper()}": str(value) for name, value in box.variables.items()}
        # A new process on a busy machine takes its time.
        variables["MAPPA_NOTIFY_TIMEOUT_SECONDS"] = "20"
        sqlite_record.close()
        assert work(sqlite_record.url, "deliver", EIGHT, point, **variables) == -signal.SIGKILL
        for as_at in (EIGHT, AFTER_LEASE):
            assert work(sqlite_record.url, "deliver", as_at, **variables) == 0
        assert sorted(box.references) == ["m1@mappa.example", "m2@mappa.example"]
        assert not [one for one in box.taken if REPEAT in one["personalisation"]["body"]]
    assert {message.state for message in messages(sqlite_record).values()} == {"sent"}


def test_an_answer_that_does_not_come_leaves_no_doubt(record: Record) -> None:
    with record.writing() as session:
        queue(session, "m1")
        queue(session, "m2")
    with NotifyBox("hang_after", "ok") as box:
        here = record.with_settings(box.settings(notify_timeout_seconds=0.3))
        run_stage(here, deliver.STAGE, EIGHT)
        assert {one.state for one in messages(record).values()} == {"pending", "retry"}
        # The way out rests for five minutes.
        run_stage(here, deliver.STAGE, EIGHT + 5 * MINUTE)
        assert sorted(box.references) == ["m1@mappa.example", "m2@mappa.example"]
    assert {one.state for one in messages(record).values()} == {"sent"}


def asked(record: Record, box: NotifyBox, minutes: int) -> Message:
    """Ask what became of the message so many minutes after eight, and return it."""
    run_stage(record.with_settings(box.settings()), replies.STAGE, EIGHT + minutes * MINUTE)
    return messages(record)["m1"]


def sent(record: Record, box: NotifyBox, minutes: int = 0) -> None:
    run_stage(record.with_settings(box.settings()), deliver.STAGE, EIGHT + minutes * MINUTE)


def test_its_states_are_asked_for_until_it_says(record: Record) -> None:
    with record.writing() as session:
        queue(session, "m1")
    with NotifyBox() as box:
        sent(record, box)
        box.set_state("sending")
        assert (asked(record, box, 0).reason, asked(record, box, 1).reason) == (None, None)
        box.set_state("delivered")
        # Asked after one minute, then after five more.
        assert asked(record, box, 5).reason is None
        now = asked(record, box, 6)
        assert (now.state, now.reason) == ("sent", "GOV.UK Notify has delivered it")
        box.set_state("permanent-failure")
        assert asked(record, box, 600).state == "sent"
    with record.reading() as session:
        assert list(verify(session)) == []


def test_a_permanent_failure_marks_the_address(record: Record) -> None:
    with record.writing() as session:
        queue(session, "m1")
    with NotifyBox() as box:
        sent(record, box)
        box.set_state("permanent-failure")
        now = asked(record, box, 1)
    assert (now.state, now.began_at) == ("dead", None)
    assert now.reason == "it came back: GOV.UK Notify cannot deliver it: permanent-failure"
    with record.reading() as session:
        assert list(session.scalars(select(ReturnedAddress.email))) == [RECIPIENT]


@pytest.mark.parametrize("status", ["temporary-failure", "technical-failure"])
def test_a_failure_for_now_is_tried_again_for_some_days(record: Record, status: str) -> None:
    with record.writing() as session:
        queue(session, "m1")
    with NotifyBox() as box:
        sent(record, box)
        box.set_state(status)
        now = asked(record, box, 1)
        assert (now.state, now.began_at) == ("retry", None)
        assert now.not_before == EIGHT + 61 * MINUTE
        sent(record, box, 61)
        assert (len(box.taken), messages(record)["m1"].state) == (2, "sent")
        assert REPEAT not in box.taken[1]["personalisation"]["body"]
        box.set_state(status)
        # MAPPA_RETRY_DAYS is five.
        assert asked(record, box, 5 * 24 * 60).state == "dead"


def test_what_it_knows_nothing_of_any_more_stays_sent(record: Record) -> None:
    with record.writing() as session:
        queue(session, "m1")
    with NotifyBox() as box:
        sent(record, box)
        box.taken.clear()
        assert asked(record, box, 1).state == "sent"
        assert asked(record, box, 600).reason is None


def test_a_carrier_that_does_not_answer_is_asked_later(record: Record) -> None:
    with record.writing() as session:
        queue(session, "m1")
    with NotifyBox() as box:
        sent(record, box)
        box.set_state("delivered")
        box.modes[0] = "no_service"
        here = record.with_settings(box.settings())
        [failed] = run_stage(here, replies.STAGE, EIGHT + MINUTE).outcomes
        assert (failed.result, failed.detail) == ("failed", "GOV.UK Notify does not say what became of messages")
        box.modes[0] = "ok"
        assert asked(record, box, 5).reason is None
        assert asked(record, box, 6).reason == "GOV.UK Notify has delivered it"
