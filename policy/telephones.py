"""What a telephone number is: written as people in the United Kingdom dial it, or with the code of a country."""

import re

WRITTEN = re.compile(r"\+?[0-9]+( [0-9]+)*")
FEWEST_DIGITS, MOST_DIGITS = 7, 15
"""A number that is dialled with its area code has seven digits or more; ITU-T E.164 ends at fifteen."""


def telephone_number(text: str) -> str:
    """Return the number with single spaces; ``ValueError`` with the reason where it is none."""
    number = " ".join(text.split())
    if not WRITTEN.fullmatch(number):
        raise ValueError(f"{text!r} is not a telephone number: use digits and spaces, and + before a country code")
    digits = sum(character.isdigit() for character in number)
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        allowed = f"{FEWEST_DIGITS} to {MOST_DIGITS}"
        raise ValueError(f"{text!r} is not a telephone number: it has {digits} digits, not {allowed}")
    if number[0] not in "+0":
        raise ValueError(
            f"{text!r} is not a telephone number: it does not begin with 0 or +; a spreadsheet may have dropped the 0"
        )
    return number
