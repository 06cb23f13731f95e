"""What an e-mail says is read from its form alone; whatever the bytes are, something is returned."""

import random
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from notifications.inbox.reading import Reply, incoming
from policy.replies import Answer, MailKind
from tests.notifications.inbox.mails import HANA, OURS, UID, answer, calendar, out_of_office, report

NESTED = b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"


# RFC 5545, 3.2.12: what an attendee of an event may answer.
@pytest.mark.parametrize(
    ("partstat", "meant"),
    [("ACCEPTED", Answer.ACCEPTED), ("tentative", Answer.TENTATIVE), ("DECLINED", Answer.DECLINED)],
)
def test_the_answer_of_a_calendar_is_read_with_its_event_its_change_and_its_sender(partstat, meant):
    found = incoming(answer(partstat=partstat, sequence=3))
    made_at = datetime(2026, 9, 22, 8, 15, tzinfo=UTC)
    assert (found.kind, found.sender) == (MailKind.ANSWER, HANA)
    assert found.reply == Reply(UID, 3, HANA, meant, made_at)


def test_an_answer_as_a_file_alone_is_one_too():
    mail = answer().replace(b"text/calendar;", b"application/ics; name=invite.ics;")
    assert incoming(mail).reply is not None


@pytest.mark.parametrize(
    "text",
    [
        calendar(partstat="NEEDS-ACTION"),
        calendar(partstat="DELEGATED"),
        calendar(method="COUNTER"),
        calendar(method="REQUEST"),
        calendar().replace("@mappa.local", "@elsewhere.example"),
        calendar().replace("END:VEVENT", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:other@x.example\r\nEND:VEVENT"),
    ],
    ids=["no answer", "delegated", "another time proposed", "an invitation", "of another", "two attendees"],
)
def test_what_is_no_answer_to_an_invitation_of_ours_is_for_a_person(text):
    assert incoming(answer(text=text)).kind is MailKind.OTHER


def test_two_addresses_in_from_are_no_sender():
    mail = answer().replace(b"<hana@housing.example>", b"<hana@housing.example>, <x@y.example>", 1)
    assert incoming(mail).sender == ""


# RFC 3834, 5: Auto-Submitted; the others are those of programs of before it.
@pytest.mark.parametrize(
    "head",
    ["Auto-Submitted: auto-replied (vacation)", "X-Autoreply: yes", "X-Autorespond: 1", "Precedence: auto_reply"],
)
def test_an_automatic_reply_is_known_by_its_headers_and_what_it_answers(head):
    found = incoming(out_of_office(head=head))
    assert (found.kind, found.sender, found.about) == (MailKind.AUTOMATIC, HANA, (f"<{OURS}@mappa.local>",))


def test_a_person_who_answers_is_no_machine():
    assert incoming(out_of_office(head="Auto-Submitted: no")).kind is MailKind.OTHER


def test_a_report_names_the_message_the_address_and_the_status():
    found = incoming(report())
    assert found.kind is MailKind.RETURNED
    assert found.about == (f"<{OURS}@mappa.local>",)
    assert found.returned is not None
    assert (found.returned.addresses, found.returned.status) == ({HANA}, "5.1.1")


# RFC 3464, 2.3.3: only "failed" says that it was given up.
@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_of_anything_else_gives_nothing_up(action):
    found = incoming(report(action=action, status="4.4.7"))
    assert (found.kind, found.returned) == (MailKind.RETURNED, None)


def test_a_message_is_known_again_by_its_message_id_alone():
    first, again = incoming(answer()), incoming(b"Received: from another server\r\n" + answer())
    assert first.key == again.key
    assert "hana" not in first.key
    bare = b"From: x@y.example\r\n\r\nHello"
    assert incoming(bare).key == sha256(bare).hexdigest()


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\x00\xff\xfe",
        b"no header at all",
        answer()[:700],
        report()[:700],
        answer().replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\nBEGIN:VEVENT"),
        answer().replace(b"SEQUENCE:0", b"SEQUENCE:many"),
        answer().replace(b"DTSTAMP:20260922T081500Z", b"DTSTAMP:never"),
        answer(sequence=10**30),
        answer().replace(b"charset=\"utf-8\"", b"charset=\"no-such\""),
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + NESTED * 200,
        b"From: " + b"(" * 5000 + b"\r\n\r\n",
        b"Subject: =?utf-8?b?" + b"A" * 200_000 + b"?=\r\n\r\n",
        answer(text=calendar() + "X:" + "y" * 200_000),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_broken_is_read_as_far_as_it_goes_and_raises_nothing(mail):
    found = incoming(mail)
    assert len(found.key) == 64
    assert found.reply is None or found.reply.sequence < 2**31


def test_bytes_changed_at_random_raise_nothing():
    draw = random.Random(1)
    for source in (answer(), report(), out_of_office()):
        for _ in range(60):
            mail = bytearray(source)
            for _ in range(draw.randint(1, 12)):
                mail[draw.randrange(len(mail))] = draw.randrange(256)
            assert incoming(bytes(mail)).kind in MailKind
