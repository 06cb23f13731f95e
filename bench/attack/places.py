"""Every place of every form where something can be written, and what the field there may hold."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args, get_origin

from casework.recording.fact_type import FactType
from casework.recording.form_fields import LIST, FormField, fields_of
from casework.recording.forms import Section, reader_for
from policy.calendar import london_date
from policy.characters import unwritten
from policy.dates import iso_day, iso_moment, outside
from policy.numbers import Policy

MARK = "@@what is tried@@"
BLANK = "nothing, where a field may be left blank"
DAY = "a day within the limits of its field"
TEXT = "a text that somebody may write, in a field of text"
NUMBER = "a whole number, in a field of a number"
TRUTH = "true or false, in a field of yes or no"
ROWS = "rows or words, in a field that holds several"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a form: its path, the field there, and a form with a mark in that place, as JSON has it."""

    path: tuple[str | int, ...]
    field: FormField | None
    form: dict[str, Any]

    @property
    def name(self) -> str:
        """Return the path as a refusal writes it."""
        return ".".join(map(str, self.path))


def places(known: FactType) -> Iterator[Place]:
    """Yield the places of a form: every field, in its example or not, those inside its sections, and one too many."""
    form = known.example
    for path, field in within(known.form, form):
        yield Place(path, field, marked(form, path))
    yield Place(("no_such_field",), None, form | {"no_such_field": MARK})


def within(section: type[Section], part: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], FormField]]:
    """Yield the path and the field of each place of a section, as far as its example goes."""
    for field in fields_of(section):
        yield (field.name,), field
        held = part.get(field.name)
        if field.section is not None and isinstance(held, dict) and field.held_in == "":
            yield from (((field.name, *path), one) for path, one in within(field.section, held))
        if field.section is not None and field.held_in == LIST and held:
            yield from (((field.name, 0, *path), one) for path, one in within(field.section, held[0]))


def marked(form: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """Return a form with the mark in a place."""
    found = deepcopy(form)
    part: Any = found
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = MARK
    return found


def why_it_may(field: FormField | None, value: Any, policy: Policy, today: date, born: date) -> str | None:
    """Return why a field may hold a value, judged by its type alone; None where no rule lets it."""
    if value in (None, "", [], {}) or (isinstance(value, str) and not value.strip()):
        return BLANK
    if field is None:
        return None
    kind = field.annotation
    reads = reader_for(kind)
    if isinstance(value, bool):
        return TRUTH if bool in (kind, *get_args(kind)) or kind == Literal[True] else None
    if isinstance(value, int):
        return NUMBER if (reads is not None and reads.__name__ == "number") or get_origin(kind) is Literal else None
    if isinstance(value, list | dict):
        return ROWS if get_origin(kind) in (list, dict) or field.section is not None else None
    if not isinstance(value, str):
        return None
    if reads in (iso_day, iso_moment):
        return DAY if is_within(reads(value), field, policy, today, born) else None
    return TEXT if reads is None and not unwritten(value) and len(value) <= policy.texts.longest else None


def is_within(day: date, field: FormField, policy: Policy, today: date, born: date) -> bool:
    """Tell whether a day lies within the limits of its field."""
    on = london_date(day) if isinstance(day, datetime) else day
    return outside(on, policy.dates, today, field.ahead, born) is None
