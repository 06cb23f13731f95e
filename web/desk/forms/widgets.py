"""The fields of a form as the page writes them: each with its name, what stands in it, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from policy.words import inside
from web.desk.forms.reading import VALUE
from web.desk.forms.shape import MOST_RADIOS, Option, Shape, ShapedField

ROWS_SHOWN = {True: 1, False: 0}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to choose, and whether it is chosen."""

    value: str
    text: str
    chosen: bool


@dataclass(slots=True)
class Widget:
    """A field on the page. ``name``: under which it is sent; ``id``: to which an error leads.

    ``rows`` are the rows of a list, each the widgets of one; ``inside`` those of a part. ``keys`` are the names of rows
    that have names, ``key_titles`` what the page calls them where they are not for the reader to choose. ``focus``:
    somebody types here next, as the row was just added.
    """

    name: str
    shape: str
    title: str
    hint: str
    required: bool
    value: Any = ""
    unit: str = ""
    answers: Sequence[Answer] = ()
    inside: list["Widget"] = field(default_factory=list)
    rows: list[list["Widget"]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    key_titles: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    focus: bool = False

    @property
    def id(self) -> str:
        """Return the id of the field on the page."""
        return "f-" + self.name.replace(".", "-").replace("#", "-")

    @property
    def first_id(self) -> str:
        """Return the id of what somebody can type in first: an error leads there."""
        if self.shape in (Shape.DAY, Shape.MOMENT):
            return f"{self.id}-day"
        if self.inside:
            return self.inside[0].first_id
        if self.rows and self.rows[0]:
            return self.rows[0][0].first_id
        return self.id

    @property
    def radios(self) -> bool:
        """Tell whether a choice is short enough to be shown whole."""
        return len(self.answers) <= MOST_RADIOS

    @property
    def triples(self) -> list[tuple[str, str, bool]]:
        """Return the answers of a choice as (value, words, chosen)."""
        return [(one.value, one.text, one.chosen) for one in self.answers]

    @property
    def add_named(self) -> str:
        """Return what a button that adds a row calls it."""
        return inside(self.title)


References = Mapping[str, Sequence[Option]]
"""For fields that hold the number of something on the case (a meeting, an action): what there is to choose."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page shows beside what stands in its fields.

    ``errors``: what is wrong, by the path of the field. ``more_rows``: how many empty rows to show beside those that
    are filled, by the path of the list.
    """

    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    references: References = field(default_factory=dict)
    more_rows: Mapping[str, int] = field(default_factory=dict)


NOTHING_BESIDE = Beside()


def widgets(
    fields: Sequence[ShapedField], data: Mapping[str, Any], beside: Beside = NOTHING_BESIDE, inside: str = ""
) -> list[Widget]:
    """Return the fields as the page writes them. ``data``: what stands in them, as a file has it."""
    return [widget(one, data.get(one.name), f"{inside}{one.name}", beside) for one in fields]


def widget(shaped: ShapedField, value: Any, path: str, beside: Beside) -> Widget:
    """Return one field as the page writes it."""
    told = shaped.field
    made = Widget(
        name=path, shape=shaped.shape.value, title=told.title, hint=told.description, required=told.required,
        unit=told.unit or "", errors=list(beside.errors.get(path, ())),
    )  # fmt: skip
    known = beside.references.get(told.name, ())
    if shaped.shape is Shape.NUMBER and known:
        made.shape, made.answers = Shape.CHOICE.value, answers(known, value)
    elif shaped.options:
        made.answers = answers(shaped.options, value)
        made.value = value is True
    elif shaped.shape is Shape.PART:
        part = value if isinstance(value, Mapping) else {}
        made.inside = widgets(shaped.inside, part, beside, f"{path}.")
    elif shaped.shape in (Shape.ROWS, Shape.BY_NAME, Shape.WORDS_BY_NAME):
        fill_rows(made, shaped, value, beside)
    else:
        made.value = shown(shaped.shape, value)
    return made


def fill_rows(made: Widget, shaped: ShapedField, value: Any, beside: Beside) -> None:
    """Put the rows of a list into its widget, with those that are still empty."""
    path = made.name
    if shaped.shape is Shape.ROWS:
        filled = [("", row) for row in value] if isinstance(value, list) else []
    else:
        filled = list(value.items()) if isinstance(value, Mapping) else []
    empty = beside.more_rows.get(path, ROWS_SHOWN[shaped.field.required and not filled])
    for place, (key, row) in enumerate([*filled, *([("", {})] * empty)]):
        made.keys.append(str(key))
        if shaped.shape is Shape.WORDS_BY_NAME:
            errors_here = list(beside.errors.get(f"{path}.{key}", ()))
            made.rows.append(
                [Widget(f"{path}.{place}{VALUE}", Shape.WORDS.value, "Why", "", True, row or "", errors=errors_here)]
            )
            continue
        # An error names the row as the form has it: by its place, or by its name.
        named = f"{path}.{place if shaped.shape is Shape.ROWS else key}."
        own = {
            f"{path}.{place}.{where.removeprefix(named)}": what
            for where, what in beside.errors.items()
            if where.startswith(named)
        }
        part = row if isinstance(row, Mapping) else {}
        made.rows.append(widgets(shaped.inside, part, replace(beside, errors=own), f"{path}.{place}."))
    if path in beside.more_rows and made.rows:
        made.rows[-1][0].focus = True


def answers(options: Sequence[Option], value: Any) -> list[Answer]:
    """Return the answers of a choice, with those that were chosen."""
    chosen = {str(one) for one in value} if isinstance(value, list) else {str(value)}
    if value is None or value == "":
        chosen = set()
    return [Answer(str(one.value), one.text, str(one.value) in chosen) for one in options]


def shown(shape: Shape, value: Any) -> Any:
    """Return what stands in a field, as its inputs show it."""
    if shape in (Shape.DAY, Shape.MOMENT):
        on, _, at = str(value or "").partition("T")
        year, month, day = [*on.split("-", 2), "", ""][:3]
        return {"year": year, "month": unpadded(month), "day": unpadded(day), "time": at}
    if shape is Shape.YES_NO:
        return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else ""
    if shape is Shape.LINES:
        return "\n".join(map(str, value)) if isinstance(value, list) else ""
    return "" if value is None else str(value)


def unpadded(part: str) -> str:
    """Return a part of a day as people write it."""
    return part.lstrip("0") if part.isascii() and part.isdigit() else part


def all_of(made: Sequence[Widget]) -> list[Widget]:
    """Return fields with all that are inside them, in the order of the page."""
    found: list[Widget] = []
    for one in made:
        found += [one, *all_of(one.inside)]
        for row in one.rows:
            found += all_of(row)
    return found
