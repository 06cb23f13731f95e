"""How far one date lies from another, as a policy writes it: ``+3 days``, ``-2 weeks``, ``-1 month`` or ``+5W``."""

import re
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator

from policy.calendar import WorkingCalendar, add_months, next_day

OFFSET = re.compile(r"(?P<sign>[+-])(?P<count>\d{1,3})(?: (?P<unit>day|week|month|year)s?|(?P<working>W))", re.ASCII)
DUE = "due"
AT_ONCE = "at once"


def offset_is_well_formed(text: str) -> str:
    """Return ``text`` if it is an offset, else raise ``ValueError`` that names the forms."""
    if text not in (DUE, AT_ONCE) and not OFFSET.fullmatch(text):
        raise ValueError(f"{text!r} is not an offset: 'due', 'at once', '+3 days', '-2 weeks', '-1 month' or '+5W' are")
    return text


def shift(day: date, offset: str, calendar: WorkingCalendar) -> date:
    """Return ``day`` moved by an offset: calendar days, weeks, months and years, or working days (``W``).

    ``due`` and ``at once`` leave it. Months clamp to the month's end; a result may fall on a non-working day.
    """
    if offset in (DUE, AT_ONCE):
        return day
    match = OFFSET.fullmatch(offset)
    if match is None:
        raise ValueError(f"{offset!r} is not an offset")
    count = int(match["sign"] + match["count"])
    if match["working"]:
        return calendar.add_working_days(day, count)
    if match["unit"] == "day":
        return next_day(day, timedelta(days=count))
    if match["unit"] == "week":
        return next_day(day, timedelta(weeks=count))
    return add_months(day, count * (12 if match["unit"] == "year" else 1))


Offset = Annotated[str, AfterValidator(offset_is_well_formed)]
