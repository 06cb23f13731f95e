"""How long a case may go without anybody being asked: the promise that no stretch of a life is silent."""

from datetime import date

from policy.calendar import WorkingCalendar
from policy.numbers import SilenceNumbers
from policy.offsets import shift
from policy.vocabulary import Level, Location


def longest_silence(numbers: SilenceNumbers, location: Location, level: Level | None) -> str:
    """Return the offset by which somebody must be asked about an open case: by where the person is, and the level."""
    if location is Location.CUSTODY:
        return numbers.in_custody
    return numbers.outside_custody if level is not None else numbers.without_level


def asked_by(
    numbers: SilenceNumbers, location: Location, level: Level | None, today: date, calendar: WorkingCalendar
) -> date:
    """Return the last day on which the next prompt about a case may come."""
    return shift(today, longest_silence(numbers, location, level), calendar)
