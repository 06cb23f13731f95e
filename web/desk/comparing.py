"""Two versions of a text, paragraph by paragraph: what was left out, what was added, what stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LONGEST = 4000
"""Words of two paragraphs beyond which they are shown whole: to compare them word by word would take too long."""


class What(StrEnum):
    """What became of some words."""

    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Words:
    """Some words that stand together, and what became of them."""

    what: What
    text: str


Paragraph = list[Words]


def changes(old: str, new: str) -> list[Paragraph]:
    """Return the paragraphs of two texts in one list, those of the newer in their order."""
    return list(paragraphs_of(paragraphs(old), paragraphs(new)))


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, without the line breaks that only its width makes."""
    found = (" ".join(part.split()) for part in text.split("\n\n"))
    return [part for part in found if part]


def paragraphs_of(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    """Yield the paragraphs of both; of one that was changed, its words."""
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield from ([Words(What.SAME, part)] for part in new[c:d])
            continue
        pairs = min(b - a, d - c)
        for place in range(pairs):
            yield list(words_of(old[a + place].split(), new[c + place].split()))
        yield from ([Words(What.OUT, part)] for part in old[a + pairs : b])
        yield from ([Words(What.IN, part)] for part in new[c + pairs : d])


def words_of(old: Sequence[str], new: Sequence[str]) -> Iterator[Words]:
    """Yield the words of a paragraph that was changed."""
    if len(old) + len(new) > LONGEST:
        yield from (Words(What.OUT, " ".join(old)), Words(What.IN, " ".join(new)))
        return
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if old[a:b] == new[c:d]:
            yield Words(What.SAME, " ".join(new[c:d]))
            continue
        if b > a:
            yield Words(What.OUT, " ".join(old[a:b]))
        if d > c:
            yield Words(What.IN, " ".join(new[c:d]))
