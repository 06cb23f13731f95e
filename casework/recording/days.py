"""The days that a form tells of: what it tells of has happened, unless the field is of something planned."""

import datetime
from collections.abc import Iterator
from typing import Any

from casework.recording.forms import Section


def in_the_future(form: Section, today: datetime.date, inside: str = "") -> Iterator[str]:
    """Yield each day of a form, and of its sections, that lies after ``today`` where it may not (``label``)."""
    for name, info in type(form).model_fields.items():
        extra = info.json_schema_extra
        if not (isinstance(extra, dict) and extra.get("ahead")):
            yield from days_after(getattr(form, name), today, f"{inside}{name}")


def days_after(value: Any, today: datetime.date, path: str) -> Iterator[str]:
    """Yield what of a value lies after ``today``, with the path to it."""
    if isinstance(value, Section):
        yield from in_the_future(value, today, f"{path}.")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from days_after(one, today, f"{path}.{place}")
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from days_after(one, today, f"{path}.{name}")
    elif isinstance(value, datetime.date) and not isinstance(value, datetime.datetime) and value > today:
        yield f"{path}: {value} is in the future; a fact has happened by {today}"
