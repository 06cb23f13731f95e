"""Which addresses may be written to: well-formed, and inside the allowed domains."""

from collections.abc import Sequence

from policy.addresses import ascii_address
from policy.errors import Signal


class AddressRefused(Signal):
    """An address may not be written to; the message says why and never quotes the address."""


def is_allowed(domain: str, allowed: Sequence[str]) -> bool:
    """Tell whether a domain is in the list; an entry with a leading dot stands for all names below it too.

    An empty list allows every domain.
    """
    if not allowed:
        return True
    return any(domain == entry.lstrip(".") or (entry[0] == "." and domain.endswith(entry)) for entry in allowed)


def writable_address(address: str, allowed: Sequence[str]) -> str:
    """Return the address to hand to the mail server; ``AddressRefused`` where nothing may be sent to it."""
    if not address:
        raise AddressRefused("nobody on the line has an address")
    checked = ascii_address(address)
    if checked is None:
        raise AddressRefused("the address is not a valid e-mail address")
    domain = checked.rpartition("@")[2].lower()
    if not is_allowed(domain, allowed):
        raise AddressRefused("the domain of the address is not among the allowed domains (MAPPA_ALLOWED_DOMAINS)")
    return checked
