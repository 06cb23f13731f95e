"""What every form shares: its day, and words that say something.

A text that only points elsewhere ("see above") or only names a thing ("licence conditions") is refused where the
inspectors found that nobody could read from it what was decided (Joint inspection 2015, 5.15, 5.23).
"""

import datetime
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.config import JsonDict

from policy.addresses import email_address
from policy.book import shipped_book
from policy.characters import unwritten
from policy.dates import Ahead, iso_day, iso_moment, shortened
from policy.numbers import Policy
from policy.substance import is_contingency, is_written_out, only_names, says_something

SHORTEST_REASON = 10


def own_words(text: str) -> str:
    """Return the text, or raise ``ValueError`` where it says nothing of its own."""
    if not text:
        raise ValueError("it is blank: write what was said or decided")
    if not says_something(text):
        raise ValueError(f"{text!r} says too little: write it out here")
    return text


def written_out(text: str) -> str:
    """Return the text, or raise ``ValueError`` where it only names conditions instead of giving their words."""
    if is_written_out(text):
        return text
    if only_names(text):
        raise ValueError(
            f"it says only {text!r}: write the conditions out, word for word; where there are none, say why"
        )
    own_words(text)
    raise ValueError(f"{text!r} says too little: write out who does what, and when")


def more_than_breach(text: str) -> str:
    """Return a contingency, or raise ``ValueError`` where it names nothing but breach and recall.

    Source: Joint inspection 2015, 5.15.
    """
    if text and not is_contingency(text):
        raise ValueError(f"{text!r} says no more than breach or recall: what is done first, by whom, at which sign?")
    return own_words(text)


def sentence(text: str) -> str:
    """Return a reason, or raise ``ValueError`` where it is none: it says something by itself, in more than a word."""
    if len(own_words(text)) < SHORTEST_REASON:
        raise ValueError(f"{text!r} is too short for a reason: write why, in a sentence")
    return text


def no_reason(text: str | None) -> bool:
    """Tell whether what may be left out is no reason: missing, too short, or saying nothing by itself."""
    return not text or len(text) < SHORTEST_REASON or not says_something(text)


def trimmed(value: Any) -> Any:
    """Return a text without the space around it, before its length is looked at."""
    return value.strip() if isinstance(value, str) else value


def one_line(text: str) -> str:
    """Return a text of one line, or raise ``ValueError`` where it has several, or a tab."""
    if wrong := unwritten(text, lines=False):
        raise ValueError(wrong)
    return text


def policy_of(info: ValidationInfo) -> Policy:
    """Return the policy a form is checked by: that of the area, else the shipped one."""
    context = info.context or {}
    found = context.get("policy", shipped_book().policies[0])
    assert isinstance(found, Policy)
    return found


def known_agency(value: str, info: ValidationInfo) -> str:
    """Return an agency of the area, or raise ``ValueError`` with the agencies there are."""
    agencies = policy_of(info).agencies
    if value not in agencies:
        raise ValueError(f"{value!r} is no agency; the agencies are {', '.join(agencies)}")
    return value


def valid_address(value: str | None) -> str | None:
    """Return an e-mail address in its normal form; empty is none."""
    return email_address(value) if value else None


def label(
    title: str,
    description: str,
    example: Any = None,
    *,
    unit: str | None = None,
    shown: bool = True,
    ahead: Ahead | None = None,
) -> Any:
    """Return what a field of a form says of itself: its title on a page, what to write, and an example from a file.

    ``unit`` is the unit of a number. A section, or a list of sections, needs no example: its own fields make one.
    ``shown`` false keeps the field out of the example of the whole form: it goes with another answer than is given
    there, or is seldom wanted. ``ahead``: what a date that may lie in the future is of; any other is of what has
    happened.
    """
    extra: JsonDict = {} if unit is None else {"unit": unit}
    extra |= {} if shown else {"shown": False}
    extra |= {} if ahead is None else {"ahead": ahead.value}
    return Field(
        title=title,
        description=description,
        examples=None if example is None else [example],
        json_schema_extra=extra or None,
    )


OwnWords = Annotated[str, BeforeValidator(trimmed), AfterValidator(own_words)]
"""A text that must say something by itself."""
WrittenOut = Annotated[str, BeforeValidator(trimmed), AfterValidator(written_out)]
"""A text that must give conditions and orders in their own words."""
Contingency = Annotated[str, BeforeValidator(trimmed), AfterValidator(more_than_breach)]
"""What is done when the plan begins to fail: more than breach and recall."""
Reason = Annotated[str, BeforeValidator(trimmed), AfterValidator(sentence)]
"""Why: a sentence."""
Name = Annotated[str, Field(min_length=2, max_length=120), AfterValidator(one_line)]
Line = Annotated[str, Field(max_length=200), AfterValidator(one_line)]
"""A text of one line, which may be blank: where something is, how somebody is called."""
Grade = Annotated[Line, Field(max_length=60)]
Unit = Annotated[Line, Field(max_length=80)]
Email = Annotated[str | None, AfterValidator(valid_address)]
AgencyName = Annotated[str, AfterValidator(known_agency)]
"""An agency of the area, by its word."""


def truth(value: Any) -> bool:
    """Return a yes or a no as JSON has it; ``ValueError`` for a word or a number that may mean either."""
    if not isinstance(value, bool):
        raise ValueError(f"{shortened(value)} is neither true nor false")
    return value


def number(value: Any) -> int:
    """Return a whole number as JSON has it; ``ValueError`` for a text, a truth value or a fraction."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{shortened(value)} is not a whole number")
    return value


READERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (datetime.datetime, iso_moment),
    (datetime.date, iso_day),
    (bool, truth),
    (int, number),
)
"""How a value of a type is written, the narrower type first: nothing else is taken for it."""


def reader_for(annotation: Any) -> Callable[[Any], Any] | None:
    """Return what reads a value of a type, or of one of the types that it may be; None where any value is looked at."""
    for one in (annotation, *get_args(annotation)):
        # A choice among numbers is a number: true would pass for 1.
        kind = type(get_args(one)[0]) if get_origin(one) is Literal else one
        for known, reads in READERS:
            if isinstance(kind, type) and issubclass(kind, known):
                return reads
    return None


@cache
def readers_of(section: type[BaseModel]) -> dict[str, Callable[[Any], Any]]:
    """Return the reader of each field of a section that holds a day, a moment, a number or a truth value, by name."""
    found = {name: reader_for(info.annotation) for name, info in section.model_fields.items()}
    return {name: reads for name, reads in found.items() if reads is not None}


class Section(BaseModel):
    """A part of a form."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def written_as_its_type(cls, value: Any, info: ValidationInfo) -> Any:
        """Return a value read as its type is written: a number is no day, a word no truth value, a text no number."""
        reads = readers_of(cls).get(info.field_name or "")
        return value if reads is None or value is None else reads(value)

    @classmethod
    def further_fields(cls) -> dict[str, tuple[Any, Any]]:
        """Return the fields that come from the policy: by name, the type and what the field says of itself."""
        return {}


class Form(Section):
    """What every form holds: the day on which it happened, which each form names in its own words."""

    date: datetime.date
