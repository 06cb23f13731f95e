"""A form in somebody's hand: what stands in it, what is wrong with it, and which of its lists get another row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from casework.errors import PLACED
from casework.recording.fact_type import FactType
from policy.texts import whole_number
from web.desk.forms.reading import MOST_ROWS, Typed
from web.desk.forms.shape import Shape, ShapedField
from web.wording import with_long_days

REQUIRED = "Field required"
TOO_FEW = "List should have at least 1 item"
NAMED = re.compile(r"'?\b([a-z]+(?:_[a-z]+)+)\b'?", re.ASCII)
ADD, REMOVE = "add", "remove"


@dataclass(frozen=True, slots=True)
class Pressed:
    """The button that sent a form: to record it, to keep it as a draft, or to add or remove a row of a list."""

    what: str
    path: str = ""
    row: int = 0


def pressed(typed: Typed) -> Pressed:
    """Return the button that sent a form."""
    what, _, rest = typed.text("do").partition(":")
    path, _, row = rest.partition(":")
    return Pressed(what, path, whole_number(row, MOST_ROWS) or 0)


def without_row(data: dict[str, Any], button: Pressed) -> dict[str, Any]:
    """Return what was typed without the row that a button removes."""
    held = held_at(data, button.path)
    if isinstance(held, list) and button.row < len(held):
        del held[button.row]
    elif isinstance(held, dict) and button.row < len(held):
        del held[list(held)[button.row]]
    return data


def rows_to_show(data: dict[str, Any], typed: Typed, button: Pressed) -> int:
    """Return how many empty rows a list has once one is added: those that were left empty stay."""
    filled = held_at(data, button.path)
    return max(typed.rows(button.path) - len(filled or ()), 0) + 1


def held_at(data: dict[str, Any], path: str) -> Any:
    """Return what was typed in the list that a path names; None where nothing was."""
    part: Any = data
    for step in path.split("."):
        if isinstance(part, list):
            place = whole_number(step, MOST_ROWS)
            part = part[place] if place is not None and place < len(part) else None
        else:
            part = part.get(step) if isinstance(part, dict) else None
    return part if isinstance(part, list | dict) else None


def errors_of(fact_type: FactType, fields: Sequence[ShapedField], reasons: Sequence[str]) -> dict[str, list[str]]:
    """Return why a form was refused, by the path of the field; "" for what is about the form as a whole."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        match = PLACED.fullmatch(reason)
        field = None if match is None else field_at(fields, match["path"])
        if match is None or field is None:
            words = with_titles(reason.removeprefix(f"{fact_type.kind.value}: "), fields)
            found.setdefault("", []).append(words)
            continue
        titles, path = field
        found.setdefault(path, []).append(worded(", ".join(titles), with_titles(match["what"], fields)))
    return found


def with_titles(reason: str, fields: Sequence[ShapedField]) -> str:
    """Return a reason with the titles of the fields it speaks of, which have other names in a file, and days in words.

    Names of one word are words of the language too: only those of several are looked for.
    """
    titles = {one.name: one.field.title for one in every_field(fields) if "_" in one.name}
    named = NAMED.sub(lambda found: f"\u201c{titles[found[1]]}\u201d" if found[1] in titles else found[0], reason)
    return with_long_days(named)


def every_field(fields: Sequence[ShapedField]) -> Iterator[ShapedField]:
    """Yield fields with all that are inside them."""
    for one in fields:
        yield one
        yield from every_field(one.inside)


def worded(title: str, what: str) -> str:
    """Return what is wrong with a field as the list of errors says it, which stands far from the field."""
    if what == REQUIRED:
        return f"{title}: fill this in"
    if what.startswith(TOO_FEW):
        return f"{title}: add at least one"
    return f"{title}: {what}"


def field_at(fields: Sequence[ShapedField], path: str) -> tuple[list[str], str] | None:
    """Return the titles on the way to the field of a path, and the path; of the nearest where it goes deeper."""
    steps = path.split(".")
    titles: list[str] = []
    inside, done, known = fields, 0, ""
    while done < len(steps):
        field = next((one for one in inside if one.name == steps[done]), None)
        if field is None:
            break
        done += 1
        titles.append(field.field.title)
        known = ".".join(steps[:done])
        if field.shape in (Shape.ROWS, Shape.BY_NAME, Shape.WORDS_BY_NAME) and done < len(steps):
            row = steps[done]
            place = whole_number(row, MOST_ROWS)
            titles[-1] += f" {row}" if place is None else f" {place + 1}"
            done += 1
            known = ".".join(steps[:done]) if field.shape is Shape.WORDS_BY_NAME else known
        inside = field.inside
    return (titles, known) if titles else None
