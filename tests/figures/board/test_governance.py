"""The board itself: meetings of a year, lay advisers, caseloads; and what was found in the level 1 sample.

Joint inspection 2015, 2.5, 4.22, 6.29, 7.11, 7.12; quarterly meetings: Durham annual report 2005-06.
"""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from figures.board.report import Pack, board_pack
from figures.periods import quarter
from models.cases import Case, Fact
from models.record import Record
from tests.figures.board.by_hand import AREA, TODAY, fill
from tests.support import rows

QUARTER = quarter("2027-Q2")
LAST = TODAY - timedelta(days=1)


def lay_adviser(session: Session, name: str, until: date | None = None) -> None:
    rows.directory_entry(session, area=AREA, agency="smb", role="lay_adviser", name=name,
                         email=f"{name.lower()}@smb.example", valid_to=until)  # fmt: skip


@pytest.fixture
def filled(record: Record) -> Record:
    with record.writing() as session:
        fill(session)
    return record


def made(record: Record) -> Pack:
    with record.reading() as session:
        return board_pack(session, QUARTER, TODAY, [AREA])


def test_the_board_is_held_against_four_meetings_and_two_lay_advisers(filled: Record) -> None:
    """Three meetings in the twelve months to the last day of the quarter; one of the two advisers left before it."""
    with filled.writing() as session:
        for day in (LAST, LAST - timedelta(days=120), LAST - timedelta(days=240), LAST - timedelta(days=366)):
            rows.board_invitation(session, AREA, day, agency="police", name="A", attendance="attended", has_duty=True)
        lay_adviser(session, "Laila")
        lay_adviser(session, "Leo", LAST - timedelta(days=1))
    pack = made(filled)
    assert pack.table("governance").cells == {
        f"meetings:{AREA}": {"stands": "3 meetings", "asked": "4 meetings", "against": "Short"},
        f"lay_advisers:{AREA}": {"stands": "1 lay adviser", "asked": "2 lay advisers", "against": "Short"},
    }
    assert (
        "Short of the policy: meetings of the board in 12 months (3 meetings of 4 meetings); lay advisers "
        "(1 lay adviser of 2 lay advisers)." in pack.points
    )


def test_caseloads_are_those_of_the_busiest_officer(filled: Record) -> None:
    """51 open cases of one police officer, written in two ways, are one more than 50; a closed one is none."""
    with filled.writing() as session:
        for number in range(52):
            email = "priya@police.example" if number % 2 else "Priya@police.example"
            case = rows.case(session, rows.person(session, f"X5{number:05d}"), f"N{number}", area=AREA)
            case.police_offender_manager_email = email
            case.closed_on = date(2026, 5, 4) if number == 51 else None
    table = made(filled).table("caseload")
    assert table.cells[f"police_offender_manager:{AREA}"] == {
        "stands": "51 cases at most; 1 officer above", "asked": "50 cases", "against": "Above",
    }  # fmt: skip
    assert table.cells[f"offender_manager:{AREA}"]["against"] == "Met"


def test_what_was_found_in_the_sample_stands_in_its_list(filled: Record) -> None:
    with filled.writing() as session:
        case = session.query(Case).filter_by(reference="LON-2026-000004").one()
        for day, finding in ((QUARTER.first - timedelta(days=1), "wrong_level"), (LAST, "to_improve")):
            data = {"audit": "level_1_sample", "finding": finding, "text": "x", "by": "Laila"}
            session.add(Fact(case_id=case.id, kind="case-audit", on_date=day, recorded_at=datetime.now().astimezone(),
                             recorded_by="t", data=data))  # fmt: skip
    table = made(filled).table("sampled_cases")
    found = {row.label: table.cells[row.name]["finding"] for row in table.rows}
    assert found["LON-2026-000004"].startswith("To be improved, ")
    assert found["LON-2026-000001"] == ""
