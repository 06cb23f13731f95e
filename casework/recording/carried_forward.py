"""Nothing is copied forward in silence (Joint inspection 2015, 5.14, 5.20): words that stand are confirmed by somebody.

The plan of a case once forbade contact with somebody who had died; words that nobody reads again do such things.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any

from casework.recording.forms import Name, Reason, Section, label
from policy.texts import plain

SHORTEST_COPY = 15


class Confirmed(Section):
    """Who confirmed that words of the last time are still true, and how they know."""

    confirmed_by: Annotated[Name, label("Confirmed by", "Who knows that the words are still true.", "Olive Example")]
    because: Annotated[
        Reason, label("How they know", "What they checked, and when.", "I saw the tenancy agreement on 20 January.")
    ]


def unconfirmed(
    before: Mapping[str, str],
    now: Mapping[str, str],
    confirmed: Collection[str],
    when: Any,
    never: Collection[str] = (),
) -> Iterator[str]:
    """Yield the sections that stand as they did without somebody confirming that they are still true.

    Those in ``never`` are written anew every time, confirmed or not (a disclosure: Joint inspection 2015, 5.24).
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
            yield f"carried_forward.{name}: no section of this name is the same as last time"
