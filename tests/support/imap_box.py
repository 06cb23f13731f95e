"""A mailbox on this machine for tests, by IMAP over real sockets: only what is used of it; it misbehaves on request."""

import re
import socket
import ssl
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Self

from notifications.settings import MailSettings
from tests.support.smtp_sink import HOST, server_context

Mode = Literal["ok", "silent", "hang", "drip", "drop", "refuse_login", "no_folder", "no_numbers", "nonsense"]
USER, PASSWORD = "mappa@mappa.example", 'hunt"er 2'
FETCH = re.compile(rb"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)")
AFTER = re.compile(rb"UID SEARCH UID (\d+):\*")
SINCE = re.compile(rb"UID SEARCH SINCE (\d+-[A-Z][a-z]{2}-\d{4})")


class ImapBox:
    """A mailbox inside a ``with`` block. ``mails`` are its messages by their number; ``mode`` may be set at any time.

    ``fetched`` are the numbers that were asked for, ``asked`` the commands as they came, without the login.
    """

    def __init__(self, *mails: bytes, tls: tuple[Path, Path] | None = None, mode: Mode = "ok") -> None:
        self.mails = dict(enumerate(mails, 1))
        self.uid_validity = 7
        self.mode: Mode = mode
        self.ca_file = tls[0] if tls else None
        self.tls = server_context(tls) if tls else None
        self.fetched: list[int] = []
        self.asked: list[bytes] = []
        self.over = threading.Event()
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with suppress(OSError):
            # Closed alone it would go on listening, as a thread waits on it.
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def settings(self, **values: Any) -> MailSettings:
        """The settings that lead here."""
        return MailSettings(**(self.variables | values))

    @property
    def variables(self) -> dict[str, Any]:
        """The same by the names of the settings."""
        return {
            "imap_host": HOST, "imap_port": self.port, "imap_tls": self.tls is not None, "imap_ca_file": self.ca_file,
            "imap_user": USER, "imap_password": PASSWORD, "imap_timeout_seconds": 1.0,
        }  # fmt: skip

    def put(self, *mails: bytes) -> None:
        """Let messages come."""
        for mail in mails:
            self.mails[max(self.mails, default=0) + 1] = mail

    def serve(self) -> None:
        """Answer whoever comes, each on a thread of its own."""
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        """Talk with one client until it goes."""
        with suppress(OSError, ssl.SSLError):
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as lines:
                if self.mode == "silent":
                    self.over.wait(30)
                    return
                connection.sendall(b"* OK ready\r\n")
                for line in lines:
                    tag, _, command = line.strip().partition(b" ")
                    if not self.obey(connection, tag, command):
                        return

    def obey(self, connection: socket.socket, tag: bytes, command: bytes) -> bool:
        """Answer one command; tell whether the client may go on."""
        verb = command.split(b" ")[0]
        if verb == b"LOGIN":
            right = command == f'LOGIN {USER} "{PASSWORD}"'.replace('hunt"er', 'hunt\\"er').encode()
            refused = self.mode == "refuse_login" or not right
            no = b" NO [AUTHENTICATIONFAILED] not " + USER.encode() + b"\r\n"
            connection.sendall(tag + (no if refused else b" OK in\r\n"))
            return True
        self.asked.append(command)
        if verb == b"LOGOUT":
            connection.sendall(b"* BYE\r\n" + tag + b" OK\r\n")
            return False
        if verb == b"EXAMINE":
            self.say(connection, tag, self.opening(), good=self.mode != "no_folder")
        elif command.startswith(b"UID SEARCH"):
            return self.search(connection, tag, command)
        elif found := FETCH.match(command):
            self.fetch(connection, tag, int(found[1]), int(found[2]))
        else:
            self.say(connection, tag, b"* CAPABILITY IMAP4rev1\r\n")
        return True

    def opening(self) -> bytes:
        """What is said of the folder."""
        numbered = b"" if self.mode == "no_numbers" else f"* OK [UIDVALIDITY {self.uid_validity}] is\r\n".encode()
        return f"* {len(self.mails)} EXISTS\r\n".encode() + numbered

    def search(self, connection: socket.socket, tag: bytes, command: bytes) -> bool:
        """Give the numbers asked for; as every server, the last one too where none comes after."""
        if self.mode == "drop":
            return False
        if self.mode == "hang":
            self.over.wait(30)
            return False
        if self.mode == "drip":
            with suppress(OSError):
                while not self.over.wait(0.05):
                    connection.sendall(b"*")
            return False
        if self.mode == "nonsense":
            connection.sendall(b"\xff\x00 what\r\n")
            return True
        after = AFTER.match(command)
        assert after or SINCE.match(command), command
        found = [uid for uid in self.mails if not after or uid >= int(after[1])]
        if after and self.mails:
            found = sorted({*found, max(self.mails)})
        self.say(connection, tag, b"* SEARCH " + b" ".join(str(uid).encode() for uid in found) + b"\r\n")
        return True

    def fetch(self, connection: socket.socket, tag: bytes, uid: int, most: int) -> None:
        """Give the beginning of a message; of one that is gone, nothing."""
        self.fetched.append(uid)
        if uid not in self.mails:
            self.say(connection, tag, b"")
            return
        part = self.mails[uid][:most]
        head = f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(part)}}}\r\n".encode()
        self.say(connection, tag, head + part + b")\r\n")

    def say(self, connection: socket.socket, tag: bytes, told: bytes, good: bool = True) -> None:
        """Send an answer with its end."""
        connection.sendall(told + tag + (b" OK done\r\n" if good else b" NO there is none\r\n"))
