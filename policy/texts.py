"""Comparing texts: their bare words, and whether they name somebody who has died."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

WORD = re.compile(r"[a-z0-9']+")
POSSESSIVE = re.compile(r"['\u2019]s?\b", re.IGNORECASE)
# Words beside the name of somebody who died that show that the text knows it.
KNOWS_OF_THE_DEATH = frozenset({"died", "dead", "death", "deceased"})


def plain(text: str) -> str:
    """Return the words of a text, without case, signs and spacing: for comparing two texts."""
    return " ".join(WORD.findall(text.lower()))


def bare(text: str) -> str:
    """Return the words of a text without the endings of possession: for looking for a name in it."""
    return plain(POSSESSIVE.sub("", text))


def names_the_dead(texts: Mapping[str, str], dead: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that name somebody who died without saying so; ``dead`` has the day of each death by name."""
    for section, text in texts.items():
        words = f" {bare(text)} "
        for person, on in dead.items():
            name = bare(person)
            known = KNOWS_OF_THE_DEATH & set(words.split()) or f" late {name} " in words
            if f" {name} " in words and not known:
                yield f"{section}: it names {person}, who died on {on}: strike it, or say there what the death changes"
