"""Identifiers of a person: their format and check letter (as the systems of HMPPS hold them).

Every function returns the canonical form or raises ``ValueError`` with a sentence that says what is wanted.
"""

import re
from datetime import date

CRN = re.compile(r"[A-Z]\d{6}")
NOMS = re.compile(r"[A-Z]\d{4}[A-Z]{2}")
PNC = re.compile(r"(\d{4}|\d{2})/?(\d{7})([A-Z])")
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def crn(text: str) -> str:
    """Return a Case Reference Number: one capital letter and six digits, such as X320741."""
    value = text.strip().upper()
    if not CRN.fullmatch(value):
        raise ValueError(f"{text!r} is not a CRN: one letter and six digits are wanted, such as X320741")
    return value


def noms_number(text: str) -> str:
    """Return a prison (NOMIS) number: letter, four digits, two letters, such as G5555TT."""
    value = text.strip().upper()
    if not NOMS.fullmatch(value):
        raise ValueError(f"{text!r} is not a NOMIS number: A1234BC is wanted, letter, four digits, two letters")
    return value


def pnc_check_letter(two_digit_year: str, serial: str) -> str:
    """Return the check letter for a year ``YY`` and a serial of seven digits."""
    return CHECK_LETTERS[int(two_digit_year + serial) % 23]


def pnc_number(text: str, today: date) -> str:
    """Return a PNC number in the form ``YYYY/NNNNNNNX``; a two-digit year and a missing slash are accepted.

    A two-digit year later than ``today``'s belongs to the century before.
    """
    value = text.strip().upper()
    match = PNC.fullmatch(value)
    if not match:
        raise ValueError(f"{text!r} is not a PNC number: a year, seven digits and a check letter, 2012/0123456X")
    year, serial, letter = match.groups()
    wanted = pnc_check_letter(year[-2:], serial)
    if letter != wanted:
        raise ValueError(f"{text!r} is not a PNC number: its check letter is {letter}, the digits ask for {wanted}")
    if len(year) == 2:
        year = f"{'20' if int(year) <= today.year % 100 else '19'}{year}"
    return f"{year}/{serial}{letter}"
