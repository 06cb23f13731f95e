"""What holds of every pack: made twice or later it is the same, another area changes nothing, its tables give no number
away that another of them holds back."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from figures.board import building
from figures.board.asked import Asked, asked_for
from figures.board.explain import explain
from figures.board.report import Pack, board_pack
from figures.board.work import COUNTED, HELD_BACK, MISSED, Worked, held_in
from figures.indicators.count import Share
from figures.pages import write_csv
from figures.periods import quarter
from models.cases import Case
from models.obligations import Timescale
from models.record import Record
from models.registrations import Spell
from policy.indicators import Indicator
from policy.small_numbers import TOTAL
from tests.figures.board.by_hand import AREA, TODAY, a_case, fill, moment, review
from tests.figures.board.test_sample import POLICY, cases
from tests.policy.test_small_numbers import with_totals, worked_out
from tests.support import meeting_rows, rows

QUARTER = quarter("2027-Q2")
NOW_ALONE = ("data_quality", "caseload")
"""What no record can tell of an earlier day."""


def pack(record: Record, today: date = TODAY, areas: tuple[str, ...] = (AREA,)) -> Pack:
    with record.reading() as session:
        return board_pack(session, QUARTER, today, list(areas))


def told(made: Pack, without: tuple[str, ...] = ()) -> dict[str, object]:
    """What a pack says, table by table."""
    return {table.id: (table.rows, table.cells) for table in (*made.tables, *made.lists) if table.id not in without}


def life_goes_on(session: Session) -> None:
    """Do in autumn what was left open in summer, and more."""
    there = {case.reference[-1]: case for case in session.scalars(select(Case))}
    duties = {(one.case.reference[-1], one.kind): one for one in session.scalars(select(Timescale))}
    for name, kind, day in (("1", "level_1_review", date(2026, 10, 12)), ("7", "level_1_review", date(2026, 11, 2))):
        duties[name, kind].state, duties[name, kind].met_on = "met", day
    rows.prompt(session, duties["7", "exit_plan"], rows.message(session, "m2"), "+10W", weight="escalation",
                recipient_role="smb_chair", raised_at=moment(9, 11))  # fmt: skip
    meeting_rows.meeting(session, there["1"], state="held", number=2, uid="later", starts_at=moment(20, 11))
    review(session, there["4"], date(2026, 11, 5))
    rows.timescale(session, there["1"], "exit_plan", due_on=date(2026, 9, 1), opened_at=moment(10, 10))
    there["7"].closed_on = date(2026, 11, 20)
    for spell in session.scalars(select(Spell).where(Spell.case_id == there["7"].id)):
        spell.ends_on = date(2026, 11, 20)


def test_a_pack_made_again_or_later_is_the_same(record: Record) -> None:
    with record.writing() as session:
        fill(session)
    first = pack(record)
    assert told(pack(record)) == told(first)
    with record.writing() as session:
        life_goes_on(session)
    later = pack(record, date(2027, 1, 15))
    assert told(later, NOW_ALONE) == told(first, NOW_ALONE)
    assert (later.points[:-2], later.seeds) == (first.points[:-2], first.seeds)


def test_another_area_changes_nothing(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        fill(session)
    first, both = pack(sqlite_record), pack(sqlite_record, areas=(AREA, "Essex"))
    assert both.table("overdue").value(TOTAL, TOTAL) == 5
    assert both.table("since_review").value("level_1", TOTAL) == 4
    assert set(both.seeds) == {AREA, "Essex"}
    with sqlite_record.writing() as session:
        six = session.scalars(select(Case).where(Case.area == "Essex")).one()
        rows.timescale(session, six, "exit_plan", due_on=date(2026, 7, 1))
        review(session, six, date(2026, 9, 1))
    assert told(pack(sqlite_record)) == told(first)


def test_a_quarter_that_has_begun_is_counted_as_far_as_it_has_gone(sqlite_record: Record) -> None:
    with sqlite_record.writing() as session:
        a_case(session, 7)
    made = pack(sqlite_record, date(2026, 8, 10))
    assert made.counted_to == date(2026, 8, 9)
    [row] = made.table("longest_cases").cells.values()
    # From 1 March 2025 to 10 August 2026: 527 days.
    assert row["weeks"] == 75


def test_each_table_and_list_is_a_sheet(sqlite_record: Record, tmp_path: Path) -> None:
    with sqlite_record.writing() as session:
        fill(session)
    files = write_csv(tmp_path, pack(sqlite_record).everything())
    assert [file.stem for file in files][-3:] == ["escalated_cases", "longest_cases", "sampled_cases"]
    lines = list(csv.reader((tmp_path / "escalations.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert lines == [["Highest person asked", "Number"], ["SMB Chair", "1"], ["Chair", "1"], ["Total", "2"]]


AGENCIES = ("housing", "police", "victim_liaison")
COUNTS = st.tuples(st.integers(0, 8), st.integers(0, 8))


@settings(max_examples=60, deadline=None)
@given(st.tuples(COUNTS, COUNTS, COUNTS))
def test_no_table_gives_away_what_another_holds_back(counts: tuple[tuple[int, int], ...]) -> None:
    """Attendance stands in four tables, and victim liaison in one more: what any of them shows, the reader knows."""
    cells = {(agency, column): number for agency, pair in zip(AGENCIES, counts, strict=True)
             for column, number in zip((COUNTED, MISSED), pair, strict=True)}  # fmt: skip
    table = with_totals(cells)
    attendance, victims = Indicator.ATTENDANCE.value, Indicator.VICTIM_LIAISON.value
    shares = {
        (attendance, agency): Share(table[agency, COUNTED], table[agency, TOTAL]) for agency in (*AGENCIES, TOTAL)
    }
    there = {key: share for key, share in shares.items() if share.of}
    if alike := there.get((attendance, "victim_liaison")):
        there |= {(victims, TOTAL): alike, (victims, "victim_liaison"): alike}
    asked = Asked([AREA], QUARTER, QUARTER, POLICY, {AREA: POLICY}, lay_adviser=True)
    found = Worked(QUARTER, there, frozenset(held_in(there, asked.fewer_than)))
    shown = set(known_from(found, asked))
    absent = {
        (agency, column) for agency in AGENCIES if not table[agency, TOTAL] for column in (COUNTED, MISSED, TOTAL)
    }
    published = {name for name in table if name[1] != MISSED and (name in shown or not table[name])} | absent
    hidden = {name for name in table if name[1] != MISSED} - published
    unpublished = {name for name in table if name[1] == MISSED} - absent
    assert {name for name, number in table.items() if 0 < number < 5 and name[1] != MISSED} <= hidden
    assert worked_out(table, hidden, unpublished) == set()


def known_from(found: Worked, asked: Asked) -> list[tuple[str, str]]:
    """The numbers of attendance, by agency and column, that the tables of a pack show."""
    known: list[tuple[str, str]] = []
    columns = {"counted": COUNTED, "of": TOTAL}
    for table, row, agency in (
        (building.indicators([found], asked), "attendance", TOTAL),
        (building.indicators([found], asked), "victim_liaison", "victim_liaison"),
        *((building.attendance(found, asked), name, name) for name in (*AGENCIES, TOTAL)),
        *((building.agencies_below(found, asked), f"{name}:attendance", name) for name in AGENCIES),
    ):
        cells = table.cells.get(row, {})
        known += [(agency, columns[name]) for name in columns if isinstance(cells.get(name), int)]
        if isinstance(cells.get("per_cent"), float):
            known += [(agency, column) for column in columns.values()]
    share = building.trend([found], asked).cells["attendance"][QUARTER.name]
    return known + ([(TOTAL, column) for column in columns.values()] if isinstance(share, float) else [])


def test_a_sample_of_every_case_does_not_tell_how_many_there_are() -> None:
    """Of 7 cases all are drawn: where their number is held back, that of the sample is too."""
    asked = Asked([AREA], QUARTER, QUARTER, POLICY, {AREA: POLICY}, lay_adviser=True)
    seven = cases(7)
    drawn = building.sampled(seven, HELD_BACK, asked).cells
    assert (drawn["drawn"]["number"], drawn["of"]["number"]) == (HELD_BACK, HELD_BACK)
    assert building.sampled(seven, 7, asked).cells["drawn"]["number"] == 7
    assert building.sampled(cases(3), 3, asked).cells["drawn"]["number"] == HELD_BACK
    assert building.sampled(cases(3), 3, replace(asked, lay_adviser=False)).cells["drawn"]["number"] == 3


def test_who_came_to_the_board_is_shown_to_everybody(sqlite_record: Record) -> None:
    """It tells of no case, and lay advisers sit on the board."""
    with sqlite_record.writing() as session:
        rows.board_invitation(session, AREA, date(2026, 9, 3))
        rows.board_invitation(session, AREA, date(2026, 9, 3), agency="police", attendance="attended")
    with sqlite_record.reading() as session:
        made = board_pack(session, QUARTER, TODAY, [AREA], lay_adviser=True)
        asked = asked_for(session, [AREA], QUARTER, TODAY)
        behind = explain(session, asked, "indicators.map008.of")
    assert made.table("indicators").cells["map008"] == {
        "counted": 1, "of": 2, "per_cent": 50.0, "target": 100.0, "against": "Below",
    }  # fmt: skip
    assert [(one.case, one.counts, one.why) for one in behind] == [
        (None, False, "Housing: nobody came on 3 September 2026"),
        (None, True, "Police: attended on 3 September 2026"),
    ]
