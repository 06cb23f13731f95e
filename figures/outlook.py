"""What the next weeks bring: meetings, releases, reviews, endings and other duties, by week, agency and officer.

It is counted from what is on record today: what is planned, and what is due. What will only follow from that (the
review after the next) is not foretold.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from figures.london import london_day
from figures.tables import Heading, Page, Table, Value, adds_up, cell_of
from models.cases import Case
from models.meetings import Meeting
from models.obligations import Timescale
from models.people import Person
from policy.kinds import BY_NAME, Endings, Release, Reviews
from policy.vocabulary import MeetingState, State
from policy.words import agency_name, inside, listed, opening, short_date

WEEK, BLOCK = 7, 4
OVERDUE, TOTAL, MEETINGS, OTHER, NOBODY = "overdue", "total", "meetings", "other", "nobody"
OF_KIND = {
    Release.RELEASE.value: "releases",
    Reviews.LEVEL_1_REVIEW.value: "reviews",
    Reviews.LEVEL_2_REVIEW.value: "reviews",
    Reviews.LEVEL_3_REVIEW.value: "reviews",
    Endings.END_OF_SENTENCE_CHECK.value: "endings",
}
"""In which column a duty counts; any other counts as ``other``."""
WHAT = (
    Heading("releases", "Releases"), Heading("reviews", "Reviews"), Heading("endings", "Endings"),
    Heading(OTHER, "Other duties"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ahead:
    """One thing that is planned or due: on which case, whose, what it is, and in which column it counts."""

    case: str
    crn: str
    on: date
    what: str
    column: str
    agency: str
    officer: str

    @property
    def why(self) -> str:
        """Return what it is, and when, in a sentence."""
        if self.column == MEETINGS:
            return f"a meeting is planned for {short_date(self.on)}"
        return f"{self.what} is due on {short_date(self.on)}"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What some weeks bring to some areas, from a day on."""

    areas: list[str]
    today: date
    weeks: int
    ahead: list[Ahead]

    @property
    def last(self) -> date:
        """Return the last day: the Sunday of the last week."""
        return monday(self.today) + timedelta(days=WEEK * self.weeks - 1)

    def week_of(self, one: Ahead) -> str:
        """Return the name of the row of a week."""
        if one.on < self.today:
            return OVERDUE
        return f"week_{(one.on - monday(self.today)).days // WEEK + 1:02d}"

    def block_of(self, one: Ahead) -> str:
        """Return the name of the column of four weeks."""
        if one.on < self.today:
            return OVERDUE
        first = (one.on - monday(self.today)).days // WEEK // BLOCK * BLOCK + 1
        return f"weeks_{first:02d}"


