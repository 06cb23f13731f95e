"""What a column takes, in words: for the reference page and for the notes of a template."""

from functools import partial
from typing import Any

from casework.loading import board_business, offences, population, sentence_columns
from casework.loading.cells import Words, age, email_address, months
from casework.loading.columns import Closed, Reader
from policy import identifiers
from policy.dates import iso_day
from policy.telephones import FEWEST_DIGITS, MOST_DIGITS, telephone_number

FORMS_OF_VALUES: dict[Any, str] = {
    iso_day: "date",
    months: "whole months, from 1 to the longest term of the policy (`dates.longest_term_months`)",
    age: "whole years, 0 to 120",
    email_address: "e-mail address",
    telephone_number: f"telephone number of {FEWEST_DIGITS} to {MOST_DIGITS} digits, such as `01632 960101` or "
    "`+44 1632 960101`",
    identifiers.crn: "a letter and six digits, such as `X320741`",
    identifiers.noms_number: "such as `G5555TT`",
    identifiers.pnc_number: "year, seven digits and check letter, such as `2021/0000001V`",
    board_business.item_number: f"whole number, 1 to {board_business.MOST_ITEMS}",
    population.year: f"year, from {population.FIRST_YEAR} on",
    population.people: "number of people, in digits alone",
    offences.offence_code: "CJS offence code, such as `SX03001`",
    sentence_columns.offence_code: "text, at most 12 characters; an unknown code is put to a person",
}
"""By the function that reads them; what is to be typed stands between back quotes."""


def in_words(reader: Reader) -> str:
    """Return what a reader takes, in words; an unknown reader is an error here, not a gap on a page."""
    if isinstance(reader, Closed):
        return f"one of {', '.join(reader.values)}"
    if isinstance(reader, Words):
        return f"text, at most {reader.longest} characters"
    function: Any = reader.func if isinstance(reader, partial) else getattr(reader, "__wrapped__", reader)
    return FORMS_OF_VALUES[function]
