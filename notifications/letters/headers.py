"""How the headers of an e-mail are stored and folded."""

from email.charset import QP, Charset
from email.header import Header
from email.headerregistry import HeaderRegistry
from email.policy import EmailPolicy
from functools import lru_cache
from typing import Any

SUBJECT = "Subject"
SHORT_HEADER = 76
LONGEST_LINE = 78
UTF_8 = Charset("utf-8")
UTF_8.header_encoding = QP


class CachedHeaders(HeaderRegistry):
    """Headers parsed once: the same few values stand in thousands of messages."""

    __call__ = lru_cache(maxsize=4096)(HeaderRegistry.__call__)
    __getitem__ = lru_cache(maxsize=256)(HeaderRegistry.__getitem__)


class MailPolicy(EmailPolicy):
    """E-mail as SMTP wants it. A short printable ASCII header needs no parsing to be stored.

    Anything else (a line break above all) goes the long way, which encodes or refuses it.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Return the header as it is stored."""
        if type(value) is str and is_plain(value) and len(name) + len(value) < SHORT_HEADER:
            return name, value
        return super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as it leaves.

        The library puts a subject that is a little too long whole on the second line. The space that leads that line
        then stands in front of it, as nothing but the line break is taken out (RFC 5322, 2.2.3). It also doubles a
        space where one part of a subject has to be encoded.
        """
        if name != SUBJECT:
            return super().fold_binary(name, value)
        folded = in_lines(value) if is_plain(value) else Header(value, UTF_8, header_name=SUBJECT).encode()
        return f"{SUBJECT}: {folded}\n".replace("\n", self.linesep).encode()


def is_plain(value: str) -> bool:
    """Tell whether a value of a header can leave as it stands."""
    return value.isascii() and value.isprintable() and "=?" not in value


def in_lines(subject: str) -> str:
    """Return a subject in lines of at most 78 characters, unless one word is longer, from the line of its name on."""
    lines = [f"{SUBJECT}:"]
    for number, word in enumerate(subject.split(" ")):
        if number and len(lines[-1]) + 1 + len(word) > LONGEST_LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "\n".join(lines).removeprefix(f"{SUBJECT}: ")


POLICY = MailPolicy(linesep="\r\n", header_factory=CachedHeaders())
