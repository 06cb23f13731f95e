"""Each transport says exactly what is known of a message: sent, certainly not, or nobody can know."""

import os
import ssl
import time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from notifications.outbox.transports import FolderTransport, Handed, SmtpTransport, one_line, open_transport
from tests.support.smtp_sink import Mode, SmtpSink, self_signed

RECIPIENT = "om@probation.example"


def a_message(key: str = "m1", body: str = "Owed.\n.\n.. and dots\nEnd") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "mappa@mappa.example"
    message["To"] = RECIPIENT
    message["Subject"] = "Referral due 12 September, LON-2026-000123"
    message["Message-ID"] = f"<{key}@mappa.example>"
    message.set_content(body)
    return message


def send(sink: SmtpSink, *keys: str, **settings: object) -> list[Handed]:
    with SmtpTransport(sink.settings(**settings)) as transport:
        return [transport.send(a_message(key), RECIPIENT) for key in keys or ("m1",)]


class TestSmtp:
    def test_a_message_the_server_takes_is_sent_as_it_was_written(self) -> None:
        with SmtpSink() as sink:
            assert send(sink) == [Handed("sent", "250 2.0.0 queued")]
        assert sink.header_ids == ["<m1@mappa.example>"]
        # Lines of dots have a meaning of their own in SMTP: they must arrive as they left.
        assert sink.received[0].text().splitlines() == ["Owed.", ".", ".. and dots", "End"]

    def test_many_messages_share_one_connection(self) -> None:
        with SmtpSink() as sink:
            outcomes = send(sink, *(f"m{i}" for i in range(20)))
        assert {handed.outcome for handed in outcomes} == {"sent"}
        assert sink.connections == 1

    @pytest.mark.parametrize(
        ("mode", "outcome", "transport_down", "arrived"),
        [
            ("reject_rcpt_5xx", "dead", False, 0),
            ("tempfail_rcpt_4xx", "retry", False, 0),
            ("reject_mail_5xx", "retry", True, 0),
            ("drop_at_mail", "retry", True, 0),
            ("refuse_connection", "retry", True, 0),
            ("reject_after_data_5xx", "dead", False, 0),
            ("tempfail_after_data_4xx", "retry", False, 0),
            ("drop_after_data", "uncertain", False, 1),
            ("hang_after_data", "uncertain", False, 1),
        ],
    )
    def test_the_outcome_is_what_can_be_known(
        self, mode: Mode, outcome: str, transport_down: bool, arrived: int
    ) -> None:
        with SmtpSink(mode) as sink:
            (handed,) = send(sink, smtp_timeout_seconds=0.5)
        assert (handed.outcome, handed.transport_down) == (outcome, transport_down)
        assert handed.detail
        assert len(sink.received) == arrived

    def test_a_refused_recipient_does_not_disturb_the_next(self) -> None:
        with SmtpSink("reject_rcpt_5xx", "tempfail_rcpt_4xx", "reject_after_data_5xx", "ok") as sink:
            outcomes = send(sink, "m1", "m2", "m3", "m4")
        assert [handed.outcome for handed in outcomes] == ["dead", "retry", "dead", "sent"]
        assert sink.connections == 1

    def test_a_connection_dropped_between_messages_is_opened_again(self) -> None:
        with SmtpSink("ok", "drop_at_mail", "ok") as sink:
            outcomes = send(sink, "m1", "m2")
        assert [handed.outcome for handed in outcomes] == ["sent", "sent"]
        assert (sink.header_ids, sink.connections) == (["<m1@mappa.example>", "<m2@mappa.example>"], 2)

    def test_a_connection_that_idled_out_is_opened_again(self) -> None:
        with SmtpSink("drop_after_ok", "ok") as sink, SmtpTransport(sink.settings()) as transport:
            assert transport.send(a_message("m1"), RECIPIENT).outcome == "sent"
            time.sleep(0.2)
            assert transport.send(a_message("m2"), RECIPIENT).outcome == "sent"
        assert (sink.header_ids, sink.connections) == (["<m1@mappa.example>", "<m2@mappa.example>"], 2)

    def test_after_an_unknown_outcome_the_next_goes_over_a_new_connection(self) -> None:
        with SmtpSink("drop_after_data", "ok") as sink:
            outcomes = send(sink, "m1", "m2")
        assert [handed.outcome for handed in outcomes] == ["uncertain", "sent"]
        assert sink.connections == 2

    def test_no_address_stands_in_what_is_told(self) -> None:
        with SmtpSink("reject_rcpt_5xx") as sink:
            (handed,) = send(sink)
        assert "@" not in handed.detail
        assert "550" in handed.detail
        assert one_line(b"5.1.1 <jane.doe@x.example>: no\nsuch user") == "5.1.1 <(address)>: no such user"

    def test_the_connection_is_encrypted_where_the_certificate_is_trusted(self, tmp_path: Path) -> None:
        with SmtpSink(tls=self_signed(tmp_path)) as sink:
            assert [handed.outcome for handed in send(sink, "m1", "m2")] == ["sent", "sent"]

    def test_an_untrusted_certificate_stops_everything_before_it_leaves(self, tmp_path: Path) -> None:
        with SmtpSink(tls=self_signed(tmp_path)) as sink:
            (handed,) = send(sink, smtp_ca_file=None)
        assert (handed.outcome, handed.transport_down) == ("retry", True)
        assert "certificate is not trusted" in handed.detail
        assert not sink.received

    def test_a_server_without_encryption_gets_nothing_where_encryption_is_wanted(self) -> None:
        with SmtpSink() as sink:
            (handed,) = send(sink, smtp_starttls=True)
        assert (handed.outcome, handed.transport_down) == ("retry", True)
        assert "STARTTLS" in handed.detail
        assert not sink.received

    def test_it_logs_in_once_a_connection(self, tmp_path: Path) -> None:
        with SmtpSink(tls=self_signed(tmp_path), login=("mappa", "right")) as sink:
            assert [handed.outcome for handed in send(sink, "m1", "m2")] == ["sent", "sent"]
        assert sink.logins == 1

    def test_a_refused_login_is_retried_and_never_shows_the_password(self, tmp_path: Path) -> None:
        with SmtpSink(tls=self_signed(tmp_path), login=("mappa", "right")) as sink:
            (handed,) = send(sink, smtp_password="wrong-secret")
        assert (handed.outcome, handed.transport_down) == ("retry", True)
        assert "refused the login" in handed.detail
        assert "wrong-secret" not in handed.detail

    def test_a_login_the_server_does_not_offer_is_said_so(self) -> None:
        with SmtpSink() as sink:
            (handed,) = send(sink, smtp_user="mappa", smtp_password="secret")
        assert (handed.outcome, handed.detail) == (
            "retry",
            "the mail server offers no login, and MAPPA_SMTP_USER is set",
        )


