"""Rows that wait for a stage because they carry a moment: who waits longest comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from models.base import Moment
from models.cases import Case
from tasks.stage import Id


@dataclass(frozen=True, eq=False)
class Queue:
    """What waits: the rows of a table whose moment is set. ``key`` is the id of a row, ``since`` its moment.

    ``due``: a row waits from its moment on; else it waits whatever the moment, as when a file loaded today is ticked
    as at last spring. ``also``: what must hold besides. ``area``: where the area of a row stands; None: it is that of
    its case.
    """

    key: Any
    since: Any
    due: bool = False
    also: Sequence[ColumnElement[bool]] = ()
    area: Any = None

    def first(self, session: Session, as_at: datetime, area: str | None = None, limit: int | None = None) -> list[Id]:
        """Return the ids that wait, who waits longest first, at most ``limit``."""
        query = built(self, area is not None, limit is not None)
        return list(session.scalars(query, {"as_at": as_at, "of_area": area, "most": limit}))


@cache
def built(queue: Queue, of_one_area: bool, limited: bool) -> Select[Any]:
    """Return the query of a queue, built once: it runs every few seconds for ever."""
    waits = queue.since <= bindparam("as_at", type_=Moment) if queue.due else queue.since.is_not(None)
    query = select(queue.key).where(waits, *queue.also)
    if of_one_area:
        of_case = queue.area is None
        query = query.join(Case) if of_case else query
        query = query.where((Case.area if of_case else queue.area) == bindparam("of_area"))
    query = query.order_by(queue.since, queue.key)
    return query.limit(bindparam("most")) if limited else query
