"""The board's pack of the small area, on either database: each section as it was worked out by hand."""

from dataclasses import replace

import pytest

from figures.board.asked import Asked, asked_for
from figures.board.explain import Behind, HeldBackError, NoCasesForLayAdvisersError, behind, explain
from figures.board.report import Pack, board_pack, gathered, pack_of
from figures.board.work import HELD_BACK
from figures.pages import page_as_html
from figures.periods import quarter
from figures.tables import DASH, NoSuchCellError, Table
from models.record import Record
from tests.figures.board.by_hand import AREA, TODAY, fill

QUARTER = quarter("2027-Q2")


@pytest.fixture
def filled(record: Record) -> Record:
    with record.writing() as session:
        fill(session)
    return record


def made(record: Record, *, areas: tuple[str, ...] = (AREA,), **more: object) -> Pack:
    """The pack as it is made on the morning after the quarter, or as ``more`` says."""
    with record.reading() as session:
        return board_pack(session, QUARTER, TODAY, list(areas), **more)  # type: ignore[arg-type]


def cases(table: Table) -> list[str]:
    """The references of a list of cases."""
    return [row.label for row in table.rows]


def test_each_section_is_as_it_was_worked_out_by_hand(filled: Record) -> None:
    pack = made(filled)
    attendance = {"counted": 1, "of": 2, "per_cent": 50.0, "target": 90.0, "against": "Below"}
    assert pack.table("indicators").cells["attendance"] == attendance
    # The plan was done six weeks late; of it nobody set a target.
    assert pack.table("indicators").cells["plan_update"] == {
        "counted": 0, "of": 1, "per_cent": 0.0, "target": DASH, "against": DASH,
    }  # fmt: skip
    assert pack.table("trend").cells["level_1_review"] == {
        "2026-Q2": None, "2026-Q3": None, "2026-Q4": None, "2027-Q1": 0.0, "2027-Q2": 0.0, "target": DASH,
    }  # fmt: skip
    assert {row: cells["per_cent"] for row, cells in pack.table("agencies_below").cells.items()} == {
        "housing:attendance": 0.0,
        "mappa_unit:minutes": 0.0,
    }
    assert {row: cells["counted"] for row, cells in pack.table("attendance").cells.items()} == {
        "housing": 0, "police": 1, "total": 1,
    }  # fmt: skip
    assert {row: cells["number"] for row, cells in pack.table("escalations").cells.items()} == {
        "smb_chair": 1, "chair": 1, "total": 2,
    }  # fmt: skip
    none = {"up_to_4": 0, "up_to_13": 0, "up_to_26": 0, "over_26": 0}
    assert pack.table("overdue").cells == {
        "exit_plan": none | {"up_to_26": 1, "total": 1},
        "level_1_review": none | {"up_to_4": 1, "over_26": 1, "total": 2},
        "minutes": none | {"up_to_13": 1, "total": 1},
        "total": {"up_to_4": 1, "up_to_13": 1, "up_to_26": 1, "over_26": 1, "total": 4},
    }
    never = {"up_to_16": 0, "up_to_26": 0, "up_to_52": 0, "over_52": 0, "total": 0}
    assert pack.table("since_review").cells == {
        "level_1": never | {"up_to_16": 2, "over_52": 1, "total": 3},
        "level_2": never | {"up_to_16": 1, "total": 1},
        "level_3": never,
        "total": never | {"up_to_16": 3, "over_52": 1, "total": 4},
    }
    assert pack.table("sample").cells == {"drawn": {"number": 3}, "of": {"number": 3}}
    flaws = {row: cells["number"] for row, cells in pack.table("data_quality").cells.items() if cells["number"]}
    # Case 7 has no address of an offender manager, and case 2 at level 2 nobody of the police.
    assert flaws == {"no_offender_manager": 1, "no_police_offender_manager": 1, "total": 2}
    assert all(check.holds for table in pack.tables for check in table.checks)


