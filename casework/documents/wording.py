"""How documents name things and write dates: whole words, for somebody who has never seen the case.

Days and hours are those of Europe/London.
"""

from datetime import datetime, timedelta

from models.disclosures import Disclosure
from models.meetings import Meeting
from policy.calendar import LONDON
from policy.words import agency_name, long_date


def disclosed_by(one: Disclosure) -> str:
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
