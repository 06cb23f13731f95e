"""The invented board's business loads as it stands, and leaves something for the pack to tell."""

from datetime import date
from pathlib import Path

from casework.loading import load_board_actions, load_board_agenda, load_training
from models.record import Record
from sample.area import write_csv
from sample.board_business import (
    ACTION_COLUMNS,
    AGENDA_COLUMNS,
    TRAINING_COLUMNS,
    action_rows,
    agenda_rows,
    training_rows,
)
from tests.support.story import at

TODAY = date(2026, 7, 1)


def test_every_row_loads_one_action_is_overdue_and_some_are_not_trained(sqlite_record: Record, tmp_path: Path) -> None:
    """Before 1 July 2026 the board met on 10 September and 10 December 2025, 11 March and 10 June 2026.

    Thirteen weeks on from 10 December are 11 March: the third last meeting is that of 10 December.
    """
    kinds = (
        (load_board_agenda, AGENDA_COLUMNS, list(agenda_rows(today=TODAY))),
        (load_board_actions, ACTION_COLUMNS, list(action_rows(today=TODAY, people=40))),
        (load_training, TRAINING_COLUMNS, list(training_rows(today=TODAY, people=600))),
    )
    for load, columns, rows in kinds:
        write_csv(tmp_path / "rows.csv", columns, ((row, "") for row in rows))
        report = load(sqlite_record, tmp_path / "rows.csv", as_at=at("2026-07-01"), actor="t")
        assert (report.added, report.rejected, report.warnings) == (len(rows), 0, [])
    late = [row for row in kinds[1][2] if not row["done_on"] and row["due_date"] < "2026-07-01"]
    assert [(row["date"], row["agency"], row["due_date"]) for row in late] == [("2025-12-10", "housing", "2026-03-11")]
    assert any(row["date"] < "2021-07-01" for row in kinds[2][2])
