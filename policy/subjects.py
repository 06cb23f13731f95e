"""What a timescale is about, as one value: it tells two timescales of one kind on a case from each other."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

TEXT = re.compile(
    r"(?:(?P<what>[a-z][a-z0-9_]*)(?: (?=\d|[a-z][a-z0-9_]*:\d{4}-)|$))?"
    r"(?:(?P<of>[a-z][a-z0-9_]*):(?=\d{4}-))?"
    r"(?:(?P<day>\d{4}-\d{2}-\d{2})|(?P<row>\d+)(?::(?P<agency>[a-z][a-z0-9_]*))?)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a timescale is about.

    ``row``: a row of the record (a sentence, a referral, a meeting, an action ...), by its id. ``day``: the day from
    which it runs. ``agency``: the agency that owes it, where several may. ``what``: the kind of thing, where a kind of
    timescale is about several ("contact", "charge") or about something that ends ("category_2"). All empty: the case.

    As text it is "", "12", "2026-10-14", "12:housing", "police:2026-10-14", "un police:2026-10-14", "contact 5",
    "charge 2026-10-14" or "category_2". The record keeps that text.
    """

    what: str = ""
    row: int | None = None
    agency: str = ""
    day: date | None = None

    def __str__(self) -> str:
        """Return the text that the record keeps."""
        if self.row is not None:
            text = f"{self.row}:{self.agency}" if self.agency else str(self.row)
        elif self.day is not None:
            text = f"{self.agency}:{self.day}" if self.agency else str(self.day)
        else:
            text = ""
        return " ".join(part for part in (self.what, text) if part)

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the subject that a text of the record names; ``ValueError`` where it names none."""
        match = TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not the subject of a timescale")
        row, day = match["row"], match["day"]
        return cls(
            what=match["what"] or "",
            row=int(row) if row else None,
            agency=match["agency"] or match["of"] or "",
            day=date.fromisoformat(day) if day else None,
        )

    @property
    def row_id(self) -> int:
        """Return the id of the row; ``ValueError`` where it is about none."""
        if self.row is None:
            raise ValueError(f"{str(self)!r} is not about a row of the record")
        return self.row


THE_CASE = Subject()
"""The case itself."""


def row(number: int) -> Subject:
    """Return a row of the record as the subject of a timescale."""
    return Subject(row=number)
