"""Words that stand as they did last time: the form asks for each, by its title, who knows that they are still true.

Joint inspection 2015, 5.14 and 5.20: plans were copied forward until they forbade contact with somebody who had died.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from web.desk.forms.filling import field_at
from web.desk.forms.shape import Shape, ShapedField
from web.desk.forms.widgets import Widget

FIELD, BY = "carried_forward", "confirmed_by"
ASKED = re.compile(rf"(?P<name>[^:]+): .*confirm (?:it )?in '{FIELD}' under (?P<under>this name|\S+)", re.DOTALL)


def with_rows_to_confirm(data: Mapping[str, Any], reasons: Sequence[str], reader: str) -> dict[str, Any]:
    """Return what was typed with a row for each part that a refusal asks to confirm; the reader is taken to know."""
    asked = [found["name"] if found["under"] == "this name" else found["under"]
             for reason in reasons if (found := ASKED.match(reason))]  # fmt: skip
    if not asked:
        return dict(data)
    given = data.get(FIELD)
    rows = dict(given) if isinstance(given, Mapping) else {}
    return {**data, FIELD: rows | {name: {BY: reader} for name in asked if name not in rows}}


def name_the_parts(made: Sequence[Widget], fields: Sequence[ShapedField]) -> None:
    """Have the rows that confirm a part say which by its title, not by the name that it has in a file."""
    for one in made:
        if one.shape == Shape.BY_NAME and one.name == FIELD:
            one.key_titles = [title_of(fields, key) for key in one.keys]


def title_of(fields: Sequence[ShapedField], key: str) -> str:
    """Return the title of a part of a form; "" where the form has none of that name."""
    found = field_at(fields, key)
    if found is None:
        return ""
    titles, path = found
    return ", ".join([*titles, *([key.removeprefix(f"{path}.")] if key != path else [])])
