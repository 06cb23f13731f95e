"""A mail server for tests that misbehaves on request. It keeps what it was given."""

import asyncio
import ssl
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from typing import Any, Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.settings import MailSettings

HOST = "127.0.0.1"
HANG_SECONDS = 30
Mode = Literal[
    "ok",
    "hang_after_data",
    "drop_after_data",
    "reject_after_data_5xx",
    "tempfail_after_data_4xx",
    "reject_rcpt_5xx",
    "tempfail_rcpt_4xx",
    "reject_mail_5xx",
    "drop_at_mail",
    "drop_after_ok",
    "refuse_connection",
]


@dataclass(frozen=True, slots=True)
class Received:
    """A message the server has, whether or not it managed to say so."""

    recipient: str
    message: EmailMessage

    @property
    def header_id(self) -> str:
        """The Message-ID."""
        return str(self.message["Message-ID"])

    def text(self, kind: str = "plain") -> str:
        """The body: ``plain`` or ``html``."""
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())


class SmtpSink:
    """A mail server on this machine, on a port of its own, inside a ``with`` block.

    ``modes`` are used up one a message, the last one stays. ``mode`` may be set at any time, and so may what it answers
    whoever comes: ``sender`` to every sender, ``everybody`` to every recipient, ``refusals`` to these recipients,
    ``content`` to every content; "" takes them.
    """

    def __init__(
        self, *modes: Mode, tls: tuple[Path, Path] | None = None, login: tuple[str, str] | None = None
    ) -> None:
        self.modes: deque[Mode] = deque(modes or ("ok",))
        self.received: list[Received] = []
        self.sender = self.everybody = self.content = ""
        self.refusals: dict[str, str] = {}
        self.connections = 0
        self.logins = 0
        self.port = 0
        self.login = login
        self.ca_file = tls[0] if tls else None
        self.tls = server_context(tls) if tls else None
        self.server: _Server | None = None
        self.closed_port: socket | None = None

    @property
    def mode(self) -> Mode:
        """What the server does with the message it is being given."""
        return self.modes[0]

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self.modes = deque((mode,))

    def __enter__(self) -> Self:
        if self.mode == "refuse_connection":
            # Bound but not listening: nobody else can take the port meanwhile.
            self.closed_port = socket()
            self.closed_port.bind((HOST, 0))
            self.port = self.closed_port.getsockname()[1]
            return self
        self.server = _Server(self)
        self.server.start()
        self.port = self.server.port
        self.connections = 0
        return self

    def __exit__(self, *_: object) -> None:
        if self.server is not None:
            self.server.stop()
        if self.closed_port is not None:
            self.closed_port.close()

    def settings(self, **values: Any) -> MailSettings:
        """The settings that lead here."""
        defaults: dict[str, Any] = {
            "transport": "smtp",
            "smtp_host": HOST,
            "smtp_port": self.port,
            "smtp_starttls": self.tls is not None,
            "smtp_ca_file": self.ca_file,
            "smtp_timeout_seconds": 2,
            "allowed_domains": "probation.example,mappa.example",
        }
        if self.login:
            defaults |= {"smtp_user": self.login[0], "smtp_password": self.login[1]}
        return MailSettings(**(defaults | values))

    @property
    def header_ids(self) -> list[str]:
        """The Message-IDs in the order in which they came."""
        return [received.header_id for received in self.received]

    # What follows is called by the server, by these names.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Iterable[str]
    ) -> str:
        if self.mode == "drop_at_mail":
            self.next_mode()
            return drop(server)
        if self.mode == "reject_mail_5xx":
            self.next_mode()
            return "550 5.7.1 this sender is not wanted"
        if self.sender:
            return self.sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Iterable[str]
    ) -> str:
        mode = self.mode
        if mode in ("reject_rcpt_5xx", "tempfail_rcpt_4xx"):
            self.next_mode()
            return f"550 5.1.1 <{address}> unknown" if mode == "reject_rcpt_5xx" else "451 4.7.1 come back later"
        if refusal := self.everybody or self.refusals.get(address):
            return refusal.format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mode = self.mode
        self.next_mode()
        if mode in ("reject_after_data_5xx", "tempfail_after_data_4xx"):
            return "554 5.6.0 not this content" if mode == "reject_after_data_5xx" else "451 4.3.0 disk full"
        if self.content:
            return self.content.format(address=envelope.rcpt_tos[0])
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        self.received.append(Received(envelope.rcpt_tos[0], message))
        if mode == "hang_after_data":
            await asyncio.sleep(HANG_SECONDS)
        if mode == "drop_after_data":
            return drop(server)
        if mode == "drop_after_ok":
            asyncio.get_running_loop().call_later(0.05, drop, server)
        return "250 2.0.0 queued"

    def next_mode(self) -> None:
        """Use up a mode, but keep the last."""
        if len(self.modes) > 1:
            self.modes.popleft()

    def check_login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        """Tell whether name and password are right."""
        self.logins += 1
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.login, handled=False)


class _Server(Controller):
    """The server behind a sink, on whatever port is free."""

    def __init__(self, sink: SmtpSink) -> None:
        options: dict[str, Any] = {}
        if sink.tls is not None:
            options |= {"tls_context": sink.tls, "require_starttls": True}
        if sink.login is not None:
            options |= {
                "authenticator": sink.check_login,
                "auth_required": True,
                "auth_require_tls": sink.tls is not None,
            }
        super().__init__(sink, hostname=HOST, port=0, **options)
        self.sink = sink

    def factory(self) -> SMTP:
        self.sink.connections += 1
        smtp: SMTP = super().factory()  # type: ignore[no-untyped-call]
        return smtp

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def drop(server: SMTP) -> str:
    """Cut the connection; the answer goes nowhere."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    return "421 gone"


def server_context(tls: tuple[Path, Path]) -> ssl.SSLContext:
    """The server's side of encryption."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    return context


def self_signed(folder: Path, host: str = HOST) -> tuple[Path, Path]:
    """Write a certificate for an address and its key; return both files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file
