"""What no form holds, whoever sends it: what nobody writes, what no database keeps, and more than anybody types.

A control character, half a character, a number without measure, lists in lists without end, a book for a text. A form
that holds any of it is refused by its field like any other; the draft keeps the rest, and all of it as it came.
"""

import math
from collections.abc import Iterator
from typing import Any

from policy.characters import unwritten
from policy.numbers import TextNumbers
from policy.texts import HIGHEST_NUMBER

DEEPEST = 20
LARGEST = 2**63 - 1
"""What a draft keeps as a number."""
LONGEST_QUOTED = 40
MOST_BITS = 10_000


def not_keepable(value: Any, limits: TextNumbers, path: str = "", depth: int = 0) -> Iterator[str]:
    """Yield each part of a form that cannot be kept, or is longer than the policy accepts, with the path to it."""
    where = f"{path}: " if path else ""
    if depth > DEEPEST:
        yield f"{where}there are more than {DEEPEST} lists or sections inside one another"
    elif isinstance(value, dict | list) and len(value) > limits.most_rows:
        yield f"{where}there are {len(value):,} of them; {limits.most_rows:,} is the most"
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from not_keepable(str(name), limits, path)
            step = kept_text(str(name))[:LONGEST_QUOTED]
            yield from not_keepable(one, limits, f"{path}.{step}" if path else step, depth + 1)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from not_keepable(one, limits, f"{path}.{place}" if depth < 2 else path, depth + 1)
    elif isinstance(value, str):
        if len(value) > limits.longest:
            yield f"{where}it has {len(value):,} characters; {limits.longest:,} is the most"
        elif wrong := unwritten(value):
            yield f"{where}{wrong}"
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{where}this is no number that can be written down"
    elif isinstance(value, int) and abs(value) > HIGHEST_NUMBER:
        yield f"{where}the number is too large"


def kept(value: Any, depth: int = 0) -> Any:
    """Return what can be kept of a value: a question mark for a character that cannot be, text for a number."""
    if depth > DEEPEST:
        return "(too deep to be kept)"
    if isinstance(value, dict):
        return {kept_text(str(name)): kept(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [kept(one, depth + 1) for one in value]
    if isinstance(value, str):
        return kept_text(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and abs(value) > LARGEST:
        # Python writes out no number of more digits than that.
        return str(value) if value.bit_length() < MOST_BITS else f"(a number of {value.bit_length():,} bits)"
    return value


def kept_text(text: str) -> str:
    """Return a text with a question mark for each character that cannot be kept."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")
