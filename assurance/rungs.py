"""The rungs of ladders as rows: a ladder is a list in JSON, and each database has its own function for that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from models.obligations import Timescale


@dataclass(frozen=True, slots=True)
class Rungs:
    """The rungs of a timescale, to be correlated with it: their rows, their place from 0, and what each says."""

    rows: Any
    place: ColumnElement[Any]
    said: Callable[[str], ColumnElement[Any]]


def each_rung(session: Session) -> Rungs:
    """Return the rungs of timescales for a query of this session."""
    if session.get_bind().dialect.name == "postgresql":
        rows = func.json_array_elements(Timescale.ladder).table_valued("value", with_ordinality="nth")
        rows = rows.render_derived(name="rungs")
        return Rungs(rows, rows.c.nth - 1, lambda name: func.json_extract_path_text(rows.c.value, name))
    rows = func.json_each(Timescale.ladder).table_valued("key", "value", name="rungs")
    return Rungs(rows, rows.c.key, lambda name: func.json_extract(rows.c.value, f"$.{name}"))
