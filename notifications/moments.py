"""When e-mail may leave: on a working day, from the policy's hour; never on a weekend or a bank holiday.

There is no exception for what is urgent: nobody reads an office inbox at the weekend, and whoever is in danger is
reached by telephone, not by this program.
"""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from models.record import policies, working_calendar
from policy.calendar import london_date, london_time


def opening_hour(session: Session, area: str, day: date) -> datetime:
    """Return the moment of a day from which messages may leave."""
    return london_time(day, time(policies(session).for_area(area, day).prompting.from_hour))


def leaves_at(session: Session, area: str, wanted: datetime) -> datetime:
    """Return the first moment from one on at which a message of an area may leave."""
    day = working_calendar(session).on_or_after(london_date(wanted))
    return max(wanted, opening_hour(session, area, day))


def mail_day(session: Session, as_at: datetime) -> bool:
    """Tell whether e-mail leaves at all on the day of a moment."""
    return working_calendar(session).is_working_day(london_date(as_at))
