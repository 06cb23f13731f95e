"""The board itself: meetings of a year, lay advisers, actions, training, caseloads; and the level 1 sample.

Joint inspection 2015, 2.5, 4.22, 5.11, 6.29, 6.37, 7.11, 7.12; quarterly meetings: Durham annual report 2005-06.
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
        f"actions:{AREA}": {"stands": "0 open, 0 overdue", "asked": "none overdue", "against": "Met"},
        f"training:{AREA}": {"stands": "0 of 0 trained", "asked": "each, within 5 years", "against": "Met"},
    }
    assert (
        "Short of the policy: meetings of the board in 12 months (3 meetings; policy: 4 meetings); lay advisers "
        "(1 lay adviser; policy: 2 lay advisers)." in pack.points
    )


def test_an_action_of_the_board_is_overdue_once_its_due_day_has_ended(filled: Record) -> None:
    """Seen as at the end of 30 September 2026, the last day that was counted (TODAY is 1 October).

    Due that day: overdue by one day on the day after. Due on 1 October: open. Done on 1 October: still open then. Done
    on 30 September: not open any more. Set on 1 October: not there yet. Source: joint inspection 2015, 5.11.
    """
    assert date(2026, 9, 30) == LAST
    met = date(2026, 6, 10)
    with filled.writing() as session:
        rows.board_action(session, AREA, met, LAST)
        rows.board_action(session, AREA, met, TODAY, number=2)
        rows.board_action(session, AREA, met, date(2026, 9, 1), number=3, done_on=TODAY, outcome="Two found")
        rows.board_action(session, AREA, met, date(2026, 9, 1), number=4, done_on=LAST, outcome="None found")
        rows.board_action(session, AREA, TODAY, TODAY, number=5)
        rows.board_action(session, "Elsewhere", met, LAST)
    pack = made(filled)
    assert pack.table("governance").cells[f"actions:{AREA}"] == {
        "stands": "3 open, 2 overdue", "asked": "none overdue", "against": "Short",
    }  # fmt: skip
    table = pack.table("board_actions")
    assert [(row.label, table.cells[row.name]["standing"]) for row in table.rows] == [
        ("10 June 2026, number 3", "Overdue by 30 days"),
        ("10 June 2026, number 1", "Overdue by 1 day"),
        ("10 June 2026, number 2", "Today"),
    ]
    assert table.cells["1"]["what"] == "Report the voids"
    with filled.reading() as session:
        lay = board_pack(session, QUARTER, TODAY, [AREA], lay_adviser=True).table("board_actions")
    assert [column.name for column in lay.columns] == ["owner", "agency", "due", "standing"]


def test_who_manages_cases_for_the_police_is_to_be_trained(filled: Record) -> None:
    """Five years from 30 September 2021 end on 30 September 2026: trained then. A day earlier is too long ago.

    Who was trained after that day was not by then; who manages a closed case is not asked. Source: joint inspection
    2015, 6.37; five years: our default.
    """
    trained = {
        "priya@police.example": date(2021, 9, 30),
        "late@police.example": date(2021, 9, 29),
        "soon@police.example": TODAY,
        "never@police.example": None,
        "closed@police.example": None,
    }
    with filled.writing() as session:
        for number, (email, day) in enumerate(trained.items()):
            case = rows.case(session, rows.person(session, f"X5{number:05d}"), f"N{number}", area=AREA)
            case.police_offender_manager_email = email.title()
            case.closed_on = date(2026, 5, 4) if "closed" in email else None
            if day is not None:
                rows.training(session, AREA, email, day)
        rows.training(session, AREA, "late@police.example", date(2016, 1, 1))
    pack = made(filled)
    assert pack.table("governance").cells[f"training:{AREA}"] == {
        "stands": "1 of 4 trained; 2 never, 1 too long ago", "asked": "each, within 5 years", "against": "Short",
    }  # fmt: skip
    assert any("training of police offender managers (MOSAVO) (1 of 4 trained; 2 never, 1 too long ago; policy: each, "
               "within 5 years)" in point for point in pack.points)  # fmt: skip


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