class TestTrouble:
    """What a person is told before any message is sent."""

    def test_a_server_that_lets_in_is_no_trouble_and_gets_nothing(self) -> None:
        with SmtpSink() as sink, SmtpTransport(sink.settings()) as transport:
            assert transport.trouble() is None
        assert (sink.connections, sink.received) == (1, [])

    def test_a_server_that_is_not_there_is_told(self) -> None:
        with SmtpSink("refuse_connection") as sink, SmtpTransport(sink.settings()) as transport:
            assert transport.trouble() == "the mail server cannot be reached: Connection refused"

    def test_a_folder_that_can_be_made_is_no_trouble_and_is_not_made(self, tmp_path: Path) -> None:
        assert FolderTransport(tmp_path / "new" / "mail").trouble() is None
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_a_file_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "mail").write_text("in the way")
        assert FolderTransport(tmp_path / "mail").trouble() == f"{tmp_path}/mail is not a folder"


class TestFolder:
    def test_a_message_sent_twice_is_one_file(self, tmp_path: Path) -> None:
        with FolderTransport(tmp_path / "new" / "mail") as transport:
            assert transport.repeatable
            first = transport.send(a_message(body="First\n"), RECIPIENT)
            second = transport.send(a_message(body="Second\n"), RECIPIENT)
        assert first == second == Handed("sent", "m1.eml")
        (file,) = (tmp_path / "new" / "mail").iterdir()
        assert b"Second" in file.read_bytes()

    def test_a_crash_while_writing_leaves_no_half_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def crash(_: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "fsync", crash)
        with pytest.raises(KeyboardInterrupt):
            FolderTransport(tmp_path).send(a_message(), RECIPIENT)
        assert not list(tmp_path.glob("*.eml"))
        monkeypatch.undo()
        assert FolderTransport(tmp_path).send(a_message(), RECIPIENT).outcome == "sent"
        # What the crash left is used up, not left to pile up.
        assert [path.name for path in tmp_path.iterdir()] == ["m1.eml"]

    def test_a_full_disk_is_retried_with_its_reason(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        handed = FolderTransport(tmp_path).send(a_message(), RECIPIENT)
        assert (handed.outcome, handed.transport_down) == ("retry", True)
        assert "No space left on device" in handed.detail

    def test_a_folder_that_is_a_file_is_retried_with_its_reason(self, tmp_path: Path) -> None:
        (tmp_path / "mail").write_text("in the way")
        handed = FolderTransport(tmp_path / "mail").send(a_message(), RECIPIENT)
        assert (handed.outcome, handed.transport_down) == ("retry", True)
        assert "cannot be written to" in handed.detail

    def test_a_message_id_cannot_leave_the_folder(self, tmp_path: Path) -> None:
        assert FolderTransport(tmp_path / "mail").send(a_message("../../m1"), RECIPIENT).outcome == "sent"
        assert [path.parent for path in tmp_path.rglob("*.eml")] == [tmp_path / "mail"]


def test_the_settings_choose_the_way_out(tmp_path: Path) -> None:
    with SmtpSink() as sink:
        assert isinstance(open_transport(sink.settings()), SmtpTransport)
        assert isinstance(open_transport(sink.settings(transport="folder", mail_folder=tmp_path)), FolderTransport)


def test_encryption_checks_the_server_s_name() -> None:
    # The transport relies on it: should the library's default ever change, this says so.
    assert ssl.create_default_context().check_hostname
