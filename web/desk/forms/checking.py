"""What was typed into a form, in words: to be looked at once more before what cannot be undone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from policy.words import near_date
from web.desk.forms.shape import Shape, ShapedField
from web.desk.forms.widgets import References


def in_words(
    fields: Sequence[ShapedField], data: Mapping[str, Any], references: References, today: date, inside: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield what was answered: the title of each field that is filled, and the answer. ``inside``: of which part."""
    for field in fields:
        value, title = data.get(field.name), f"{inside}{field.field.title}"
        if value in (None, "", [], {}):
            continue
        if field.shape is Shape.PART:
            yield from in_words(field.inside, value, references, today, f"{title}: ")
        elif field.shape is Shape.ROWS:
            for number, row in enumerate(value, 1):
                yield from in_words(field.inside, row, references, today, f"{title} {number}: ")
        elif field.shape is Shape.BY_NAME:
            for name, row in value.items():
                yield from in_words(field.inside, row, references, today, f"{title}, {name}: ")
        elif field.shape is Shape.WORDS_BY_NAME:
            yield from ((f"{title}, {name}", str(words)) for name, words in value.items())
        else:
            yield title, answer(field, value, references, today)


def answer(field: ShapedField, value: Any, references: References, today: date) -> str:
    """Return one answer in words: the words of a choice, a day as people say it, anything else as it was typed."""
    if isinstance(value, list):
        return ", ".join(answer(field, one, references, today) for one in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    choices = (*field.options, *(references.get(field.name, ()) if field.shape is Shape.NUMBER else ()))
    chosen = next((option.text for option in choices if str(option.value) == str(value)), None)
    if chosen is not None:
        return chosen
    if field.shape is Shape.DAY:
        return near_date(date.fromisoformat(str(value)), today)
    return str(value)
