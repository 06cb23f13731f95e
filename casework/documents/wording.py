"""How documents name things and write dates: whole words, for somebody who has never seen the case.

Days and hours are those of Europe/London.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from models.disclosures import Disclosure
from models.meetings import Meeting
from models.record import policies
from policy.calendar import LONDON
from policy.words import long_date, opening

Names = Callable[[str], str]
"""Gives an agency its name, with a capital to begin with."""


def agency_names(session: Session, area: str, on: date) -> Names:
    """Return the names of agencies in an area on a day."""
    policy = policies(session).for_area(area, on)
    return lambda agency: opening(policy.agency_name(agency))


def disclosed_by(one: Disclosure, agency_name: Names) -> str:
    """Return who makes a disclosure, and for which agency."""
    return f"{one.discloser_name}, {agency_name(one.agency)}"


def slot(starts_at: datetime, minutes_long: int) -> str:
    """Return when a meeting begins and ends; of one without a length only the day is known."""
    begins = starts_at.astimezone(LONDON)
    if minutes_long == 0:
        return f"{long_date(begins.date())}, at a time that was not recorded"
    ends = begins + timedelta(minutes=minutes_long)
    return f"{long_date(begins.date())}, {begins:%H:%M} to {ends:%H:%M} (Europe/London)"


def when(meeting: Meeting) -> str:
    """Return when a meeting is, or was."""
    return slot(meeting.starts_at, meeting.minutes_long)
