"""What is sent to be recorded: read once, and not larger than any form; and which of its fields is wrong."""

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.requests import Request

from casework.errors import PLACED
from casework.recording.as_typed import LARGEST_FORM
from web.api.errors import FieldError, NotJsonError, TooLargeError


async def body_of(request: Request) -> bytes:
    """Return the body of a call; ``TooLargeError`` as soon as it has more than any form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJsonError("send the form as Content-Type: application/json")
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > LARGEST_FORM:
            raise TooLargeError(f"a body has {LARGEST_FORM:,} bytes at most")
    return bytes(found)


def field_errors(reasons: Sequence[str], form: dict[str, Any], kind: str) -> Iterator[FieldError]:
    """Yield the reasons for which a form was refused, each with its field as a JSON pointer; "#" is the whole form."""
    for reason in reasons:
        placed = PLACED.fullmatch(reason)
        # A form may have a field that is called as its kind.
        if placed is None or (placed["path"] == kind and kind not in form):
            yield FieldError(detail=reason.removeprefix(f"{kind}: "), pointer="#")
        else:
            yield FieldError(detail=placed["what"], pointer=pointer(placed["path"].split("."), form))


def pointer(steps: Sequence[str], form: Any) -> str:
    """Return a path as a JSON pointer, as far as the form goes and one step beyond: to what is missing."""
    found, at = "#", form
    for step in steps:
        if isinstance(at, list) and step.isascii() and step.isdigit() and int(step) < len(at):
            at = at[int(step)]
        elif isinstance(at, dict):
            at = at.get(step)
        else:
            break
        found += "/" + step.replace("~", "~0").replace("/", "~1")
    return found
