"""What an e-mail address is: checked when it enters the record, and again before anything is sent to it.

Only the form is checked, nothing is asked of the network. Reserved names (.example, .test) are well-formed:
invented areas use them, and nothing sent there can reach anyone. A local part outside ASCII is refused: few
mail servers of agencies take one. Whether an address may be written to is the outbox's question.
"""

from functools import lru_cache

import email_validator
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


@lru_cache(maxsize=50_000)
def _checked(text: str) -> ValidatedEmail:
    return validate_email(text, check_deliverability=False, allow_smtputf8=False)


def email_address(text: str) -> str:
    """Return the address in its normal form; ``ValueError`` with the reason where it is none."""
    try:
        return _checked(text.strip()).normalized
    except EmailNotValidError as error:
        raise ValueError(f"{text!r} is not an e-mail address: {error}") from error


def ascii_address(text: str) -> str | None:
    """Return the address as it goes to a mail server, or None if it is not an address."""
    try:
        return _checked(text).ascii_email
    except EmailNotValidError:
        return None
