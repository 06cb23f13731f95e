"""A mailbox by IMAP (RFC 9051): what is new in it is read, and nothing in it is changed.

Every wait has an end: one for each answer of the server, and one for the whole visit, after which the connection is cut
whatever the server does. Of each message no more than its beginning is fetched.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Event, Timer

from notifications.outbox.answers import one_line, plain
from notifications.settings import MailSettings
from policy.errors import Signal

MOST = 100
"""So many messages are fetched in one visit; the next one goes on."""
BEGINNING = 256 * 1024
"""So many bytes of a message are fetched. What counts stands at its beginning, whatever is attached."""
FIRST_LOOK = timedelta(days=30)
"""How far back a mailbox is read that was never read before."""
VISIT_SECONDS = 120.0
NUMBER = re.compile(rb"\d+")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class MailboxTrouble(Signal):
    """The mailbox cannot be read; the message says why and names no address."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a mailbox is read: the generation of its numbers, and the last number that was handled."""

    uid_validity: int = 0
    last_uid: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit found: messages by their number, and how far it read. ``more``: there are others."""

    place: Place
    messages: tuple[tuple[int, bytes], ...]
    more: bool


def mailbox_name(settings: MailSettings) -> str:
    """Return what tells one mailbox from another."""
    return f"{settings.imap_user}@{settings.imap_host}:{settings.imap_port}/{settings.imap_folder}"[:300]


def visit(settings: MailSettings, place: Place, today: date, seconds: float = VISIT_SECONDS) -> Visit:
    """Fetch what came after ``place``, the oldest first; ``MailboxTrouble`` where that fails.

    Where the numbers are of another generation, or of none, the mail of the last 30 days is fetched: what was handled
    before is known by its key.
    """
    with connected(settings, seconds) as server:
        uid_validity = opened(server, settings.imap_folder)
        known = place.last_uid if place.uid_validity == uid_validity else 0
        found = [uid for uid in numbers_after(server, known, today) if uid > known]
        messages = tuple((uid, content) for uid in found[:MOST] if (content := beginning_of(server, uid)) is not None)
    last = found[:MOST][-1] if found else known
    return Visit(Place(uid_validity, last), messages, len(found) > MOST)


def trouble(settings: MailSettings) -> str | None:
    """Return what keeps the mailbox from being read, None where nothing does."""
    try:
        with connected(settings, settings.imap_timeout_seconds) as server:
            opened(server, settings.imap_folder)
    except MailboxTrouble as error:
        return str(error)
    return None


@contextmanager
def connected(settings: MailSettings, seconds: float) -> Iterator[imaplib.IMAP4]:
    """Give a connection that is logged in, and say goodbye; whatever goes wrong inside is ``MailboxTrouble``."""
    server: imaplib.IMAP4 | None = None
    over = Event()
    end = Timer(seconds, lambda: cut(server, over))
    end.daemon = True
    try:
        server = connect(settings)
        end.start()
        server.login(settings.imap_user, settings.imap_password.get_secret_value())
        yield server
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise MailboxTrouble(why_not(error, over.is_set(), settings)) from error
    finally:
        end.cancel()
        if server is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                server.shutdown()


def connect(settings: MailSettings) -> imaplib.IMAP4:
    """Connect, encrypted from the first byte on; in clear only to this machine, as the settings allow."""
    wait = settings.imap_timeout_seconds
    if not settings.imap_tls:
        return imaplib.IMAP4(settings.imap_host, settings.imap_port, wait)
    trusted = ssl.create_default_context(cafile=settings.imap_ca_file)
    return imaplib.IMAP4_SSL(settings.imap_host, settings.imap_port, ssl_context=trusted, timeout=wait)


def cut(server: imaplib.IMAP4 | None, over: Event) -> None:
    """End whatever waits on a connection. The encryption above it is left alone: another thread is using it."""
    over.set()
    if server is not None:
        with suppress(OSError):
            socket.socket.shutdown(server.sock, socket.SHUT_RDWR)


def opened(server: imaplib.IMAP4, folder: str) -> int:
    """Open a folder to look at; return the generation of its numbers."""
    status, _ = server.select(quoted(folder), readonly=True)
    if status != "OK":
        raise imaplib.IMAP4.error("the mail server does not know the folder of the settings")
    _, told = server.response("UIDVALIDITY")
    found = NUMBER.search(told[0] or b"") if told else None
    if found is None:
        raise imaplib.IMAP4.error("the server does not number its messages (UIDVALIDITY)")
    return int(found[0])


def quoted(folder: str) -> str:
    """Return the name of a folder as IMAP writes it."""
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def numbers_after(server: imaplib.IMAP4, last: int, today: date) -> list[int]:
    """Return the numbers of the messages after one; without one, of those of the last 30 days."""
    since = today - FIRST_LOOK
    wanted = f"UID {last + 1}:*" if last else f"SINCE {since.day}-{MONTHS[since.month - 1]}-{since.year}"
    status, told = server.uid("SEARCH", wanted)
    if status != "OK":
        raise imaplib.IMAP4.error("the server refuses to search")
    return sorted({int(number) for number in NUMBER.findall(told[0] or b"")})


def beginning_of(server: imaplib.IMAP4, uid: int) -> bytes | None:
    """Return the beginning of a message; None of one that has gone meanwhile. It stays unread."""
    status, told = server.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{BEGINNING}>)")
    if status != "OK":
        raise imaplib.IMAP4.error("the server refuses to give a message")
    return next((part[1] for part in told if isinstance(part, tuple)), None)


def why_not(error: Exception, over: bool, settings: MailSettings) -> str:
    """Return why a mailbox cannot be read, in one line and without an address."""
    if over or isinstance(error, TimeoutError):
        why = "the mail server does not answer in time"
    elif isinstance(error, ssl.SSLCertVerificationError):
        why = f"the mail server's certificate is not trusted: {error.verify_message}"
    elif isinstance(error, OSError):
        why = f"the mail server cannot be reached: {error.strerror or type(error).__name__}"
    else:
        said = error.args[0] if error.args else ""
        why = plain(said) if isinstance(said, bytes) else str(said) or type(error).__name__
    return one_line(why, settings.imap_user)
