"""E-mail addresses are checked when they enter the record (promise 4 of the design)."""

from functools import lru_cache

import email_validator
from email_validator import EmailNotValidError, validate_email

# Invented areas write to reserved domains (.example, .test): they are well-formed, and nothing sent there
# can reach anyone. Whether an address may be written to at all is the outbox's question, not this one's.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


@lru_cache(maxsize=50_000)
def email_address(text: str) -> str:
    """Return the address in its normal form; ``ValueError`` with the reason where it is none.

    The domain is not looked up: loading must work without a network.
    """
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"{text!r} is not an e-mail address: {error}") from error
