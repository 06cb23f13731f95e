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
from figures.tables import Cells, Heading, Page, Table, adds_up
from models.cases import Case
from models.meetings import Meeting
from models.obligations import Timescale
from models.people import Person
from policy.errors import NotFoundError
from policy.kinds import BY_NAME, Endings, Release, Reviews
from policy.vocabulary import MeetingState, State
from policy.words import agency_name, listed, opening, short_date

WEEK, BLOCK = 7, 4
OVERDUE, TOTAL, DUTIES, MEETINGS, OTHER, NOBODY = "overdue", "total", "duties", "meetings", "other", "nobody"
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


class NoSuchNumberError(NotFoundError):
    """A number is asked about that the outlook does not have."""


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
        what = BY_NAME[kind].spec.title.lower() if kind in BY_NAME else kind
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
    cells = {
        row.name: {column.name: counts[row.name, column.name] for column in WHAT} for row in rows
    }  # fmt: skip
    added = summed(cells, [row.name for row in rows], [column.name for column in WHAT], DUTIES)
    checks = adds_up(added, [row.name for row in rows], [column.name for column in WHAT], DUTIES)
    shown = {row: {MEETINGS: met(counts, rows, row), **values} for row, values in renamed(added, DUTIES, TOTAL).items()}
    return Table(
        "weeks", "What is planned and due, by week", [*rows, Heading(TOTAL, "Total")],
        [Heading(MEETINGS, "Meetings"), *WHAT, Heading(DUTIES, "All duties")], shown, checks,
        drawn=([row.name for row in rows if row.name != OVERDUE], [DUTIES]), stub="Week",
    )  # fmt: skip


def met(counts: Counter[tuple[str, str]], rows: Sequence[Heading], row: str) -> int:
    """Return the meetings of a week, or of all."""
    return sum(counts[one.name, MEETINGS] for one in rows) if row == TOTAL else counts[row, MEETINGS]


def renamed(cells: Cells, was: str, now: str) -> dict[str, dict[str, int | float | str | None]]:
    """Return cells with another name for the row of totals."""
    return {now if row == was else row: dict(values) for row, values in cells.items()}


def by_block(
    name: str, title: str, stub: str, rows: Sequence[Heading], found: Outlook, whose: Callable[[Ahead], str]
) -> Table:
    """Return what is due by whose it is, in blocks of four weeks."""
    columns = [Heading(OVERDUE, "Overdue"), *blocks_of(found)]
    counts = Counter((whose(one), found.block_of(one)) for one in found.ahead if one.column != MEETINGS)
    cells = {row.name: {column.name: counts[row.name, column.name] for column in columns} for row in rows}
    names = [row.name for row in rows], [column.name for column in columns]
    added = summed(cells, *names, TOTAL)
    return Table(
        name, title, [*rows, Heading(TOTAL, "Total")], [*columns, Heading(TOTAL, "Total")], added,
        adds_up(added, *names), stub=stub,
    )  # fmt: skip


def summed(
    cells: dict[str, dict[str, int]], rows: Sequence[str], columns: Sequence[str], total: str
) -> dict[str, dict[str, int | float | str | None]]:
    """Return cells with a row and a column of totals."""
    found: dict[str, dict[str, int | float | str | None]] = {
        row: {**cells[row], total: sum(cells[row].values())} for row in rows
    }
    found[total] = {column: sum(cells[row][column] for row in rows) for column in columns}
    found[total][total] = sum(sum(cells[row].values()) for row in rows)
    return found


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

    ``NoSuchNumberError`` where the outlook has no such number.
    """
    name, _, rest = cell.partition(".")
    row, _, column = rest.rpartition(".")
    table = next((one for one in tables_of(found) if one.id == name), None)
    if table is None:
        raise NoSuchNumberError(f"there is no table {name!r}: name weeks, agencies or officers", where="--explain")
    if row not in table.cells or column not in table.cells[row]:
        rows, columns = (listed(one.name for one in headings) for headings in (table.rows, table.columns))
        raise NoSuchNumberError(
            f"the table {name!r} has no number {row}.{column}: its rows are {rows}, its columns {columns}",
            where="--explain",
        )
    return [one for one in found.ahead if counts_at(found, one, name, row, column)]


def counts_at(found: Outlook, one: Ahead, table: str, row: str, column: str) -> bool:
    """Tell whether something counts in a cell."""
    if table == "weeks":
        in_column = one.column == column or (column == DUTIES and one.column != MEETINGS)
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
