"""The training file: a course of an officer a row (joint inspection 2015, 6.37)."""

from pathlib import Path

from sqlalchemy import select

from casework.loading import LoadReport, load_training
from models.audit import AuditEntry
from models.record import Record
from models.training import Training
from tests.support.story import at, write_csv

PRIYA = {"area": "London", "email": "Priya@police.example", "date": "2024-03-08", "name": "Priya Ex"}


def loaded(record: Record, folder: Path, *rows: dict[str, str]) -> LoadReport:
    return load_training(record, write_csv(folder / "training.csv", list(rows)), as_at=at("2026-06-15"), actor="loader")


def test_an_officer_keeps_each_course_and_is_known_by_the_address(record: Record, tmp_path: Path) -> None:
    again = {**PRIYA, "date": "2026-03-06", "course": "Refresher of the force"}
    assert loaded(record, tmp_path, PRIYA, again).added == 2
    report = loaded(record, tmp_path, {**PRIYA, "email": "PRIYA@POLICE.EXAMPLE"}, {**again, "withdrawn": "yes"})
    assert (report.unchanged, report.changed) == (1, 1)
    ahead = loaded(record, tmp_path, {**PRIYA, "date": "2026-06-16"})
    assert (ahead.rejects[0].column, "is in the future" in ahead.rejects[0].reason) == ("date", True)
    with record.reading() as session:
        found = session.scalars(select(Training)).all()
        assert [(one.email, f"{one.trained_on}", one.course) for one in found] == [
            ("priya@police.example", "2024-03-08", None),
        ]  # fmt: skip
        chain = select(AuditEntry.action).where(AuditEntry.chain == "training/London").order_by(AuditEntry.seq)
        assert session.scalars(chain).all() == ["training-loaded", "training-loaded", "training-withdrawn"]
