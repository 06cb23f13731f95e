"""The day from which an area is prompted, where it was taken on with a caseload that already ran."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.cases import Case
from models.obligations import Timescale
from policy.vocabulary import State


class TakeOn(Base):
    """An area that was taken on. ``begins_on``: the first day on which it is prompted; what was due before is listed.

    An area without a row is prompted from the first case on.
    """

    __tablename__ = "take_on"

    area: Mapped[str] = mapped_column(String(60), primary_key=True)
    begins_on: Mapped[date]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(120))


def begins_on(session: Session, area: str) -> date | None:
    """Return the first day on which an area that was taken on is prompted; None for any other. Read once a session."""
    known: dict[str, date] | None = session.info.get("taken_on")
    if known is None:
        known = {row.area: row.begins_on for row in session.execute(select(TakeOn.area, TakeOn.begins_on))}
        session.info["taken_on"] = known
    return known.get(area)


def forget(session: Session) -> None:
    """Read the days anew when they are next asked for: one has been written in this session."""
    session.info.pop("taken_on", None)


BY_HARM = (func.coalesce(Case.level, 0).desc(), Timescale.due_on, Case.reference, Timescale.id)
"""The order in which somebody decides on what was overdue: the highest level first, then what has been due longest."""


def is_undecided(area: Any = Case.area) -> ColumnElement[bool]:
    """Return the condition that a duty was overdue when its area was taken on, and that nobody has decided on it.

    ``area``: that of its case, where the query does not join the case.
    """
    first = select(TakeOn.begins_on).where(TakeOn.area == area).scalar_subquery()
    waits = Timescale.state.in_((State.OPEN, State.PAUSED))
    # Most areas were not taken on: their duties need not be looked at to know that none is.
    taken_on = (literal(area) if isinstance(area, str) else area).in_(select(TakeOn.area))
    return and_(taken_on, waits, Timescale.adopted_on.is_(None), Timescale.due_on < first)
