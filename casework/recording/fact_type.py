"""What a kind of fact is: its form, what it does to the case, and an example of its file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from casework.change import CaseChange
from casework.recording.forms import Form

Apply = Callable[[CaseChange, Any], str]
"""Checks a form against the record, then changes it; returns a sentence. It raises ``RefusedError`` with every
reason before it has changed anything, so that a refusal leaves nothing behind."""


@dataclass(frozen=True, slots=True)
class FactType:
    """A kind of fact.

    ``opens_a_case`` tells whether a form may take on a person who has none (category 3). ``after_closing``: it
    settles what a closed case left to do.
    """

    form: type[Form]
    apply: Apply
    example: dict[str, Any]
    opens_a_case: Callable[[Any], bool] = lambda _form: False
    after_closing: bool = False
