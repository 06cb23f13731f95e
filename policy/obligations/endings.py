"""When what holds a person ends, and what still holds them afterwards (CJA 2003 s.327; Joint inspection 2015, 5.21)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policy.vocabulary import Category

SENTENCE = "sentence"
# What ends on one day is one ending, known by the weightiest: the order of the primary category.
WEIGHT = ("category_4", "category_1", "category_2", SENTENCE)


@dataclass(frozen=True, slots=True)
class Held:
    """A category that holds a person and its last day; None: no end."""

    category: Category
    until: date | None


def endings(
    held: Iterable[Held], sentence_ends: Iterable[date | None], categories: Sequence[int], opened_on: date
) -> list[tuple[str, date]]:
    """Return (what ends, the day), the earliest first; what ends on one day is one ending, by the weightiest.

    Each category ends on its last day. Category 3 has none of its own: its day is the last one of the sentence,
    licence or order, on which a person decides what comes after (Jon and Phil: Joint inspection 2015,
    5.21, 5.22). What ended before the case was opened is left out.
    """
    found: dict[date, str] = {}
    for what, on in sorted(ends_of(held, sentence_ends, categories), key=lambda end: WEIGHT.index(end[0])):
        if on >= opened_on:
            found.setdefault(on, what)
    return [(what, on) for on, what in sorted(found.items())]


def ends_of(
    held: Iterable[Held], sentence_ends: Iterable[date | None], categories: Sequence[int]
) -> Iterator[tuple[str, date]]:
    """Yield what ends and when."""
    for one in held:
        if one.until is not None and one.category != Category.OTHER_DANGEROUS:
            yield f"category_{one.category.value}", one.until
    if Category.OTHER_DANGEROUS in categories:
        last = max((end for end in sentence_ends if end is not None), default=None)
        if last is not None:
            yield SENTENCE, last


def still_held(held: Iterable[Held], after: date, decided: Collection[date] = ()) -> list[Category]:
    """Return the categories that hold beyond a day; one whose own end somebody has decided on holds no more."""
    return [one.category for one in held if one.until is None or (one.until > after and one.until not in decided)]


def kept(before: Iterable[Held], now: Sequence[Held], today: date) -> list[Held]:
    """Return what holds now, and what has ended and still waits to be looked at.

    The rules forget a category on the day after its end; the check of that end does not. A category that holds
    anew, or longer, has one end: its last.
    """
    present = {one.category for one in now}
    ended = [one for one in before if one.until is not None and one.until < today and one.category not in present]
    return [*now, *ended]
