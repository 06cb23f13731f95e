"""Nothing is copied forward in silence (Joint inspection 2015, 5.14, 5.20): words that stand are confirmed by somebody.

The plan of a case once forbade contact with somebody who had died; words that nobody reads again do such things.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any

from casework.recording.forms import Name, Reason, Section, label
from policy.texts import plain, standing_sentences, stands


class Confirmed(Section):
    """Who confirmed that words of the last time are still true, and how they know."""

    confirmed_by: Annotated[Name, label("Confirmed by", "Who knows that the words are still true.", "Olive Example")]
    because: Annotated[
        Reason, label("How they know", "What they checked, and when.", "I saw the tenancy agreement on 20 January.")
    ]


def same_words(before: str, now: str) -> str:
    """Return how alike two texts are of which one stands as the other, in words."""
    return "the same words" if plain(before) == plain(now) else "nearly the same words"


def unconfirmed(
    before: Mapping[str, str],
    now: Mapping[str, str],
    confirmed: Collection[str],
    when: Any,
    never: Collection[str] = (),
) -> Iterator[str]:
    """Yield the sections that stand as they did, or nearly, without somebody confirming that they are still true.

    Those in ``never`` are written anew every time, confirmed or not (a disclosure: Joint inspection 2015, 5.24).
    """
    for name, text in now.items():
        if name not in before or not stands(before[name], text):
            continue
        same = same_words(before[name], text)
        if name in never:
            yield f"{name}: {same} as on {when}: a disclosure is considered, and reasoned, at every meeting"
        elif name not in confirmed:
            yield (
                f"{name}: {same} as on {when}: change them, or confirm in 'carried_forward' under this name "
                "who knows that they are still true"
            )


def confirms_nothing(before: Mapping[str, str], now: Mapping[str, str], confirmed: Collection[str]) -> Iterator[str]:
    """Yield confirmations of what did not stand there before: a slip of the name would hide a copy."""
    for name in confirmed:
        was, text = before.get(name, ""), now.get(name, "")
        if not stands(was, text) and not standing_sentences(was, text):
            yield f"carried_forward.{name}: no section of this name is the same as last time"
