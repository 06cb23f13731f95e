"""What each field of a form is on a page: a text, a day, a choice, a part, or rows that can be added."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import MaxLen
from pydantic import AfterValidator, BeforeValidator

from casework.recording.form_fields import BY_NAME, LIST, FormField, fields_of
from casework.recording.forms import Section, known_agency
from policy.kinds import KINDS, Kind
from policy.numbers import Policy
from policy.vocabulary import Level, OrderKind, RiskTool
from policy.words import answer_words, level_name, opening, order_name, tool_name

MOST_RADIOS = 7
SHORT_TEXT = 200


class Shape(StrEnum):
    """How a field is shown."""

    TEXT = "text"
    WORDS = "words"
    """A text of several lines."""
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"
    CONFIRM = "confirm"
    """A box to tick: there is only one answer."""
    CHOICE = "choice"
    LINES = "lines"
    """Several short texts, one a line."""
    TICKS = "ticks"
    """Several of a choice."""
    PART = "part"
    ROWS = "rows"
    BY_NAME = "by_name"
    """Rows of parts, each under a name that the writer gives it."""
    WORDS_BY_NAME = "words_by_name"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. ``value``: what the form holds; ``text``: what the page says."""

    value: Any
    text: str


@dataclass(frozen=True, slots=True)
class ShapedField:
    """A field with its shape. ``inside`` are the fields of a part, or of one row."""

    field: FormField
    shape: Shape
    options: tuple[Option, ...] = ()
    inside: tuple["ShapedField", ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the field."""
        return self.field.name


def shaped(form: type[Section], policy: Policy) -> tuple[ShapedField, ...]:
    """Return the fields of a form, or a part, as a page shows them. ``policy``: that of the area, for its agencies."""
    return with_agencies(form, agencies(policy))


@cache
def with_agencies(form: type[Section], known: tuple[Option, ...]) -> tuple[ShapedField, ...]:
    """Return the fields of a form whose agencies are those of one area; there are few lists of them, and few forms."""
    return tuple(shape_of(field, known) for field in fields_of(form))


def shape_of(field: FormField, known: tuple[Option, ...]) -> ShapedField:
    """Return one field with its shape."""
    kind, told = bare(field.annotation)
    told = (*told, *field.metadata)
    if field.section is not None:
        shape = {"": Shape.PART, LIST: Shape.ROWS, BY_NAME: Shape.BY_NAME}[field.held_in]
        return ShapedField(field, shape, inside=with_agencies(field.section, known))
    if get_origin(kind) is dict:
        return ShapedField(field, Shape.WORDS_BY_NAME)
    if get_origin(kind) is list:
        _, of_one = bare(get_args(kind)[0])
        return ShapedField(field, Shape.TICKS, known) if is_agency(of_one) else ShapedField(
            field, Shape.LINES
        )  # fmt: skip
    if is_agency(told):
        return ShapedField(field, Shape.CHOICE, known)
    if options := options_of(kind):
        return ShapedField(field, Shape.CONFIRM if options == (True,) else Shape.CHOICE, worded(options))
    return ShapedField(field, simple_shape(kind, told))


def simple_shape(kind: Any, told: tuple[Any, ...]) -> Shape:
    """Return the shape of a field that holds one value of its writer's own."""
    kinds = {bool: Shape.YES_NO, int: Shape.NUMBER, datetime: Shape.MOMENT, date: Shape.DAY}
    for one, shape in kinds.items():
        if kind is one or one in get_args(kind):
            return shape
    longest = min((one.max_length for one in told if isinstance(one, MaxLen)), default=None)
    wordy = any(isinstance(one, BeforeValidator) for one in told) or (longest is not None and longest > SHORT_TEXT)
    return Shape.WORDS if wordy else Shape.TEXT


def bare(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return a type without what is told of it, and what is told."""
    if get_origin(annotation) is Annotated:
        kind, *told = get_args(annotation)
        deeper = tuple(part for one in told for part in getattr(one, "metadata", ()) or ())
        return kind, (*told, *deeper)
    return annotation, ()


def is_agency(told: tuple[Any, ...]) -> bool:
    """Tell whether a field holds an agency of the area."""
    return any(isinstance(one, AfterValidator) and one.func is known_agency for one in told)


def agencies(policy: Policy) -> tuple[Option, ...]:
    """Return the agencies of the area to choose from, by name."""
    found = (Option(name, opening(policy.agency_name(name))) for name in policy.agencies)
    return tuple(sorted(found, key=lambda one: one.text))


def options_of(kind: Any) -> tuple[Any, ...]:
    """Return the values of a closed choice; none where it is no choice."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    if kind is Kind:
        return tuple(sorted(KINDS, key=lambda one: one.spec.title))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(kind)
    return ()


def worded(values: tuple[Any, ...]) -> tuple[Option, ...]:
    """Return the values of a choice, each in words."""
    return tuple(Option(plain_value(value), words_for(value)) for value in values)


def plain_value(value: Any) -> Any:
    """Return a value as a file has it."""
    return value.value if isinstance(value, Enum) else value


def words_for(value: Any) -> str:
    """Return a value of a choice in words."""
    if isinstance(value, Kind):
        return value.spec.title
    if isinstance(value, Level):
        return level_name(value)
    if isinstance(value, OrderKind):
        return order_name(value)
    if isinstance(value, RiskTool):
        return tool_name(value)
    return "Yes" if value is True else answer_words(str(plain_value(value)))
