"""What stands in a form, in words: for whoever looks on, before it is recorded and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from policy.calendar import LONDON
from policy.words import near_date
from web.desk.forms.shape import Option, Shape, ShapedField
from web.desk.forms.widgets import References


@dataclass(frozen=True, slots=True)
class Told:
    """A field in words. ``rows`` are those of a list, or the one row of a part, each the fields of one."""

    title: str
    text: str = ""
    rows: list[list["Told"]] = field(default_factory=list)


def told(fields: Sequence[ShapedField], data: Mapping[str, Any], known: References, today: date) -> list[Told]:
    """Return what stands in some fields, in words; what stands empty is left out."""
    found = (told_field(one, data.get(one.name), known, today) for one in fields)
    return [one for one in found if one.text or one.rows]


def told_field(one: ShapedField, value: Any, known: References, today: date) -> Told:
    """Return what stands in one field, in words."""
    title = one.field.title
    if one.shape is Shape.PART:
        row = told(one.inside, value, known, today) if isinstance(value, Mapping) else []
        return Told(title, rows=[row] if row else [])
    if one.shape is Shape.ROWS:
        rows = value if isinstance(value, list) else []
        filled = (told(one.inside, row, known, today) for row in rows if isinstance(row, Mapping))
        return Told(title, rows=[row for row in filled if row])
    if one.shape is Shape.BY_NAME:
        named = value.items() if isinstance(value, Mapping) else ()
        return Told(title, rows=[[Told(str(name), rows=[told(one.inside, row, known, today)])] for name, row in named])
    if one.shape is Shape.WORDS_BY_NAME:
        named = value.items() if isinstance(value, Mapping) else ()
        return Told(title, rows=[[Told(str(name), str(words))] for name, words in named])
    return Told(title, in_words(one, value, known.get(one.name, ()), today))


def in_words(one: ShapedField, value: Any, known: Sequence[Option], today: date) -> str:
    """Return a value as people read it; one that is no such value as it was typed."""
    if value in (None, "", [], {}):
        return ""
    options = known if one.shape is Shape.NUMBER else one.options
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(in_words(one, part, known, today) for part in value)
    for option in options:
        if option.value == value:
            return option.text
    try:
        if one.shape is Shape.DAY:
            return near_date(date.fromisoformat(str(value)), today)
        if one.shape is Shape.MOMENT:
            when = datetime.fromisoformat(str(value))
            local = when.astimezone(LONDON) if when.tzinfo else when
            return f"{near_date(local.date(), today)}, {local:%H:%M}"
    except ValueError:
        return str(value)
    return str(value)
