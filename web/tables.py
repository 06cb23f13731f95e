"""Views as tables of a page: the same columns as the command line shows, each cell in words."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

from policy.calendar import LONDON
from policy.words import AGENCIES, agency_name, answer_words, near_date, opening, plain_words
from views.model import OfCase, View, columns

NAME_IN_A_FILE = re.compile(r"[a-z]+(_[a-z]+)+", re.ASCII)


def clock(when: datetime) -> str:
    """Return the time of day of a moment, Europe/London: ``14:05``."""
    return f"{when.astimezone(LONDON):%H:%M}"


def moment(when: datetime, today: date) -> str:
    """Return a moment as people say it: ``Friday 11 September, 14:05``."""
    return f"{near_date(when.astimezone(LONDON).date(), today)}, {clock(when)}"


def headings(views: Sequence[View]) -> list[str]:
    """Return the headings of a table of views of one kind."""
    return [opening(column.heading) for column in columns(type(views[0]), without=OfCase)]


def rows(views: Sequence[View], today: date) -> list[list[str]]:
    """Return the cells of a table of views of one kind."""
    shown = columns(type(views[0]), without=OfCase)
    return [[cell(column.of(view), today) for column in shown] for view in views]


def cell(value: Any, today: date) -> str:
    """Return a value as a page writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return moment(value, today)
    if isinstance(value, date):
        return near_date(value, today)
    if isinstance(value, Enum):
        return plain_words(str(value.value))
    if isinstance(value, list | tuple):
        return ", ".join(cell(one, today) for one in value)
    return in_words(str(value))


def in_words(text: str) -> str:
    """Return a text as a page writes it: an agency, or an answer, by its words and not by its name in a file."""
    if text in AGENCIES:
        return opening(agency_name(text))
    return answer_words(text) if NAME_IN_A_FILE.fullmatch(text) else text
