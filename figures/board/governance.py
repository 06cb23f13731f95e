"""How the board itself stands: how often it met, its lay advisers, its actions, and those who manage the cases.

Sources: Durham annual report 2005-06 (the board meets quarterly), joint inspection 2015, 2.5 and 7.11 (lay advisers),
5.11 (actions have an owner, a day and an outcome), 6.29 (caseloads), 6.37 and 7.6 (training). All is seen as at the day
of the pack, except who manages which case: of that the record knows today's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from figures.board.asked import Asked
from figures.board.training import managing
from figures.tables import Heading, Table, Value
from models.board_business import BoardAction, open_at_the_end_of, overdue_at_the_end_of
from models.board_meetings import BoardMeeting
from models.caseloads import MANAGERS, caseloads_of
from models.directory import DirectoryEntry
from policy.board import TrainingGap, training_gap
from policy.calendar import add_months
from policy.roles import Role
from policy.words import counted, inside, opening, role_name

MET, SHORT, ABOVE = "Met", "Short", "Above"
MEETINGS, ADVISERS, ACTIONS, TRAINING = "meetings", "lay_advisers", "actions", "training"
GAPS = {TrainingGap.UNTRAINED: "never", TrainingGap.OVERDUE: "too long ago"}
COLUMNS = [Heading("stands", "How it stands", words=True), Heading("asked", "Policy", words=True),
           Heading("against", "Against the policy", words=True)]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing asked of an area: how it stands and what the policy asks, in words, and whether that is enough."""

    name: str
    title: str
    area: str
    stands: str
    asked: str
    against: str


def governance(session: Session, asked: Asked) -> list[Standing]:
    """Return how the board of each area stands on the day of a pack."""
    return [one for area in asked.areas for one in of_the_board(session, area, asked)]


def of_the_board(session: Session, area: str, asked: Asked) -> Iterator[Standing]:
    """Yield how often the board of an area met in twelve months, and how many lay advisers it has."""
    numbers, on = asked.by_area[area].board, asked.on
    met = session.scalar(
        select(func.count())
        .select_from(BoardMeeting)
        .where(BoardMeeting.area == area, BoardMeeting.held_on > add_months(on, -12), BoardMeeting.held_on <= on)
    )
    yield enough(MEETINGS, "Meetings of the board in 12 months", area, met or 0, numbers.meetings_a_year, "meeting")
    there = session.scalar(select(func.count(DirectoryEntry.email.distinct())).where(*advising(area, on)))
    yield enough(ADVISERS, "Lay advisers", area, there or 0, numbers.lay_advisers, "lay adviser")
    yield actions_of(session, area, on)
    yield training_of(session, area, asked)


def actions_of(session: Session, area: str, on: date) -> Standing:
    """Return how the actions stand that the board has set itself."""
    there = select(func.count()).select_from(BoardAction).where(BoardAction.area == area)
    still = session.scalar(there.where(open_at_the_end_of(on))) or 0
    late = session.scalar(there.where(overdue_at_the_end_of(on))) or 0
    stands = f"{still} open, {late} overdue"
    return Standing(ACTIONS, "Actions of the board", area, stands, "none overdue", SHORT if late else MET)


def training_of(session: Session, area: str, asked: Asked) -> Standing:
    """Return how many of those who manage cases for the police are trained."""
    years = asked.by_area[area].board.training_years
    officers = managing(session, area, asked.on)
    gaps = [gap for one in officers if (gap := training_gap(one.trained_on, asked.on, years))]
    trained = f"{len(officers) - len(gaps)} of {len(officers)} trained"
    told = [f"{gaps.count(gap)} {words}" for gap, words in GAPS.items() if gap in gaps]
    stands = f"{trained}; {', '.join(told)}" if told else trained
    title = "Training of police offender managers (MOSAVO)"
    return Standing(TRAINING, title, area, stands, f"each, within {counted(years, 'year')}", SHORT if told else MET)


def advising(area: str, on: date) -> list[ColumnElement[bool]]:
    """Return the conditions of the lay advisers of an area on a day."""
    return [
        DirectoryEntry.area == area,
        DirectoryEntry.role == Role.LAY_ADVISER,
        or_(DirectoryEntry.valid_from.is_(None), DirectoryEntry.valid_from <= on),
        or_(DirectoryEntry.valid_to.is_(None), DirectoryEntry.valid_to >= on),
    ]


def enough(name: str, title: str, area: str, there: int, wanted: int, what: str) -> Standing:
    """Return how a number stands that is to be reached."""
    against = SHORT if there < wanted else MET
    return Standing(name, title, area, counted(there, what), counted(wanted, what), against)


def caseloads(session: Session, asked: Asked) -> list[Standing]:
    """Return, by area and role, how many open cases the busiest officer has, and how many have more than the policy."""
    return [one for area in asked.areas for one in of_officers(session, area, asked)]


def of_officers(session: Session, area: str, asked: Asked) -> Iterator[Standing]:
    """Yield the caseload of each role in an area; an officer is an address."""
    for role in MANAGERS:
        limit = asked.by_area[area].board.cases_per_officer.get(role)
        if limit is None:
            continue
        cases = [one.cases for one in caseloads_of(session, area, role)]
        above = sum(number > limit for number in cases)
        most = f"{counted(max(cases, default=0), 'case')} at most"
        stands = f"{most}; {counted(above, 'officer')} above" if above else most
        title = f"Cases of one {role_name(role)}"
        yield Standing(role.value, title, area, stands, counted(limit, "case"), ABOVE if above else MET)


def board_table(found: list[Standing], asked: Asked) -> Table:
    """Return how the board stands as a table."""
    return table_of("governance", "The board itself", found, asked)


def caseload_table(found: list[Standing], asked: Asked) -> Table:
    """Return the caseloads as a table."""
    notes = ("As on record today: who managed a case before is not known.",)
    return table_of("caseload", "Caseloads", found, asked, notes)


def table_of(name: str, title: str, found: list[Standing], asked: Asked, notes: tuple[str, ...] = ()) -> Table:
    """Return what stands as a table, a row for each thing and area."""
    several = len(asked.areas) > 1
    rows = [Heading(f"{one.name}:{one.area}", f"{one.title}, {one.area}" if several else one.title) for one in found]
    cells: dict[str, dict[str, Value]] = {
        f"{one.name}:{one.area}": {"stands": one.stands, "asked": one.asked, "against": one.against} for one in found
    }
    return Table(name, title, rows, COLUMNS, cells, notes=notes, stub="What")


def of_governance(table: Table) -> str:
    """Return what of the board itself is short, as a sentence."""
    short = [
        f"{inside(row.label)} ({table.value(row.name, 'stands')}; policy: {table.value(row.name, 'asked')})"
        for row in table.rows
        if table.value(row.name, "against") == SHORT
    ]
    if short:
        return f"Short of the policy: {'; '.join(short)}."
    return "The board stands as the policy asks: meetings, lay advisers, actions and training."


def of_caseloads(table: Table) -> str:
    """Return whose caseloads are above the policy, as a sentence."""
    above = [
        f"{inside(row.label)} ({table.value(row.name, 'stands')})"
        for row in table.rows
        if table.value(row.name, "against") == ABOVE
    ]
    if above:
        return opening(f"{'; '.join(above)}: more than the policy allows.")
    return "No officer has more cases than the policy allows."
