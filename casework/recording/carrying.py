"""Nothing is copied forward in silence (joint inspection 2015 5.14, 5.20): words that stand are confirmed by somebody.

The plan of a case once forbade contact with somebody who had died; words that nobody reads again do such things.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from casework.recording.forms import Name, Reason, Section, bare, plain

SHORTEST_COPY = 15
# Words beside the name of somebody who died that show that the text knows it.
KNOWS_OF_THE_DEATH = frozenset({"died", "dead", "death", "deceased"})


class Confirmed(Section):
    """Who confirmed that words of the last time are still true, and how they know."""

    confirmed_by: Name
    because: Reason


def unconfirmed(
    before: Mapping[str, str],
    now: Mapping[str, str],
    confirmed: Collection[str],
    when: Any,
    never: Collection[str] = (),
) -> Iterator[str]:
    """Yield the sections that stand as they did without somebody confirming that they are still true.

    Those in ``never`` are written anew every time, confirmed or not (a disclosure, 5.24).
    """
    for name, text in now.items():
        same = name in before and plain(before[name]) == plain(text) and len(plain(text)) >= SHORTEST_COPY
        if same and name in never:
            yield f"{name}: the same words as on {when}: a disclosure is considered, and reasoned, at every meeting"
        elif same and name not in confirmed:
            yield (
                f"{name}: the same words as on {when}: change them, or confirm in 'carried_forward' under this name "
                "who knows that they are still true"
            )


def confirms_nothing(before: Mapping[str, str], now: Mapping[str, str], confirmed: Collection[str]) -> Iterator[str]:
    """Yield confirmations of what did not stand there before: a slip of the name would hide a copy."""
    for name in confirmed:
        if name not in now or name not in before or plain(before[name]) != plain(now[name]):
            yield f"carried_forward.{name}: no section of this name stands as it did the last time"


def names_the_dead(texts: Mapping[str, str], dead: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts that name somebody who died without saying so; ``dead`` has the day of each death by name."""
    for section, text in texts.items():
        words = f" {bare(text)} "
        for person, on in dead.items():
            name = bare(person)
            known = KNOWS_OF_THE_DEATH & set(words.split()) or f" late {name} " in words
            if f" {name} " in words and not known:
                yield f"{section}: it names {person}, who died on {on}: strike it, or say there what the death changes"