def test_the_lists_name_the_cases_and_begin_with_the_worst(filled: Record) -> None:
    pack = made(filled)
    escalated = pack.table("escalated_cases")
    assert cases(escalated) == ["LON-2026-000007", "LON-2026-000002"]
    assert [(one["with"], one["since"]) for one in escalated.cells.values()] == [
        ("SMB Chair (step 3)", "1 June 2026"),
        ("Chair (step 2)", "26 August 2026"),
    ]
    longest = pack.table("longest_cases")
    assert [(case, cells["weeks"]) for case, cells in zip(cases(longest), longest.cells.values(), strict=True)] == [
        ("LON-2026-000007", 82), ("LON-2026-000001", 13), ("LON-2026-000002", 7), ("LON-2026-000004", 4),
    ]  # fmt: skip
    assert longest.cells["4"]["last"] == "None since 1 September 2026"
    assert cases(pack.table("sampled_cases")) == ["LON-2026-000001", "LON-2026-000004", "LON-2026-000007"]


def test_every_number_lists_as_many_cases_as_it_says(filled: Record) -> None:
    with filled.reading() as session:
        found = gathered(session, asked_for(session, [AREA], QUARTER, TODAY))
        numbers = {
            f"{table.id}.{row}.{column}": value
            for table in pack_of(found).tables
            for row, cells in table.cells.items()
            for column, value in cells.items()
            if isinstance(value, int) and (value or table.id != "indicators")
        }
        assert len(numbers) > 60
        assert {cell: len(behind(session, found, cell)) for cell in numbers} == numbers


def test_a_share_lists_those_that_count_and_those_that_do_not(filled: Record) -> None:
    with filled.reading() as session:
        found = gathered(session, asked_for(session, [AREA], QUARTER, TODAY))
        [not_there] = behind(session, found, "agencies_below.housing:attendance.per_cent")
        assert not_there == Behind("LON-2026-000002", "X100002", False, "Housing: nobody came")
        [late] = behind(session, found, "trend.level_1_review.2027-Q1")
        assert late.case == "LON-2026-000007"
        [overdue] = behind(session, found, "overdue.minutes.up_to_13")
        assert overdue.why == "Minutes: due on 25 August 2026, 37 days overdue"
        for words in (
            "indicators.minutes.target",
            "longest_cases.1.weeks",
            "indicators.minutes.nothing",
            "nothing.a.b",
        ):
            with pytest.raises(NoSuchCellError):
                behind(session, found, words)


def test_the_lay_advisers_version_names_no_case_and_no_person(filled: Record) -> None:
    pack = made(filled, lay_adviser=True)
    assert (pack.lists, pack.fewer_than) == ([], 5)
    page = page_as_html(pack.page())
    for name in ("LON-", "ESS-", "X1000", "Olive", "olive", "Hidden", "<script"):
        assert name not in page
    numbers = {value for table in pack.tables for cells in table.cells.values() for value in cells.values()}
    assert HELD_BACK in numbers
    counts = [
        value
        for table in pack.tables
        for cells in table.cells.values()
        for column, value in cells.items()
        if column not in ("target", "per_cent", "against", "indicator") and isinstance(value, int)
    ]
    assert not [number for number in counts if 0 < number < 5]


def test_nobody_is_told_whom_a_number_counts_that_is_held_back(filled: Record) -> None:
    with filled.reading() as session:
        asked = asked_for(session, [AREA], QUARTER, TODAY)
        with pytest.raises(NoCasesForLayAdvisersError, match="names no case"):
            explain(session, replace(asked, lay_adviser=True), "overdue.total.total")
        strict = for_the_board(asked)
        with pytest.raises(HeldBackError, match=r"overdue.total.total is held back: it is a number below 5"):
            explain(session, strict, "overdue.total.total")
        # Nobody can count from a list what is held back; the sample of 3 would say that there are 3.
        assert pack_of(gathered(session, strict)).lists == []


def for_the_board(asked: Asked) -> Asked:
    """The same pack by a policy that holds small numbers back from the board, too."""
    policy = asked.general
    small = policy.board.small_numbers.model_copy(update={"for_the_board": True})
    held = policy.model_copy(update={"board": policy.board.model_copy(update={"small_numbers": small})})
    return replace(asked, general=held, by_area=dict.fromkeys(asked.by_area, held))
