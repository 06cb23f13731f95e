"""Published reports come out of a caseload cell for cell: London 2013-14, Lancashire 2014-15, the nation of 2014."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from figures.annual.report import Report, annual_report, asked_for
from models.record import Record
from sample.published.files import write_caseload
from sample.published.reports import BY_LEVEL, contradictions, parts_of, published
from tests.figures.annual.caseload import grid
from tests.figures.annual.loaded import take_in
from tests.support.opened import opened

TODAY = date(2015, 6, 1)
PARTS = ("North", "Middle", "South")


def of(record: Record, *areas: str, year: int) -> Report:
    with record.reading() as session:
        return annual_report(session, asked_for(areas, year, TODAY))


@pytest.fixture(scope="module")
def london(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Report]:
    folder = tmp_path_factory.mktemp("london")
    shutil.copy(sqlite_template, folder / "record.db")
    record = opened(f"sqlite:///{folder}/record.db")
    take_in(record, write_caseload(folder, published()["london"]))
    yield of(record, "London", year=2014)
    record.close()


@pytest.mark.parametrize("table", BY_LEVEL)
def test_london_2013_14_comes_out_cell_for_cell(london: Report, table: str) -> None:
    assert grid(london.table(table)) == [list(row) for row in getattr(published()["london"], table)]


def test_so_do_its_boroughs_orders_breaches_and_rate(london: Report) -> None:
    printed = published()["london"]
    assert {row: cells["registered_sexual_offenders"] for row, cells in london.table("units").cells.items()} == (
        printed.units
    )
    assert london.table("orders").cells == {kind: {"total": number} for kind, number in printed.orders.items()}
    assert london.table("notification").cells == {"breaches": {"total": 587}}
    assert (london.rate_per_100k, printed.rate) == (85, 85)
    assert london.layout == "to-2015"


def test_every_check_of_london_holds_and_people_are_fewer_than_returns(london: Report) -> None:
    assert [check for table in london.tables for check in table.checks if not check.holds] == []
    returns = london.table("returned_licence").value("total", "total")
    people = london.table("returned_licence_people").value("total", "total")
    assert (returns, isinstance(people, int) and people < 79) == (79, True)


def test_lancashire_2014_15_comes_out_as_what_adds_up(record: Record, tmp_path: Path) -> None:
    printed = published()["lancashire"]
    take_in(record, write_caseload(tmp_path, printed))
    report = of(record, "Lancashire", year=2015)
    assert grid(report.table("eligible")) == [
        [1722, 709, 0, 2431],
        [9, 7, 9, 25],
        [0, 3, 0, 3],
        [1731, 719, 9, 2459],
    ]
    for table in BY_LEVEL[1:]:
        assert grid(report.table(table)) == [list(row) for row in getattr(printed, table)]
    assert report.table("orders").cells == {
        "order_sopo": {"total": 107}, "order_notification": {"total": 0}, "order_foreign_travel": {"total": 0},
    }  # fmt: skip
    assert report.table("notification").cells == {"breaches": {"total": 83}}
    assert report.rate_per_100k == 134
    assert [check for table in report.tables for check in table.checks if not check.holds] == []


def test_what_is_printed_of_lancashire_does_not_add_up_and_is_told() -> None:
    """The row of level 1 and the column of category 3 come to one more than was printed."""
    assert list(contradictions(published()["lancashire"])) == [
        "eligible, row 1: 1,722 + 709 + 1 = 2,432, not 2,431",
        "eligible, column 3: 1 + 9 + 0 = 10, not 9",
    ]
    assert [list(contradictions(published()[name])) for name in ("london", "england_and_wales")] == [[], []]


@pytest.fixture
def in_parts(sqlite_record: Record, tmp_path: Path) -> Record:
    """One in a hundred of the nation of 31 March 2014, in three areas."""
    for part, letter in zip(parts_of(published()["england_and_wales"], PARTS, scale=100), "ABC", strict=True):
        take_in(sqlite_record, write_caseload(tmp_path / letter, part, letter=letter))
    return sqlite_record


def test_the_nation_is_the_sum_of_its_areas(in_parts: Record) -> None:
    """The printed numbers over 100: 45,250 at level 1 in category 1, and so on. bench/ does all 65,083."""
    whole = grid(of(in_parts, *PARTS, year=2014).table("eligible"))
    assert whole == [[452, 177, 0, 629], [7, 7, 2, 16], [0, 0, 0, 0], [459, 184, 2, 645]]
    parts = [grid(of(in_parts, area, year=2014).table("eligible")) for area in PARTS]
    assert [[sum(cells) for cells in zip(*rows, strict=True)] for rows in zip(*parts, strict=True)] == whole


def test_the_full_nation_is_shared_out_to_the_last_person() -> None:
    whole = published()["england_and_wales"]
    parts = parts_of(whole, PARTS)
    rows = zip(*(part.eligible for part in parts), strict=True)
    assert tuple(tuple(sum(cells) for cells in zip(*row, strict=True)) for row in rows) == whole.eligible
