"""Every door refuses a number above the highest that a row can have: PostgreSQL fails when it is asked for one."""

from sqlalchemy import select

from models.meetings import Meeting
from models.record import Record
from policy.texts import HIGHEST_NUMBER


def test_every_database_can_be_asked_for_the_highest_number(record: Record) -> None:
    with record.reading() as session:
        assert session.scalars(select(Meeting).where(Meeting.number == HIGHEST_NUMBER)).all() == []
