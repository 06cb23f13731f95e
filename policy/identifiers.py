"""Identifiers of a person: their format and check letter (as the systems of HMPPS hold them).

They are ASCII: a digit of another script is another character to every system that looks one up. Every function
returns the canonical form or raises ``ValueError`` with a sentence that says what is wanted.
"""

import re
from datetime import date

from policy.characters import outside_ascii, tidied

CRN = re.compile(r"[A-Z]\d{6}", re.ASCII)
NOMS = re.compile(r"[A-Z]\d{4}[A-Z]{2}", re.ASCII)
PNC = re.compile(r"(\d{4}|\d{2})/?(\d{7})([A-Z])", re.ASCII)
CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


def looked_up(text: str) -> str:
    """Return a CRN or a case reference as the record writes it, whatever it may be: to look for it."""
    # Only ASCII has capitals: the dotless i of another alphabet would become an I.
    value = tidied(text)
    return value.upper() if value.isascii() else value


def in_ascii(text: str, what: str) -> str:
    """Return an identifier in capitals; ``ValueError`` names the first character that none has."""
    value = tidied(text)
    if found := outside_ascii(value):
        raise ValueError(f"{text!r} is not {what}: {found}; only the letters A to Z and the digits 0 to 9 are used")
    return value.upper()


def crn(text: str) -> str:
    """Return a Case Reference Number: one capital letter and six digits, such as X320741."""
    value = in_ascii(text, "a CRN")
    if not CRN.fullmatch(value):
        raise ValueError(f"{text!r} is not a CRN: one letter and six digits are wanted, such as X320741")
    return value


def noms_number(text: str) -> str:
    """Return a prison (NOMIS) number: letter, four digits, two letters, such as G5555TT."""
    value = in_ascii(text, "a NOMIS number")
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
    value = in_ascii(text, "a PNC number")
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
