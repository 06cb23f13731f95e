"""The key of a form: only a page that the desk gave to this session can be submitted in it.

A masked HMAC of the session's token: the same page never has the same bytes, so compression tells nothing of it.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256

FIELD = "form_key"
SAME_SITE = ("same-origin", "none")


def of_session(token: str) -> bytes:
    """Return the key of a session's forms."""
    return hmac.digest(token.encode(), b"form", sha256)


def masked(token: str) -> str:
    """Return the key as one page carries it."""
    mask = secrets.token_bytes(sha256().digest_size)
    return urlsafe_b64encode(mask + mixed(mask, of_session(token))).decode()


def is_right(token: str, given: str) -> bool:
    """Tell whether a page that carried a key belongs to a session."""
    try:
        raw = urlsafe_b64decode(given.encode())
    except (Error, ValueError):
        return False
    size = sha256().digest_size
    return len(raw) == 2 * size and hmac.compare_digest(mixed(raw[:size], raw[size:]), of_session(token))


def mixed(one: bytes, other: bytes) -> bytes:
    """Return two texts of one length, each byte with the other's."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def comes_from_here(fetch_site: str | None) -> bool:
    """Tell whether a browser says that a form was sent from the desk's own pages; an old browser says nothing."""
    return fetch_site is None or fetch_site in SAME_SITE
