"""What no database can keep: half a character, a zero byte, a number without measure, lists in lists without end.

A form that holds any of it is refused by its field like any other; the draft keeps the rest.
"""

from collections.abc import Iterator
from typing import Any

DEEPEST = 20
LARGEST = 2**63 - 1


def not_keepable(value: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    """Yield each part of a form that cannot be kept, with the path to it."""
    where = f"{path}: " if path else ""
    if depth > DEEPEST:
        yield f"{where}there are more than {DEEPEST} lists or sections inside one another"
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from not_keepable(str(name), path)
            yield from not_keepable(one, f"{path}.{kept_text(str(name))}" if path else kept_text(str(name)), depth + 1)
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from not_keepable(one, f"{path}.{place}" if depth < 2 else path, depth + 1)
    elif isinstance(value, str) and kept_text(value) != value:
        yield f"{where}a character of it is not whole (such as half of an emoji) or is a zero byte: type it again"
    elif isinstance(value, int) and abs(value) > LARGEST:
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
    return str(value) if isinstance(value, int) and abs(value) > LARGEST else value


def kept_text(text: str) -> str:
    """Return a text with a question mark for each character that cannot be kept."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")
