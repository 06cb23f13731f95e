"""What was typed at a step of a meeting, and who of those present was picked to own what it set."""

from collections.abc import Mapping, Sequence
from typing import Any

from casework.recording.rooms import mark_of
from web.desk.forms.reading import Typed, read_form
from web.desk.room.standing import Parts, names_on, read_parts
from web.desk.room.state import Room
from web.desk.room.steps import Step

PICK = "#present"
NOTHING_BROUGHT = {"agency"}


def picked_for(row: Mapping[str, Any]) -> str:
    """Return how a page names somebody present, to be picked as an owner."""
    return f"{row.get('agency', '')}|{row.get('name', '')}"


def owner_of(row: Mapping[str, Any]) -> str:
    """Return how a page names the owner of an action, if it is somebody present."""
    owner = row.get("owner") or {}
    return f"{row.get('agency', '')}|{owner.get('name', '')}"


def with_owners(pairs: Sequence[tuple[str, str]], present: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return what was typed, with the owners of the actions who were picked from those present written out."""
    by_name = {picked_for(row): row for row in present}
    found: list[tuple[str, str]] = []
    for name, value in pairs:
        row = by_name.get(value) if name.endswith(PICK) else None
        if row is None:
            continue
        at = name.removesuffix(PICK)
        found.append((f"{at}.agency", row["agency"]))
        found += [(f"{at}.owner.{part}", row.get(part) or "") for part in ("name", "email", "grade")]
    # The first of two values of one name counts.
    return [*found, *pairs]


def typed_at(room: Room, step: Step, pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, Any], Parts]:
    """Return what was typed at a step: its fields as the record has them, and what was said of words of last time."""
    typed = Typed(with_owners(pairs, room.present()))
    given = read_form(room.fields_of(step), typed)
    if "information" in given:
        given["information"] = [row for row in given["information"] if set(row) != NOTHING_BROUGHT]
    names = [*names_on(step, room.data | given, room.before), *room.parts]
    return given, read_parts(list(dict.fromkeys(names)), typed)


def with_step(room: Room, step: Step, given: dict[str, Any], parts: Parts) -> tuple[dict[str, Any], Parts]:
    """Return the record, and what was said of the words of last time, with what was typed at a step put in."""
    data = {name: value for name, value in room.data.items() if name not in step.fields}
    return data | given, {name: one for name, one in room.parts.items() if not belongs(name, step)} | parts


def belongs(name: str, step: Step) -> bool:
    """Tell whether some words belong to a step."""
    return name.partition(".")[0] in step.heads


def mark_at(room: Room, step: Step) -> str:
    """Return the mark of what is kept at a step."""
    return mark_in(step, room.data, room.parts)


def mark_in(step: Step, data: Mapping[str, Any], parts: Parts) -> str:
    """Return the mark of what stands at a step."""
    mine = {name: one for name, one in parts.items() if belongs(name, step)}
    return mark_of([{name: data.get(name) for name in step.fields}, mine])
