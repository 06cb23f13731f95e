"""The board's pack as JSON, and the cases behind a number of it."""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from figures.board.explain import Behind
from figures.board.report import Pack
from figures.board.work import HELD_BACK
from figures.tables import Table, words_of
from views.model import View
from views.reports import ReportTableView, table_view


class BoardListView(View, title="List of cases in the board's pack"):
    """Some cases that the board is shown by reference."""

    id: str = Field(description="The name by which programs know the list.", examples=["longest_cases"])
    title: str = Field(description="Its title.")
    cases: list[dict[str, str]] = Field(description="Its lines: `case`, and each column by name, as people read it.")


class BoardPackView(View, title="Board's pack"):
    """What the board is shown of a quarter, in one area or in several added up."""

    areas: list[str] = Field(description="The areas, added up.", examples=[["London"]])
    period: str = Field(description="The quarter, as the command was asked for it.", examples=["2027-Q1"])
    first_day: date = Field(description="Its first day.")
    last_day: date = Field(description="Its last day.")
    counted_to: date = Field(description="The last day that was counted: the quarter may not be over yet.")
    lay_adviser: bool = Field(description="Whether it is the lay adviser's version, which names no case.")
    fewer_than: int = Field(description="Below which number one was held back; 0: none was.")
    seeds: dict[str, int] = Field(description="By which seed the level 1 sample of each area was drawn.")
    points: list[str] = Field(description="What to know first, a sentence each.")
    tables: list[ReportTableView] = Field(description="Its tables of numbers; what is held back is null, as no data.")
    held_back: list[str] = Field(description="The cells that are held back: table, row and column with dots between.")
    lists: list[BoardListView] = Field(description="Its lists of cases; none in the lay adviser's version.")


class BoardCaseView(View, title="Case behind a number of the board's pack"):
    """A case behind a number."""

    case: str | None = Field(
        description="The reference of the case; null for an agency at a meeting of the board.",
        examples=["LON-2026-000123"],
    )
    crn: str | None = Field(
        description="The CRN of the person; null for an agency at a meeting of the board.", examples=["X320741"]
    )
    counts: bool = Field(description="Whether it counts: false for one that is only among those it is a share of.")
    why: str = Field(description="Why, with the days.")


def board_view(pack: Pack) -> BoardPackView:
    """Return a pack as JSON has it."""
    return BoardPackView(
        areas=pack.areas,
        period=pack.period.name,
        first_day=pack.period.first,
        last_day=pack.period.last,
        counted_to=pack.counted_to,
        lay_adviser=pack.lay_adviser,
        fewer_than=pack.fewer_than,
        seeds=pack.seeds,
        points=pack.points,
        tables=[table_view(table) for table in pack.tables],
        held_back=[
            f"{table.id}.{row}.{column}"
            for table in pack.tables
            for row, cells in table.cells.items()
            for column, value in cells.items()
            if value == HELD_BACK
        ],
        lists=[list_view(table) for table in pack.lists],
    )


def list_view(table: Table) -> BoardListView:
    """Return a list of cases as JSON has it."""
    return BoardListView(
        id=table.id,
        title=table.title,
        cases=[
            {"case": row.label} | {name: words_of(value) for name, value in table.cells[row.name].items()}
            for row in table.rows
        ],
    )


def behind_views(found: Sequence[Behind]) -> list[BoardCaseView]:
    """Return the cases behind a number as JSON has them."""
    return [BoardCaseView(case=one.case, crn=one.crn, counts=one.counts, why=one.why) for one in found]
