"""A mailbox is read by IMAP over real sockets: what is new, nothing changed in it, and no wait without an end."""

import time
from datetime import date
from pathlib import Path

import pytest

from notifications.inbox.mailbox import BEGINNING, MOST, MailboxTrouble, Place, trouble, visit
from tests.support.imap_box import USER, ImapBox
from tests.support.smtp_sink import self_signed

TODAY = date(2026, 9, 22)


def test_what_is_new_is_fetched_in_order_and_nothing_is_changed():
    with ImapBox(b"one", b"two") as box:
        first = visit(box.settings(), Place(), TODAY)
        assert first.messages == ((1, b"one"), (2, b"two"))
        assert (first.place, first.more) == (Place(7, 2), False)
        # The last is given again, as RFC 9051, 6.4.4, has it of "n:*"; it is not taken a second time.
        assert visit(box.settings(), first.place, TODAY).messages == ()
        box.put(b"three")
        assert visit(box.settings(), first.place, TODAY).messages == ((3, b"three"),)
    assert {command.split(b" ")[0] for command in box.asked} == {b"CAPABILITY", b"EXAMINE", b"UID", b"LOGOUT"}
    # The first look goes back 30 days: 22 September less 30 days.
    assert box.asked[2] == b"UID SEARCH SINCE 23-Aug-2026"


def test_other_numbers_are_read_from_the_beginning():
    with ImapBox(b"one") as box:
        known = visit(box.settings(), Place(), TODAY).place
        box.uid_validity = 8
        assert visit(box.settings(), known, TODAY).messages == ((1, b"one"),)


def test_of_a_huge_message_only_the_beginning_is_fetched():
    with ImapBox(b"x" * (BEGINNING + 5000)) as box:
        [(_, content)] = visit(box.settings(), Place(), TODAY).messages
    assert len(content) == BEGINNING


def test_a_full_mailbox_is_read_in_parts():
    with ImapBox(*[b"m"] * (MOST + 3)) as box:
        first = visit(box.settings(), Place(), TODAY)
        assert (len(first.messages), first.more, first.place.last_uid) == (MOST, True, MOST)
        assert len(visit(box.settings(), first.place, TODAY).messages) == 3


def test_a_message_that_has_gone_meanwhile_is_passed_over(monkeypatch):
    with ImapBox(b"one", b"two") as box:
        fetch = box.fetch
        monkeypatch.setattr(box, "fetch", lambda *a: (box.mails.pop(1, None), fetch(*a)))
        found = visit(box.settings(), Place(), TODAY)
    assert (found.messages, found.place.last_uid) == (((2, b"two"),), 2)


def test_it_is_encrypted_where_the_certificate_is_trusted(tmp_path: Path):
    with ImapBox(b"one", tls=self_signed(tmp_path)) as box:
        assert visit(box.settings(), Place(), TODAY).messages == ((1, b"one"),)
        assert trouble(box.settings(imap_ca_file=None)) == (
            "the mail server's certificate is not trusted: self-signed certificate"
        )


@pytest.mark.parametrize(
    ("mode", "why"),
    [
        ("refuse_login", "[AUTHENTICATIONFAILED] not (address)"),
        ("no_folder", "the mail server does not know the folder of the settings"),
        ("no_numbers", "the server does not number its messages (UIDVALIDITY)"),
        ("drop", "socket error: EOF"),
        ("silent", "the mail server does not answer in time"),
        ("hang", "the mail server does not answer in time"),
        ("nonsense", "unexpected response"),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_is_told_in_time_and_without_an_address(mode, why):
    with ImapBox(b"one", mode=mode) as box:
        begun = time.monotonic()
        with pytest.raises(MailboxTrouble) as told:
            visit(box.settings(imap_timeout_seconds=0.3), Place(), TODAY)
        assert time.monotonic() - begun < 3
    assert why in str(told.value)
    assert USER not in str(told.value)


def test_a_server_that_answers_byte_by_byte_is_cut_off():
    with ImapBox(b"one", mode="drip") as box:
        begun = time.monotonic()
        with pytest.raises(MailboxTrouble, match="does not answer in time"):
            visit(box.settings(imap_timeout_seconds=5), Place(), TODAY, seconds=0.5)
        assert time.monotonic() - begun < 3


def test_nobody_there_is_told():
    with ImapBox() as box:
        settings = box.settings()
    assert trouble(settings) == "the mail server cannot be reached: Connection refused"
