"""The keys of the audit trail: a file outside the database, readable by its owner alone.

Whoever can write the database can make every hash anew, but none that needs a key they do not have. The file has one
key a line, ``<name> <64 hexadecimal digits>``; the last line is the key in use, the ones before it prove what was
written with them. A name is made from its key, so a line with a slip in it is noticed.
"""

import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from policy.errors import UnavailableError

KEY_BYTES = 32
NAME_LENGTH = 16
OTHERS = 0o027
"""Who must not read or change the file: everybody else. A group may read it, as a secret of Kubernetes is given."""


class AuditKeyError(UnavailableError):
    """The key of the audit trail is not where it should be, or is not the one the record was written with."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys by name, the oldest first; the last is in use."""

    by_name: dict[str, bytes]

    @property
    def current(self) -> str:
        """Return the name of the key in use."""
        return next(reversed(self.by_name))

    def sign(self, name: str, text: bytes) -> str:
        """Return the HMAC-SHA256 of a text under a key, in hexadecimal; ``KeyError`` of a key that is not here."""
        return hmac.digest(self.by_name[name], text, "sha256").hex()

    def age(self, name: str | None) -> int:
        """Return how old a key is by the order of the file: the higher the newer; -1 of no key, or an unknown one."""
        return -1 if name is None or name not in self.by_name else list(self.by_name).index(name)


class KeyFile:
    """The file of the keys. It is read when it is first needed, and again when another process has changed it."""

    def __init__(self, path: Path) -> None:
        """Remember where it is; nothing is read or made yet."""
        self.path = path
        self._read: tuple[tuple[int, int], Keys] | None = None

    def exists(self) -> bool:
        """Tell whether the file is there."""
        return self.path.exists()

    def keys(self) -> Keys:
        """Return the keys. ``AuditKeyError`` says why they cannot be used, and what to do."""
        try:
            state = self.path.stat()
        except OSError:
            raise AuditKeyError(
                f"the key of the audit trail is not in {self.path.absolute()}",
                to_do="copy it there from where it is kept, or name its place with MAPPA_AUDIT_KEY_FILE; without it "
                "nothing can be recorded, and the trail cannot be checked",
            ) from None
        stamp = (state.st_mtime_ns, state.st_size)
        if self._read is None or self._read[0] != stamp:
            if state.st_mode & OTHERS:
                raise AuditKeyError(
                    f"other people can read the key of the audit trail in {self.path.absolute()}",
                    to_do=f"run 'chmod 600 {self.path}', then 'mappa audit rotate-key'",
                )
            self._read = (stamp, parsed(self.path))
        return self._read[1]

    def make(self) -> Keys:
        """Make the file with a first key where there is none; return its keys. Another process may come first."""
        if not self.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            written(self.path, line_of(new_key()), os.link)
        return self.keys()

    def rotate(self) -> str:
        """Add a new key, which is in use from now on; return its name."""
        self.keys()
        key = new_key()
        written(self.path, self.path.read_text(encoding="ascii") + line_of(key), os.replace)
        return name_of(key)


def new_key() -> bytes:
    """Return a key that nobody can guess."""
    return secrets.token_bytes(KEY_BYTES)


def name_of(key: bytes) -> str:
    """Return the name of a key, which tells nothing of it."""
    return hmac.digest(key, b"the name of a key of mappa's audit trail", "sha256").hex()[:NAME_LENGTH]


def line_of(key: bytes) -> str:
    """Return a key as its line in the file."""
    return f"{name_of(key)} {key.hex()}\n"


def written(path: Path, text: str, put: Callable[[Path, Path], None]) -> None:
    """Write a file for its owner alone beside its place, and put it there whole."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            put(beside, path)
        except FileExistsError:
            # A process that started with this one has made it: there must be one key only.
            return
    finally:
        beside.unlink(missing_ok=True)


def parsed(path: Path) -> Keys:
    """Return what a file of keys holds."""
    found: dict[str, bytes] = {}
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        for line in filter(str.strip, lines):
            name, key = line.split()
            found[name] = bytes.fromhex(key)
    except (OSError, ValueError):
        found = {}
    if not found or any(len(key) != KEY_BYTES or name_of(key) != name for name, key in found.items()):
        raise AuditKeyError(
            f"{path.absolute()} does not hold the keys of an audit trail, or a line of it is damaged",
            to_do="copy the file again from where it is kept",
        )
    return Keys(found)
