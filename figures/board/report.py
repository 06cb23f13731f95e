"""The board's pack: what it shows of a quarter, and the same for a lay adviser without a case.

Everything is seen as at the end of the quarter's last day. Sources: Joint inspection 2015, 3.3, 3.4 (indicators and
outcomes to the board), 4.22 and 7.12 (a sample of level 1, audit), 6.55 and 7.24 (escalation to the board), 7.11 (lay
advisers read reports).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from figures.board import building, lists
from figures.board.actions import actions_table, open_actions
from figures.board.asked import Asked, asked_for
from figures.board.cases import Managed, findings_of, managed, sample_of
from figures.board.duties import Escalated, Overdue, escalated, overdue
from figures.board.governance import Standing, board_table, caseload_table, caseloads, governance
from figures.board.points import points_of
from figures.board.work import HELD_BACK, Worked, worked
from figures.data_quality import Line, data_quality
from figures.periods import Period
from figures.tables import Page, Table
from models.board_business import BoardAction
from policy.words import listed, short_date

NOTES = (
    "Everything is seen as at the end of the last day that was counted. A page made later for the same quarter shows "
    "the same, except data quality, and except work whose due date has moved since: it is seen with its new date.",
    "Work is overdue once its due date has ended and until it is done or overtaken. A pause moves no due date. What "
    "the record did not have by then is not counted.",
    "An escalation is open until the work is done or overtaken. It is counted with the highest person it has reached.",
    "A review is a level 2 or 3 meeting that was held, or a level 1 review. Without one, the time counts from the day "
    "from which the case has been at a level outside custody. Cases in custody are not counted.",
    'Where nothing was due there is "no data", which is not 100%.',
)  # fmt: skip


OF_TABLE = {"escalated_cases": "escalations", "longest_cases": "since_review", "sampled_cases": "sample"}
"""Under which table a list stands."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a pack is made of, read from the record."""

    asked: Asked
    worked: list[Worked]
    escalated: list[Escalated]
    overdue: list[Overdue]
    managed: list[Managed]
    sample: list[Managed]
    flaws: list[Line]
    findings: dict[str, str] = field(default_factory=dict)
    governance: list[Standing] = field(default_factory=list)
    caseloads: list[Standing] = field(default_factory=list)
    actions: Sequence[BoardAction] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """The board's pack of a quarter. ``tables``: numbers alone; ``lists``: cases, none in a lay adviser's version.

    ``fewer_than``: below which a number was held back; 0: none was. ``seeds``: of the sample, by area.
    """

    areas: list[str]
    period: Period
    counted_to: date
    lay_adviser: bool
    fewer_than: int
    seeds: dict[str, int]
    tables: list[Table]
    lists: list[Table]
    points: list[str]
    notes: list[str] = field(default_factory=list)

    def table(self, name: str) -> Table:
        """Return a table or a list by its id; ``KeyError`` where there is none."""
        return {one.id: one for one in (*self.tables, *self.lists)}[name]

    def page(self) -> Page:
        """Return the pack as a page to read: each list under the table that it belongs to, and no check that holds."""
        shown = []
        for table in self.tables:
            failed = [check for check in table.checks if not check.holds]
            shown.append(replace(with_data(table) if table.id == "trend" else table, checks=failed))
            shown += [one for one in self.lists if OF_TABLE[one.id] == table.id and one.rows]
        return replace(self.everything(), tables=shown)

    def everything(self) -> Page:
        """Return the pack with every table and list."""
        title = f"MAPPA board's pack, {self.period.title}"
        if self.lay_adviser:
            title += ": lay adviser's version"
        about = f"{listed(self.areas)}. Quarter {self.period.name}, counted to {short_date(self.counted_to)}."
        return Page(title, about, [*self.tables, *self.lists], notes=self.notes, points=self.points)


def board_pack(
    session: Session,
    quarter: Period,
    today: date,
    areas: Sequence[str],
    *,
    lay_adviser: bool = False,
    seed: int | None = None,
) -> Pack:
    """Return the pack of some areas on a quarter; ``PeriodError`` where none of its days has ended by ``today``.

    ``seed``: by which the sample is drawn; None: by one that follows from area and quarter.
    """
    return pack_of(gathered(session, asked_for(session, areas, quarter, today, lay_adviser=lay_adviser, seed=seed)))


def gathered(session: Session, asked: Asked) -> Found:
    """Read what a pack is made of."""
    cases = list(managed(session, asked))
    flaws = [line for area in asked.areas for line in data_quality(session, area) if line.since <= asked.on]
    return Found(
        asked,
        worked(session, asked),
        escalated(session, asked),
        list(overdue(session, asked)),
        cases,
        sample_of(cases, asked),
        flaws,
        findings_of(session, asked),
        governance(session, asked),
        caseloads(session, asked),
        open_actions(session, asked),
    )


def pack_of(found: Found) -> Pack:
    """Return a pack made of what was read."""
    asked = found.asked
    since_review = building.waiting(found.managed, asked)
    sample = building.sampled(found.sample, since_review.value("level_1", "total"), asked)
    tables = [
        building.indicators(found.worked, asked),
        building.trend(found.worked, asked),
        building.agencies_below(found.worked[-1], asked),
        building.attendance(found.worked[-1], asked),
        building.escalations(found.escalated, asked),
        building.overdue(found.overdue, asked),
        since_review,
        sample,
        board_table(found.governance, asked),
        actions_table(found.actions, asked),
        building.quality(found.flaws, asked),
        caseload_table(found.caseloads, asked),
    ]
    return Pack(
        areas=list(asked.areas),
        period=asked.quarter,
        counted_to=asked.on,
        lay_adviser=asked.lay_adviser,
        fewer_than=asked.fewer_than,
        seeds={area: asked.seed_of(area) for area in asked.areas},
        tables=tables,
        lists=lists_of(found, sample),
        points=points_of(tables, asked),
        notes=[*held_notes(asked), *NOTES],
    )


def lists_of(found: Found, sample: Table) -> list[Table]:
    """Return the lists of cases: none for a lay adviser.

    Where numbers are held back nobody may count them from a list, so the sample alone stays, unless it is small itself.
    """
    asked = found.asked
    if asked.lay_adviser:
        return []
    drawn = (
        []
        if sample.value(building.DRAWN, building.NUMBER) == HELD_BACK
        else [lists.sampled_cases(found.sample, found.findings)]
    )
    if asked.fewer_than:
        return drawn
    return [
        lists.escalated_cases(found.escalated, asked),
        lists.longest_cases(found.managed, asked),
        *drawn,
    ]


def with_data(table: Table) -> Table:
    """Return the table of trends with the indicators of which there is anything to show."""
    columns = [column.name for column in table.columns if column.name != "target"]
    rows = [row for row in table.rows if any(table.value(row.name, column) is not None for column in columns)]
    if len(rows) == len(table.rows):
        return table
    if not rows:
        return replace(table, rows=[], notes=["There are no data of any of the 5 quarters."])
    left = listed(row.label for row in table.rows if row not in rows)
    return replace(table, rows=rows, notes=[*table.notes, f"No data in any of these quarters: {left}."])


def held_notes(asked: Asked) -> list[str]:
    """Return what is said of the numbers that are held back."""
    if not asked.fewer_than:
        return []
    rule = (
        f"Numbers from 1 to {asked.fewer_than - 1} are held back, so that nobody can be recognised, and so are numbers "
        "from which one of them could be worked out."
    )
    left_out = "This version names no case."
    return [rule, left_out if asked.lay_adviser else "So the lists of escalations and reviews are left out."]
