"""Which date is the release date.

Source: docs/reference/files.md: the sentences file; dates named as in calculate-release-dates-api.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from policy.calendar import WorkingCalendar

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReleaseDates:
    """The release dates of one sentence, as the prison or probation record gives them."""

    conditional_release_date: date | None = None
    automatic_release_date: date | None = None
    parole_eligibility_date: date | None = None
    approved_parole_date: date | None = None
    hdc_approved_date: date | None = None
    post_recall_release_date: date | None = None


# How many working days before the door would open it may be opened by decision: s.23(3B) of the Criminal Justice Act
# 1961, inserted by the Offenders (Day of Release from Detention) Act 2023.
MOST_WORKING_DAYS_EARLIER = 2
# The release dates by their names in files and in the record.
DATE_NAMES = tuple(ReleaseDates.__dataclass_fields__)


def door_opens(release: date, calendar: WorkingCalendar, decided: date | None = None) -> date:
    """Return the day on which the person leaves: what counts "before release" counts from it.

    A release date on a Saturday, a Sunday or a bank holiday means the last working day before it (Criminal Justice Act
    1961 s.23(3)). ``decided``: the earlier day that was decided for this person. What is due months before the release
    counts from the date itself.
    """
    by_law = calendar.on_or_before(release)
    return by_law if decided is None else min(by_law, decided)


def earlier_days(release: date, calendar: WorkingCalendar) -> list[date]:
    """Return the days to which a release may be brought forward by decision, the earliest first.

    Only where the door would open on a Friday or the day before a holiday, and only to one of the two working days
    before that is not itself followed by a day without work (Offenders (Day of Release from Detention) Act 2023 s.1).
    """
    opens = door_opens(release, calendar)
    if calendar.is_working_day(opens + ONE_DAY):
        return []
    before = [calendar.add_working_days(opens, -count) for count in range(MOST_WORKING_DAYS_EARLIER, 0, -1)]
    return [day for day in before if calendar.is_working_day(day + ONE_DAY)]


def earliest_to_come(dates: Iterable[date | None], day: date) -> date | None:
    """Return the earliest of ``dates`` that is a day or later."""
    return min((d for d in dates if d is not None and d >= day), default=None)


def release_date(dates: ReleaseDates, today: date, standing: date | None = None, since: date = date.min) -> date | None:
    """Return the release date of one sentence, or None where none is known.

    The approved parole, approved HDC or post-recall date where there is one, else the earliest still
    to come of the parole eligibility, conditional and automatic release dates.

    ``standing`` is the date the case stands at. Once it has gone by it is kept until a person confirms the release,
    moves the date or takes it away: no date slides to the next by itself. Only an approved date, which somebody has
    recorded since, takes the place of a date by law that has gone by.

    Where no date stands yet it is the one that would stand had the file come on the first day: a file that comes a day,
    or a year, late makes no difference, and nobody has confirmed the release or told what the Parole Board decided. Of
    approved dates one still to come is of a later decision. ``since``: the person was recalled then; an earlier date
    was of the release before it.
    """
    approved = (dates.approved_parole_date, dates.hdc_approved_date, dates.post_recall_release_date)
    by_law = (dates.parole_eligibility_date, dates.conditional_release_date, dates.automatic_release_date)
    gone_by = standing is not None and standing < today
    if gone_by and standing in approved:
        return standing
    to_come = earliest_to_come(approved, today)
    if to_come is None and gone_by and standing in by_law:
        return standing
    if standing is not None:
        to_come = to_come or earliest_to_come(by_law, today)
    return to_come or last_gone_by(approved, since) or earliest_to_come(by_law, since)


def last_gone_by(dates: Iterable[date | None], since: date) -> date | None:
    """Return the last of ``dates``, none of which is to come, that is not before a day."""
    return max((d for d in dates if d is not None and d >= since), default=None)


def left_by(dates: ReleaseDates, day: date) -> date | None:
    """Return when somebody who was outside by ``day`` had left custody, by the dates of one sentence, if they tell."""
    approved = (dates.approved_parole_date, dates.hdc_approved_date, dates.post_recall_release_date)
    by_law = (dates.parole_eligibility_date, dates.conditional_release_date, dates.automatic_release_date)
    for kind in (approved, by_law):
        if gone := [on for on in kind if on is not None and on <= day]:
            return max(gone)
    return None
