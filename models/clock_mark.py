"""The last moment at which the clock of a machine was believed: what the next one is compared with."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base

ONE = 1
"""The id of the only row."""


class ClockMark(Base):
    """The one row of what is known of the time. It is there from the beginning, so that it is only ever updated.

    ``ticked_at``: the newest moment at which work went on by the clock of a machine; kept every few minutes, none
    before the first. ``server_doubted_until``: until when a person has said that the clock of the database server is
    the wrong one.
    """

    __tablename__ = "clock_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ticked_at: Mapped[datetime | None]
    server_doubted_until: Mapped[datetime | None]


def mark_of(session: Session) -> ClockMark:
    """Return what is known of the time, with the changes of this session."""
    return session.scalars(select(ClockMark).where(ClockMark.id == ONE)).one()


def present_of_the_server(session: Session) -> datetime | None:
    """Return the moment by the clock of the database server, in UTC; None on SQLite, which has this machine's."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    return datetime.fromtimestamp(
        float(session.scalar(select(func.extract("epoch", func.clock_timestamp()))) or 0), UTC
    )
