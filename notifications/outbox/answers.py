"""What a mail server's answer says: whose fault a refusal may be, and its text without any part of an address."""

import re
import unicodedata
from collections.abc import Iterator

STATUS = re.compile(r"\s*[45]\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)
"""An enhanced status code (RFC 3463): its class, subject and detail."""
# What is about the sender, the connection or the server's own state (RFC 3463, RFC 5248 and the registry of IANA;
# 7.57, 7.64 and 7.6xx to 7.7xx as Exchange Online gives them): no message would get past it.
OF_THE_ROUTE = frozenset(
    {(1, 7), (1, 8), (3, 2), (3, 5), (4, 3), (4, 5), (7, 3), (7, 4), (7, 8), (7, 9), (7, 11), (7, 13), (7, 14)}
    | {(7, detail) for detail in range(20, 30)}
    | {(7, 57), (7, 64)}
)
OF_THE_ADDRESS = 1
OF_THE_MAILBOX = 2
SECURITY_OR_POLICY = 7
LEAST_OF_EXCHANGE = 600
CLOSING_DOWN = 421
# "Authentication required" and its kin (RFC 4954): the server refuses the sender, whatever the message.
LOGIN_WANTED = (530, 534, 535, 538)
TRANSACTION_FAILED = 554
RELAYING = re.compile(r"\brelay|rcpthosts", re.IGNORECASE)
DETAIL_LENGTH = 300
MASK = "(address)"
WORD = re.compile(r"([<>(\[\"']*)(.*?)([<>)\]\"':;,.!?]*)")
BETWEEN_PIECES = re.compile(r"[^a-z0-9]+")
LONG_PIECE = 3


def is_of_the_route(code: int, answer: str | bytes) -> bool:
    """Tell whether a refusal says by itself that no message would get past it."""
    if code == CLOSING_DOWN or code in LOGIN_WANTED or code < 0:
        return True
    status = status_of(answer)
    return status in OF_THE_ROUTE or (status[0] == SECURITY_OR_POLICY and status[1] >= LEAST_OF_EXCHANGE)


def may_mean_everybody(code: int, answer: str | bytes) -> bool:
    """Tell whether a refusal of one recipient may be about the route: a policy, or relaying that is denied.

    One that names the address or its mailbox is not, unless the server gives it to everybody.
    """
    subject, _ = status_of(answer)
    if RELAYING.search(plain(answer)):
        return True
    if subject in (OF_THE_ADDRESS, OF_THE_MAILBOX):
        return False
    return subject == SECURITY_OR_POLICY or code == TRANSACTION_FAILED


def status_of(answer: str | bytes) -> tuple[int, int]:
    """Return subject and detail of the enhanced status code of an answer; zeros where it gives none."""
    found = STATUS.match(plain(answer))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def plain(answer: str | bytes) -> str:
    """Return an answer as text."""
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def one_line(answer: str | bytes, *addresses: str) -> str:
    """Return an answer fit for logs and reasons: one line, and no part of an address in it.

    A server quotes an address whole, cut short, in other letters or its left part alone; so each word goes that holds
    an @, or a piece of one of the ``addresses`` that the server was told.
    """
    pieces = {piece for address in addresses for piece in pieces_of(address)}
    return " ".join(without_address(word, pieces) for word in plain(answer).split())[:DETAIL_LENGTH]


def pieces_of(address: str) -> Iterator[str]:
    """Yield what an address may be known by: the pieces of its left part, and its domain."""
    left, _, domain = folded(address).rpartition("@")
    if domain:
        yield domain
    # A number of one or two digits tells nobody from anybody, and status codes are made of them.
    yield from (piece for piece in BETWEEN_PIECES.split(left) if len(piece) >= LONG_PIECE or piece.isalpha())


def without_address(word: str, pieces: set[str]) -> str:
    """Return a word, or what stands for it where it holds part of an address."""
    lower = folded(word)
    own = set(BETWEEN_PIECES.split(lower))
    if "@" in lower or any(piece in (lower if len(piece) >= LONG_PIECE else own) for piece in pieces):
        found = WORD.fullmatch(word)
        return f"{found[1]}{MASK}{found[3]}" if found else MASK
    return word


def folded(text: str) -> str:
    """Return a text in which letters that look alike to a server are one."""
    return unicodedata.normalize("NFKC", text).casefold()
