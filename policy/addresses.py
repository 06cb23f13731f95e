"""What an e-mail address is: checked when it enters the record, and again before anything is sent to it.

Only the form is checked, nothing is asked of the network. Reserved names (.example, .test) are well-formed:
invented areas use them, and nothing sent there can reach anyone. A local part outside ASCII is refused: few
mail servers of agencies take one. One mailbox has one address here: no server of an agency tells two apart by the case
of letters, and the apostrophe of a word processor is meant as a plain one. Whether an address may be written to is the
outbox's question.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from policy.characters import APOSTROPHES, tidied
from policy.errors import Signal

if TYPE_CHECKING:
    from email_validator import ValidatedEmail


class NoAddress(Signal):
    """What was written is no e-mail address."""


@lru_cache(maxsize=50_000)
def _checked(text: str) -> "ValidatedEmail":
    # Every command reads the settings, which may hold an address; few have one to check.
    import email_validator

    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    try:
        return email_validator.validate_email(normal(text), check_deliverability=False, allow_smtputf8=False)
    except email_validator.EmailNotValidError as error:
        raise NoAddress(str(error)) from error


def normal(text: str) -> str:
    """Return an address in its normal form, in which two are compared, without a look at whether it is one."""
    return tidied(text).translate(APOSTROPHES).lower()


def email_address(text: str) -> str:
    """Return the address in its normal form; ``ValueError`` with the reason where it is none."""
    try:
        return normal(_checked(text).normalized)
    except NoAddress as error:
        raise ValueError(f"{text!r} is not an e-mail address: {error}") from error


def ascii_address(text: str) -> str | None:
    """Return the address as it goes to a mail server, or None if it is not an address."""
    try:
        found = _checked(text).ascii_email
    except NoAddress:
        return None
    return found.lower() if found is not None else None
