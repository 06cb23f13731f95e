"""The subject of a timescale as a column: text in the database, one value in the program."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

from policy.subjects import Subject


class SubjectText(TypeDecorator[Subject]):
    """A ``policy.subjects.Subject``, kept as its text."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Subject | None, dialect: Any) -> str | None:  # noqa: ARG002
        """Return the text of a subject."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Subject | None:  # noqa: ARG002
        """Return the subject that a text names."""
        return None if value is None else Subject.read(value)
