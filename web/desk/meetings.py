"""The meetings of the cases that somebody may read: to come, held, and month by month.

Several cases are often heard in one sitting: those of a day in one place with one Chair stand together.
"""

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select
from starlette.responses import Response

from models.cases import Case
from models.meetings import Meeting
from policy.calendar import london_date, london_time
from policy.texts import plain, whole_number
from policy.vocabulary import MeetingState
from policy.words import MONTHS
from web.access.relations import readable
from web.access.rights import Action, areas_for
from web.pages import page
from web.routes import Pages
from web.visit import Visit

PAGES = Pages()
BACK, MOST = timedelta(days=60), 1000
COMING, HELD, MONTH = "", "held", "month"
MEETS = (2, 3)
NOT_CANCELLED = (MeetingState.PLANNED, MeetingState.HELD)
Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Sitting:
    """Meetings of a day in one place with one Chair, by the time at which they begin."""

    place: str
    chair: str
    meetings: Rows

    @property
    def begins(self) -> datetime:
        """Return when the first begins."""
        first: datetime = min(one.starts_at for one in self.meetings)
        return first

    @property
    def ends(self) -> datetime:
        """Return when the last ends."""
        last: datetime = max(one.starts_at + timedelta(minutes=one.minutes_long) for one in self.meetings)
        return last


@dataclass(frozen=True, slots=True)
class Month:
    """A month as a page of a calendar: its weeks, each day with the sittings of that day."""

    name: str
    weeks: list[list[tuple[date, list[Sitting]]]]
    first: date
    previous: str
    following: str


@PAGES.get("/meetings", Action.SIGNED_IN)
def meetings(visit: Visit) -> Response:
    """Show the meetings to come, those of the last two months, or those of one month."""
    show = visit.query.get("show", COMING)
    first = month_asked(visit)
    found = rows_of(visit, period(visit, show, first), newest_first=show == HELD)
    chairs = sorted({row.chair for row in found if row.chair}, key=plain)
    level, chair = visit.query.get("level", ""), visit.query.get("chair", "")
    kept = [row for row in found if level in ("", str(row.level)) and chair in ("", row.chair)]
    return page(
        visit, "meetings.html", show=show, days=list(by_day(kept)), level=level, chair=chair, chairs=chairs,
        month=month_of(first, kept) if show == MONTH else None, levels=MEETS, more=len(found) == MOST,
        rooms=areas_for(visit.reader, Action.SEE_ROOM),
    )  # fmt: skip


def month_asked(visit: Visit) -> date:
    """Return the first day of the month that the address names (``2026-10``), else of this month."""
    year, _, month = visit.query.get("month", "").partition("-")
    numbers = whole_number(year, 9998), whole_number(month, 12)
    if numbers[0] and numbers[1]:
        return date(numbers[0], numbers[1], 1)
    return visit.today.replace(day=1)


def period(visit: Visit, show: str, first: date) -> ColumnElement[bool]:
    """Return the condition of the meetings of a list, or of a month."""
    if show == MONTH:
        begins, ends = (london_time(day, time(0)) for day in (first, next_month(first)))
        return and_(Meeting.state.in_(NOT_CANCELLED), Meeting.starts_at >= begins, Meeting.starts_at < ends)
    if show == HELD:
        return and_(Meeting.state == MeetingState.HELD, Meeting.starts_at > visit.as_at - BACK)
    return Meeting.state == MeetingState.PLANNED


def rows_of(visit: Visit, wanted: ColumnElement[bool], *, newest_first: bool) -> Rows:
    """Return the meetings that the reader may see, by their time."""
    query = (
        select(
            Meeting.number,
            Meeting.level,
            Meeting.starts_at,
            Meeting.minutes_long,
            Meeting.place,
            Meeting.chair_name.label("chair"),
            Meeting.state,
            Meeting.minutes_on,
            Case.reference,
            Case.area,
        )
        .join(Case, Case.id == Meeting.case_id)
        .where(readable(visit.reader, visit.as_at), wanted)
        .order_by(Meeting.starts_at.desc() if newest_first else Meeting.starts_at, Meeting.id)
        .limit(MOST)
    )
    with visit.record.reading() as session:
        return session.execute(query).all()


def by_day(rows: Rows) -> Iterable[tuple[date, list[Sitting]]]:
    """Yield the days of some meetings, each with its sittings."""
    for day, of_day in groupby(rows, lambda row: london_date(row.starts_at)):
        yield day, sittings(list(of_day))


def sittings(rows: Rows) -> list[Sitting]:
    """Return the meetings of one day by place and Chair, the sitting that begins first first."""
    found: dict[tuple[str, str], list[Row[*tuple[Any, ...]]]] = {}
    for row in sorted(rows, key=lambda row: (row.starts_at, row.reference)):
        found.setdefault((plain(row.place), plain(row.chair or "")), []).append(row)
    return [Sitting(together[0].place, together[0].chair or "", together) for together in found.values()]


def month_of(first: date, rows: Rows) -> Month:
    """Return a month as a page of a calendar; days of other months, which fill its weeks, have nothing."""
    of_day = dict(by_day(rows))
    weeks = [
        [(day, of_day.get(day, []) if day.month == first.month else []) for day in week]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    return Month(
        name=f"{MONTHS[first.month - 1]} {first.year}", weeks=weeks, first=first,
        previous=f"{first - timedelta(days=1):%Y-%m}", following=f"{next_month(first):%Y-%m}",
    )  # fmt: skip


def next_month(first: date) -> date:
    """Return the first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)
