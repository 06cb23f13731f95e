"""The bytes of a form, as they came, and the form that they hold: read in one way for the command line and the API."""

import json
import math
import re
from typing import Any

from casework.errors import RefusedError
from casework.recording.keepable import DEEPEST, kept_text
from policy.errors import UnreadableError

LARGEST_FORM = 2 * 1024 * 1024
"""Bytes of a form: the largest holds a whole meeting."""
MOST_DIGITS = 1000
PART = re.compile(r'"((?:[^"\\]|\\.)*)"|[\[\]{}]')


def form_of(typed: bytes) -> dict[str, Any]:
    """Return the form that some bytes hold.

    ``UnreadableError`` says at which line and column they are no JSON. ``RefusedError``: they hold something else than
    a form, or lists in lists without end, which no reader can follow; it names the field.
    """
    try:
        text = typed.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = typed.count(b"\n", 0, error.start) + 1
        raise UnreadableError("this is not UTF-8 text", where=f"line {line}") from error
    try:
        form = json.loads(text, object_pairs_hook=without_doubles, parse_int=whole_number)
    except json.JSONDecodeError as error:
        raise UnreadableError(f"not JSON: {error.msg}", where=f"line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        field = kept_text(too_deep_in(text))
        reason = f"there are more than {DEEPEST} lists or sections inside one another"
        raise RefusedError([f"{field}: {reason}" if field else reason]) from error
    if not isinstance(form, dict):
        raise RefusedError(["this is not a JSON object, as every form is"])
    return form


def too_deep_in(text: str) -> str:
    """Return the field of a form in which lists or sections stand deeper in one another than any form has them."""
    depth, name = 0, ""
    for found in PART.finditer(text):
        if found[1] is not None:
            name = found[1] if depth == 1 else name
        else:
            depth += 1 if found[0] in "[{" else -1
            if depth > DEEPEST + 1:
                break
    return name


def whole_number(digits: str) -> int | float:
    """Return a whole number; one with more digits than any field has is beyond measure, for its field to refuse."""
    return int(digits) if len(digits) < MOST_DIGITS else math.inf


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members; ``UnreadableError`` where a name appears twice: nobody knows which is meant."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise UnreadableError(f"{key!r} appears twice in one object")
        found[key] = value
    return found
