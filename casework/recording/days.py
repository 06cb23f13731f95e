"""The days that a form tells of: each within the limits of the policy, and what has happened has happened by today."""

import datetime
from collections.abc import Iterator
from typing import Any

from casework.recording.form_fields import ahead_of
from casework.recording.forms import Section
from policy.calendar import london_date
from policy.dates import Ahead, outside
from policy.numbers import DateNumbers


class Days:
    """The limits for the form of one person: those of the policy, today, and the birth of the person."""

    def __init__(self, limits: DateNumbers, today: datetime.date, born: datetime.date | None) -> None:
        """Take the limits."""
        self._limits, self._today, self._born = limits, today, born

    def wrong_in(self, form: Section, inside: str = "") -> Iterator[str]:
        """Yield why each day of a form, and of its sections, cannot be right, with the path to it."""
        for name, info in type(form).model_fields.items():
            yield from self.wrong(getattr(form, name), ahead_of(info), f"{inside}{name}")

    def wrong(self, value: Any, ahead: Ahead | None, path: str) -> Iterator[str]:
        """Yield why the days of a value cannot be right."""
        if isinstance(value, Section):
            yield from self.wrong_in(value, f"{path}.")
        elif isinstance(value, list):
            for place, one in enumerate(value):
                yield from self.wrong(one, ahead, f"{path}.{place}")
        elif isinstance(value, dict):
            for name, one in value.items():
                yield from self.wrong(one, ahead, f"{path}.{name}")
        elif isinstance(value, datetime.date):
            day = london_date(value) if isinstance(value, datetime.datetime) else value
            if reason := outside(day, self._limits, self._today, ahead, self._born):
                yield f"{path}: {reason}"
