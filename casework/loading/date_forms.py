"""Dates as a source writes them: a form such as DD/MM/YYYY, and the day that a text in that form tells."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from policy.dates import WRITTEN_DAY

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "sept")  # fmt: skip
PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "MMM": r"(?P<name>[A-Za-z]{3,9})\.?",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "hh": "[0-9]{1,2}",
    "mm": "[0-9]{2}",
    "ss": "[0-9]{2}",
}
"""What a form is made of: year, month in letters, month, day, and a time of day, which is left out."""
TOKEN = re.compile("|".join(PARTS))
SIGNS = re.compile(r"[ ./,:T-]*", re.ASCII)
KNOWN = "DD/MM/YYYY, DD-MMM-YYYY, DD MMM YYYY, YYYYMMDD, DD/MM/YYYY hh:mm"
"""Forms to name to a person."""


@dataclass(frozen=True, slots=True)
class DateForm:
    """A form of dates, and what finds its parts in a text."""

    written: str
    pattern: re.Pattern[str]


def date_form(text: str) -> DateForm:
    """Return a form of dates; ``ValueError`` with what is wrong with it, for whoever wrote it.

    A year has four digits: of two nobody can say which century is meant.
    """
    parts = TOKEN.findall(text)
    if SIGNS.fullmatch(TOKEN.sub("", text)) is None:
        raise ValueError(f"{text!r} is not a form of dates, such as {KNOWN}; a year has four digits")
    if sorted(part for part in parts if part.isupper()) not in (["DD", "MM", "YYYY"], ["DD", "MMM", "YYYY"]):
        raise ValueError(f"{text!r} must have a day (DD), a month (MM or MMM) and a year (YYYY), each once")
    return DateForm(text, compiled(text))


@lru_cache(maxsize=64)
def compiled(text: str) -> re.Pattern[str]:
    """Return the pattern of a form."""
    made, at = "", 0
    for found in TOKEN.finditer(text):
        made += re.escape(text[at : found.start()]) + PARTS[found[0]]
        at = found.end()
    return re.compile(made + re.escape(text[at:]), re.ASCII)


def day_in(text: str, form: DateForm) -> str:
    """Return the day that a text in a form tells, as 2027-03-12; ``ValueError`` where it tells none.

    A text that is written as 2027-03-12 already is taken as it is: no form has its year in front of its month and means
    another day.
    """
    if WRITTEN_DAY.fullmatch(text):
        return text
    found = form.pattern.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is not a date in the form {form.written}, nor in the form 2027-03-12")
    try:
        return date(int(found["year"]), month_of(found), int(found["day"])).isoformat()
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar") from None


def month_of(found: re.Match[str]) -> int:
    """Return the month of a text in a form, told in digits or in letters; ``ValueError`` where it is none."""
    told = found.groupdict()
    if "month" in told:
        return int(told["month"])
    name = told["name"].lower()
    if name not in MONTHS and name not in LONG:
        raise ValueError(name)
    return MONTHS.index(name[:3]) + 1
