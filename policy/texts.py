"""Reading texts: whole numbers, their bare words, how much of one stands in another; and the cells of an export."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

from policy.characters import folded

HIGHEST_NUMBER = 2**31 - 1
"""No row of the record has a higher number: PostgreSQL keeps no higher one, and fails when it is asked for one."""
WORD = re.compile(r"(?:[^\W_]|')+")
POSSESSIVE = re.compile(r"['\u2019]s?\b", re.IGNORECASE)
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
# A text shorter than this, in characters, may come again: "No contact".
SHORTEST_COPY = 15
# From this share of words in common a text stands as it did: our default. A word more in ten does not make it new.
STANDS_FROM = 0.9
# Words without which a text says the same.
LIGHT = frozenset({"a", "an", "and", "are", "as", "at", "be", "by", "in", "is", "it", "of", "on", "or", "the", "to"})
# Words beside the name of somebody who died that show that the text knows it.
KNOWS_OF_THE_DEATH = frozenset({"died", "dead", "death", "deceased"})
# A spreadsheet takes a cell that begins so for a formula; the last four are the wide signs of East Asian keyboards.
BEGINS_A_FORMULA = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
FORMULA = re.compile(f"[{BEGINS_A_FORMULA}]")
QUOTED = re.compile(f"'+[{BEGINS_A_FORMULA}]")


def whole_number(text: str, most: int) -> int | None:
    """Return a number of ASCII digits, with zeros in front or not; None where it is none, or more than ``most``."""
    digits = text.lstrip("0") or text[-1:]
    if not text.isascii() or not text.isdigit() or len(digits) > len(str(most)) or int(digits) > most:
        return None
    return int(digits)


def plain(text: str) -> str:
    """Return the words of a text, without case, signs and spacing: for comparing two texts, or two names."""
    return " ".join(WORD.findall(folded(text)))


def same(one: str | None, other: str | None) -> bool:
    """Tell whether two names, of people or places, are one, or neither is given."""
    return one == other or (one is not None and other is not None and plain(one) == plain(other))


def bare(text: str) -> str:
    """Return the words of a text without the endings of possession: for looking for a name in it."""
    return plain(POSSESSIVE.sub("", text))


def weighty(text: str) -> list[str]:
    """Return the words of a text that carry it: single letters and the lightest words are left out."""
    return [word for word in WORD.findall(folded(text)) if word not in LIGHT and (len(word) > 1 or word.isdigit())]


def stands(before: str, now: str) -> bool:
    """Tell whether a text stands as it did, or nearly: in whatever order, with a word put in here or there."""
    if len(plain(now)) < SHORTEST_COPY:
        return False
    was, words = weighty(before), weighty(now)
    in_common = (Counter(was) & Counter(words)).total()
    return bool(words) and 2 * in_common >= STANDS_FROM * (len(was) + len(words))


def standing_sentences(before: str, now: str) -> list[str]:
    """Return the sentences of a text that stand as they did, of a text that is otherwise new."""
    was = SENTENCE.split(before)
    return [one.strip() for one in SENTENCE.split(now) if any(stands(old, one) for old in was)]


def names_the_dead(texts: Mapping[str, str], dead: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that name somebody who died without saying so; ``dead`` has the day of each death by name."""
    for section, text in texts.items():
        words = f" {bare(text)} "
        for person, on in dead.items():
            name = bare(person)
            known = KNOWS_OF_THE_DEATH & set(words.split()) or f" late {name} " in words
            if f" {name} " in words and not known:
                yield f"{section}: it names {person}, who died on {on}: strike it, or say there what the death changes"


def spreadsheet_cell(value: object) -> str:
    """Return a value as a cell of a CSV file that no spreadsheet takes for a formula; a number is none."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float) or not (FORMULA.match(text) or QUOTED.match(text)):
        return text
    return f"'{text}"


def from_spreadsheet_cell(text: str) -> str:
    """Return the text that ``spreadsheet_cell`` wrote as a cell."""
    return text[1:] if QUOTED.match(text) else text


def csv_line(values: Iterable[object]) -> str:
    """Return a line of a CSV file, with its end: every export of the program is written by this."""
    line = StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([spreadsheet_cell(value) for value in values])
    return line.getvalue()
