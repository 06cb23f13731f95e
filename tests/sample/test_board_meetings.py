"""The invented board meets once a quarter before today, and most of those invited come."""

from datetime import date
from pathlib import Path

from casework.loading import load_board_meetings
from casework.loading.mapping import read_mapping
from models.record import Record
from sample.board_meetings import board_rows, days_before, write_workbook
from tests.support.story import at


def test_the_board_meets_on_the_second_wednesday_of_each_third_month() -> None:
    """By the calendar of 2026: 11 March, 10 June, 9 September, 9 December are second Wednesdays."""
    met = [date(2025, 12, 10), date(2026, 3, 11), date(2026, 6, 10), date(2026, 9, 9)]
    assert days_before(date(2026, 12, 9), 4) == met
    assert days_before(date(2026, 12, 10), 4) == [*met[1:], date(2026, 12, 9)]


def test_every_member_is_invited_to_each_meeting_and_most_come() -> None:
    rows = list(board_rows(today=date(2026, 7, 1), people=40))
    assert rows == list(board_rows(today=date(2026, 7, 1), people=40))
    by_day = {row["date"]: [one["name"] for one in rows if one["date"] == row["date"]] for row in rows}
    assert len(by_day) == 4
    assert len({tuple(names) for names in by_day.values()}) == 1
    assert {"police", "probation", "prison", "smb"} <= {row["agency"] for row in rows}
    came = sum(row["attendance"] == "attended" for row in rows)
    assert len(rows) * 0.7 < came < len(rows)


def test_the_workbook_of_the_secretary_is_read_by_its_mapping(sqlite_record: Record, tmp_path: Path) -> None:
    rows = list(board_rows(today=date(2026, 7, 1), people=40))
    book, mapping = write_workbook(tmp_path, rows)
    report = load_board_meetings(sqlite_record, book, as_at=at("2026-07-01"), actor="t", mapping=read_mapping(mapping))
    assert (report.added, report.rejected, report.warnings) == (len(rows), 0, [])