def monday(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def outlook(session: Session, areas: Sequence[str], today: date, weeks: int) -> Outlook:
    """Return what is planned and due in some areas until the end of some weeks; this week is the first."""
    found = Outlook(list(areas), today, weeks, [])
    found.ahead.extend(sorted(
        (*meetings(session, found), *duties(session, found)), key=lambda one: (one.on, one.case, one.what),
    ))  # fmt: skip
    return found


def officer() -> ColumnElement[str]:
    """Return who manages a case, by name, else by address; "" where nobody is named."""
    return func.coalesce(Case.offender_manager, Case.offender_manager_email, "")


def meetings(session: Session, asked: Outlook) -> Iterator[Ahead]:
    """Yield the meetings that are planned."""
    day = london_day(Meeting.starts_at)
    columns = select(Case.reference, Person.crn, day, Case.lead_agency, officer())
    query = columns.join_from(Meeting, Case, Case.id == Meeting.case_id).join(Person, Person.id == Case.person_id)
    query = query.where(
        Case.area.in_(asked.areas), Meeting.state == MeetingState.PLANNED, day >= asked.today, day <= asked.last
    )
    for reference, crn, on, agency, who in session.execute(query.order_by(Meeting.id)):
        yield Ahead(reference, crn, on, "meeting", MEETINGS, agency, who or NOBODY)


def duties(session: Session, asked: Outlook) -> Iterator[Ahead]:
    """Yield what is due, and what is overdue."""
    whose = case((Timescale.owner_agency == "lead_agency", Case.lead_agency), else_=Timescale.owner_agency)
    columns: Select[Any] = select(Case.reference, Person.crn, Timescale.due_on, Timescale.kind, whose, officer())
    query = columns.join_from(Timescale, Case).join(Person, Person.id == Case.person_id)
    query = query.where(
        Case.area.in_(asked.areas), Timescale.state.in_((State.OPEN, State.PAUSED)), Timescale.due_on <= asked.last
    )
    for reference, crn, on, kind, agency, who in session.execute(query.order_by(Timescale.id)):
        what = inside(BY_NAME[kind].spec.title) if kind in BY_NAME else kind
        yield Ahead(reference, crn, on, what, OF_KIND.get(kind, OTHER), agency, who or NOBODY)


def tables_of(found: Outlook) -> list[Table]:
    """Return the tables of an outlook."""
    due = [one for one in found.ahead if one.column != MEETINGS]
    agencies = [Heading(name, opening(agency_name(name))) for name in sorted({one.agency for one in due})]
    officers = [
        Heading(name, "Nobody is named" if name == NOBODY else name) for name in sorted({one.officer for one in due})
    ]
    return [
        by_week(found),
        by_block("agencies", "What is due, by the agency whose duty it is", "Agency", agencies, found,
                 lambda one: one.agency),
        by_block("officers", "What is due, by the officer who manages the case", "Officer", officers, found,
                 lambda one: one.officer),
    ]  # fmt: skip


def by_week(found: Outlook) -> Table:
    """Return what is due by week and kind, and the meetings that are planned beside it."""
    rows = [Heading(OVERDUE, "Overdue"), *weeks_of(found)]
    counts = Counter((found.week_of(one), one.column) for one in found.ahead)
    names, kinds = [row.name for row in rows], [column.name for column in WHAT]
    cells = with_totals({row: {column: counts[row, column] for column in kinds} for row in names}, kinds)
    for row in names:
        cells[row][MEETINGS] = counts[row, MEETINGS]
    cells[TOTAL][MEETINGS] = sum(counts[row, MEETINGS] for row in names)
    return Table(
        "weeks", "What is planned and due, by week", [*rows, Heading(TOTAL, "Total")],
        [Heading(MEETINGS, "Meetings"), *WHAT, Heading(TOTAL, "All duties")], cells, adds_up(cells, names, kinds),
        drawn=([name for name in names if name != OVERDUE], [TOTAL]), stub="Week",
    )  # fmt: skip


def by_block(
    name: str, title: str, stub: str, rows: Sequence[Heading], found: Outlook, whose: Callable[[Ahead], str]
) -> Table:
    """Return what is due by whose it is, in blocks of four weeks."""
    columns = [Heading(OVERDUE, "Overdue"), *blocks_of(found)]
    counts = Counter((whose(one), found.block_of(one)) for one in found.ahead if one.column != MEETINGS)
    names, blocks = [row.name for row in rows], [column.name for column in columns]
    cells = with_totals({row: {block: counts[row, block] for block in blocks} for row in names}, blocks)
    checks = adds_up(cells, names, blocks)
    total = Heading(TOTAL, "Total")
    return Table(name, title, [*rows, total], [*columns, total], cells, checks, stub=stub)


def with_totals(cells: dict[str, dict[str, int]], columns: Sequence[str]) -> dict[str, dict[str, Value]]:
    """Return cells with a row and a column of totals; a table without rows has the row of totals alone."""
    found: dict[str, dict[str, Value]] = {row: {**values, TOTAL: sum(values.values())} for row, values in cells.items()}
    down = {column: sum(values[column] for values in cells.values()) for column in columns}
    return found | {TOTAL: {**down, TOTAL: sum(down.values())}}


def weeks_of(found: Outlook) -> Iterator[Heading]:
    """Yield the rows of the weeks."""
    for number in range(found.weeks):
        first = monday(found.today) + timedelta(days=WEEK * number)
        last = first + timedelta(days=WEEK - 1)
        yield Heading(f"week_{number + 1:02d}", from_to(max(first, found.today), last))


def from_to(first: date, last: date) -> str:
    """Return some days of a week in words: ``9 to 15 March 2026``, ``30 March to 5 April 2026``."""
    begins = short_date(first)
    if first.year == last.year:
        begins = f"{first.day}" if first.month == last.month else begins.rpartition(" ")[0]
    return f"{begins} to {short_date(last)}"


def blocks_of(found: Outlook) -> Iterator[Heading]:
    """Yield the columns of four weeks each; the last may be shorter."""
    for first in range(1, found.weeks + 1, BLOCK):
        last = min(first + BLOCK - 1, found.weeks)
        yield Heading(f"weeks_{first:02d}", f"Weeks {first} to {last}" if last > first else f"Week {first}")


def explain(found: Outlook, cell: str) -> list[Ahead]:
    """Return what a number counts; ``cell``: table, row and column with dots between (``weeks.week_01.reviews``).

    ``NoSuchCellError`` where the outlook has no such number.
    """
    name, row, column = cell_of(tables_of(found), cell)
    return [one for one in found.ahead if counts_at(found, one, name, row, column)]


def counts_at(found: Outlook, one: Ahead, table: str, row: str, column: str) -> bool:
    """Tell whether something counts in a cell."""
    if table == "weeks":
        in_column = one.column == column or (column == TOTAL and one.column != MEETINGS)
        return row in (TOTAL, found.week_of(one)) and in_column
    whose = one.agency if table == "agencies" else one.officer
    return one.column != MEETINGS and row in (TOTAL, whose) and column in (TOTAL, found.block_of(one))


def page_of(found: Outlook) -> Page:
    """Return an outlook as it is published."""
    return Page(
        title=f"Outlook: the next {found.weeks} weeks",
        about=f"{listed(found.areas)}. From {short_date(found.today)} to {short_date(found.last)}.",
        tables=tables_of(found),
        notes=(
            "Counted from what is planned and due on record today. What will only follow from it is not foretold.",
            "What is paused counts on its due date: a pause does not move it.",
        ),
    )
