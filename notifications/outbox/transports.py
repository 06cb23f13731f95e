"""Ways out: a folder of files, or a mail server. Each says exactly what is known of a message it was given."""

import os
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Literal, NoReturn, Self

from models.full_disk import FILE_TAKES_NO_MORE
from notifications.outbox.answers import is_of_the_route, may_mean_everybody, one_line
from notifications.outbox.handed import Handed, Transport
from notifications.outbox.notify import NotifyTransport
from notifications.settings import MailSettings
from policy.errors import Signal

UNSAFE_IN_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
LEADING_DOT = re.compile(rb"(?m)^\.")
READY_FOR_TLS = 220
DONE = 250
START_CONTENT = 354


def open_transport(settings: MailSettings) -> Transport:
    """Return the way out the settings name, not connected before the first message."""
    if settings.transport == "smtp":
        return SmtpTransport(settings)
    if settings.transport == "notify":
        return NotifyTransport(settings)
    return FolderTransport(settings.mail_folder, settings.mail_folder_durable)


class FolderTransport:
    """Writes each message to a folder as ``<left part of the Message-ID>.eml``; one message is one file for ever."""

    repeatable = True
    remembers = False

    def __init__(self, folder: Path, durable: bool = True) -> None:
        """Use ``folder``; it is made when the first message goes. ``durable``: what is there survives a power cut."""
        self.folder = folder
        self.durable = durable

    def __enter__(self) -> Self:
        """Return the transport."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave nothing open."""

    def send(self, message: EmailMessage, recipient: str) -> Handed:  # noqa: ARG002  it stands in the message
        """Write the file whole or not at all; where it is to last, on the disk before ``sent`` is said."""
        left_part = message["Message-ID"].strip("<> ").partition("@")[0]
        name = UNSAFE_IN_FILE_NAME.sub("_", left_part).lstrip(".") or "message"
        try:
            self.write(name, message.as_bytes())
        except OSError as error:
            reason = f"the mail folder cannot be written to: {error.strerror or type(error).__name__}"
            if error.errno in FILE_TAKES_NO_MORE:
                reason += "; make room on its disk, and it will be sent"
            return Handed("retry", one_line(reason), transport_down=True)
        return Handed("sent", f"{name}.eml")

    def takes(self, recipient: str) -> bool | None:  # noqa: ARG002  a folder takes every recipient alike
        """Say nothing: a folder refuses nobody in particular."""
        return None

    def trouble(self) -> str | None:
        """Say whether the folder is there or can be made, and may be written to."""
        nearest = next(place for place in (self.folder, *self.folder.absolute().parents) if place.exists())
        if not nearest.is_dir():
            return f"{nearest} is not a folder"
        if not os.access(nearest, os.W_OK | os.X_OK):
            return f"the mail folder cannot be written to: {nearest} is closed to this user"
        return None

    def write(self, name: str, content: bytes) -> None:
        """Put ``content`` under its name: first beside it, then in its place in one step."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # The same message uses the same temporary name, so what a crash leaves is written over by the next try.
        beside = self.folder / f".{name}.tmp"
        try:
            with beside.open("wb") as file:
                file.write(content)
                if self.durable:
                    file.flush()
                    os.fsync(file.fileno())
            beside.replace(self.folder / f"{name}.eml")
        except OSError:
            # On a full disk even what is half written takes room, and the message may be cancelled before it goes.
            with suppress(OSError):
                beside.unlink()
            raise
        if not self.durable:
            return
        entries = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(entries)
        finally:
            os.close(entries)


class NotTaken(Signal):
    """The server did not take the message, and certainly has not got it."""

    def __init__(self, handed: Handed) -> None:
        self.handed = handed


class SmtpTransport:
    """One connection to a mail server for many messages; opened at the first, again where it was dropped."""

    repeatable = False
    remembers = False

    def __init__(self, settings: MailSettings) -> None:
        """Use the server the settings name."""
        self.settings = settings
        self.connection: smtplib.SMTP | None = None
        # After a message was taken the server is at the start again: only after anything else it has to be told.
        self.fresh = False

    def __enter__(self) -> Self:
        """Return the transport."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Say goodbye to the server."""
        if self.connection is not None:
            try:
                self.connection.quit()
            except (OSError, smtplib.SMTPException):
                self.drop()

    def send(self, message: EmailMessage, recipient: str) -> Handed:
        """Hand over one message. Whatever fails before its content begins to leave is known not to have gone."""
        content = LEADING_DOT.sub(b"..", message.as_bytes())
        if not content.endswith(b"\r\n"):
            content += b"\r\n"
        reused = self.connection is not None
        handed = self.attempt(content, recipient)
        # A server may close a connection that has carried enough; a fresh one shows whether it is truly down.
        return self.attempt(content, recipient) if reused and handed.transport_down else handed

    def attempt(self, content: bytes, recipient: str) -> Handed:
        """Hand over one content on the connection there is, or on a new one."""
        try:
            connection = self.ready()
            self.announce(connection, recipient)
        except NotTaken as refusal:
            return refusal.handed
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.drop()
            return Handed("retry", no_way_in(error), transport_down=True)
        return self.hand_over(connection, content, recipient)

    def takes(self, recipient: str) -> bool | None:
        """Name sender and recipient, and no more: the next message begins anew."""
        try:
            connection = self.ready()
            code, _ = connection.mail(self.settings.mail_from)
            if code // 100 != 2:
                return False
            code, _ = connection.rcpt(recipient)
        except (NotTaken, OSError, smtplib.SMTPException, ValueError):
            self.drop()
            return None
        return code // 100 == 2

    def trouble(self) -> str | None:
        """Connect, encrypt and log in, as for a message."""
        try:
            self.ready()
        except NotTaken as refusal:
            return refusal.handed.detail
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.drop()
            return no_way_in(error)
        return None

    def ready(self) -> smtplib.SMTP:
        """Return a connection at the start of a transaction; the old one where it still lives."""
        if self.connection is not None and not self.fresh:
            try:
                code, _ = self.connection.rset()
                self.fresh = code == DONE
            except (OSError, smtplib.SMTPException):
                self.fresh = False
            if not self.fresh:
                self.drop()
        if self.connection is None:
            self.connection = self.connect()
        self.fresh = False
        return self.connection

    def connect(self) -> smtplib.SMTP:
        """Connect, encrypt, log in."""
        settings = self.settings
        # Left to itself the library asks the network for this machine's name, which may take a minute.
        own_name = settings.mail_from.rpartition("@")[2]
        connection = smtplib.SMTP(settings.smtp_host, settings.smtp_port, own_name, settings.smtp_timeout_seconds)
        # From here on the connection is known, so that a failure below closes it.
        self.connection = connection
        connection.ehlo_or_helo_if_needed()
        if settings.smtp_starttls:
            if not connection.has_extn("starttls"):
                self.refuse("the mail server offers no encryption (STARTTLS); MAPPA_SMTP_STARTTLS=false allows that")
            code, answer = connection.starttls(context=ssl.create_default_context(cafile=settings.smtp_ca_file))
            if code != READY_FOR_TLS:
                self.refuse(f"the mail server refused STARTTLS: {code} {one_line(answer)}")
            # What the server said before encryption does not count any more.
            connection.ehlo_or_helo_if_needed()
        if settings.smtp_user:
            self.log_in(connection)
        return connection

    def log_in(self, connection: smtplib.SMTP) -> None:
        """Log in; a refusal is the server's or the settings' fault, never the message's."""
        try:
            connection.login(self.settings.smtp_user, self.settings.smtp_password.get_secret_value())
        except smtplib.SMTPAuthenticationError as error:
            said = one_line(error.smtp_error, self.settings.smtp_user)
            self.refuse(f"the mail server refused the login: {error.smtp_code} {said}")
        except smtplib.SMTPNotSupportedError:
            self.refuse("the mail server offers no login, and MAPPA_SMTP_USER is set")

    def refuse(self, reason: str) -> NoReturn:
        """Give up on the connection: nothing has gone, and nothing would."""
        self.drop()
        raise NotTaken(Handed("retry", one_line(reason), transport_down=True))

    def announce(self, connection: smtplib.SMTP, recipient: str) -> None:
        """Name sender and recipient, and have the server ask for the content."""
        code, answer = connection.mail(self.settings.mail_from)
        if code // 100 != 2:
            # The sender is the same for all messages: not one of them would get past this.
            self.refuse(f"the mail server refused the sender: {code} {one_line(answer, self.settings.mail_from)}")
        code, answer = connection.rcpt(recipient)
        if code // 100 != 2:
            self.not_taken("recipient", code, answer, recipient)
        code, answer = connection.docmd("DATA")
        if code != START_CONTENT:
            self.not_taken("content", code, answer, recipient)

    def not_taken(self, what: Literal["recipient", "content"], code: int, answer: bytes, recipient: str) -> NoReturn:
        """Raise what a refusal before the content means; one that says so by itself is for every message."""
        if is_of_the_route(code, answer):
            self.refuse(f"the mail server refused the {what}: {code} {one_line(answer, recipient)}")
        raise NotTaken(refusal(what, code, answer, recipient))

    def hand_over(self, connection: smtplib.SMTP, content: bytes, recipient: str) -> Handed:
        """Send the content and wait for the answer: without one, nobody knows."""
        try:
            connection.send(content + b".\r\n")
            code, answer = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            return Handed("uncertain", one_line(f"no answer after the content was sent: {unreachable(error)}"))
        detail = f"{code} {one_line(answer, recipient)}"
        if code // 100 == 2:
            self.fresh = True
            return Handed("sent", detail)
        if code // 100 in (4, 5):
            refused = refusal("content", code, answer, recipient)
            # The server has told that it did not keep the content, so this is no doubt.
            return replace(refused, outcome="retry", transport_down=True) if is_of_the_route(code, answer) else refused
        self.drop()
        return Handed("uncertain", f"the mail server gave an answer that means nothing: {detail}")

    def drop(self) -> None:
        """Close the connection without a word; the next message opens another."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def refusal(what: Literal["recipient", "content"], code: int, answer: bytes, recipient: str) -> Handed:
    """Return what a refusal means for one message: 5xx for good, anything else until later."""
    outcome: Literal["dead", "retry"] = "dead" if code // 100 == 5 else "retry"
    detail = f"the mail server refused the {what}: {code} {one_line(answer, recipient)}"
    return Handed(outcome, detail, refused=what, unsure=may_mean_everybody(code, answer))


def no_way_in(error: Exception) -> str:
    """Return why there is no connection to the mail server."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return one_line(f"the mail server's certificate is not trusted: {error.verify_message}")
    return one_line(f"the mail server cannot be reached: {unreachable(error)}")


def unreachable(error: Exception) -> str:
    """Return what went wrong with a connection, in the words of the system."""
    if isinstance(error, TimeoutError):
        return "time-out"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {one_line(error.smtp_error)}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
