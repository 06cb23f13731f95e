"""What was typed into a page, back as a file has it: nothing is judged here, and nothing typed is lost."""

from collections.abc import Callable, Sequence
from typing import Any

from policy.texts import whole_number
from web.desk.forms.shape import Shape, ShapedField

PARTS_OF_A_DAY = ("year", "month", "day")
ROWS, KEY, VALUE = "#rows", "#key", "#value"
MOST_ROWS, MOST_ROWS_SENT = 200, 999
LARGEST_NUMBER = 10**18
EMPTY: dict[Shape, Callable[[], Any]] = {Shape.PART: dict, Shape.ROWS: list, Shape.LINES: list, Shape.TICKS: list}


class Typed:
    """The fields of a page that was sent, by name; a name may come several times."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Keep the texts, without the space around them and with the line breaks of a file."""
        self._found: dict[str, list[str]] = {}
        for name, value in pairs:
            self._found.setdefault(name, []).append(value.replace("\r\n", "\n").strip())

    def text(self, name: str) -> str:
        """Return what was typed in a field, "" where nothing was."""
        return self._found.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """Return all that was chosen under a name."""
        return [value for value in self._found.get(name, []) if value]

    def rows(self, name: str) -> int:
        """Return how many rows the page had."""
        return min(whole_number(self.text(name + ROWS), MOST_ROWS_SENT) or 0, MOST_ROWS)

    def has(self, *names: str) -> bool:
        """Tell whether the page had one of some fields, filled or not."""
        return any(name in self._found for name in names)


def read_form(fields: Sequence[ShapedField], typed: Typed, inside: str = "") -> dict[str, Any]:
    """Return what was typed, as a file has it: what was left blank is left out, rows that are blank throughout too."""
    found: dict[str, Any] = {}
    for field in fields:
        value = read_field(field, typed, inside + field.name)
        if value not in (None, "", [], {}):
            found[field.name] = value
        elif field.field.required and field.shape in EMPTY:
            # Not left out: the form then says which of its parts are missing.
            found[field.name] = EMPTY[field.shape]()
    return found


def read_field(field: ShapedField, typed: Typed, name: str) -> Any:
    """Return what was typed in one field; nothing where it was left blank."""
    readers: dict[Shape, Callable[[], Any]] = {
        Shape.NUMBER: lambda: number(typed.text(name)),
        Shape.DAY: lambda: day(typed, name),
        Shape.MOMENT: lambda: moment(typed, name),
        Shape.YES_NO: lambda: yes_or_no(typed.text(name)),
        Shape.CONFIRM: lambda: True if typed.text(name) else None,
        Shape.CHOICE: lambda: chosen(field, typed.text(name)),
        Shape.LINES: lambda: [line.strip() for line in typed.text(name).split("\n") if line.strip()],
        Shape.TICKS: lambda: typed.all(name),
        Shape.PART: lambda: read_form(field.inside, typed, f"{name}."),
        Shape.ROWS: lambda: rows(field, typed, name),
        Shape.BY_NAME: lambda: by_name(field, typed, name),
        Shape.WORDS_BY_NAME: lambda: words_by_name(typed, name),
    }
    return readers.get(field.shape, lambda: typed.text(name))()


def number(text: str) -> Any:
    """Return a whole number, or the text where it is none: the form says so."""
    found = whole_number(text, LARGEST_NUMBER)
    return text if found is None else found


def yes_or_no(text: str) -> bool | None:
    """Return a yes or a no; None where neither was chosen."""
    return text == "yes" if text in ("yes", "no") else None


def day(typed: Typed, name: str) -> str:
    """Return a day from its three fields, year first; parts that make no day stay as they were typed."""
    parts = [typed.text(f"{name}#{part}") for part in PARTS_OF_A_DAY]
    if not any(parts):
        return ""
    year, *others = parts
    return "-".join([year, *(part.zfill(2) if part.isascii() and part.isdigit() else part for part in others)])


def moment(typed: Typed, name: str) -> str:
    """Return a day with its time of day."""
    on, at = day(typed, name), typed.text(f"{name}#time")
    if not on and not at:
        return ""
    hour, separator, minute = at.replace(".", ":").partition(":")
    return f"{on}T{hour.zfill(2)}:{minute}" if separator else f"{on}T{at}"


def chosen(field: ShapedField, text: str) -> Any:
    """Return the value of what was chosen; a text that is no choice stays, for the form to refuse."""
    return next((option.value for option in field.options if str(option.value) == text), text)


def rows(field: ShapedField, typed: Typed, name: str) -> list[dict[str, Any]]:
    """Return the rows that are not blank throughout."""
    found = (read_form(field.inside, typed, f"{name}.{place}.") for place in range(typed.rows(name)))
    return [row for row in found if filled(row)]


def filled(value: Any) -> bool:
    """Tell whether there is anything in what was typed."""
    if isinstance(value, dict):
        return any(filled(one) for one in value.values())
    if isinstance(value, list):
        return any(filled(one) for one in value)
    return value not in (None, "")


def by_name(field: ShapedField, typed: Typed, name: str) -> dict[str, Any]:
    """Return parts by the names that were given them."""
    found: dict[str, Any] = {}
    for place in range(typed.rows(name)):
        key, value = typed.text(f"{name}.{place}{KEY}"), read_form(field.inside, typed, f"{name}.{place}.")
        if key or filled(value):
            found[key] = value
    return found


def words_by_name(typed: Typed, name: str) -> dict[str, str]:
    """Return texts by the names that were given them."""
    found: dict[str, str] = {}
    for place in range(typed.rows(name)):
        key, value = typed.text(f"{name}.{place}{KEY}"), typed.text(f"{name}.{place}{VALUE}")
        if key or value:
            found[key] = value
    return found
