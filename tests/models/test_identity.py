"""What a record is known by: made with it, kept in it, and not changed by what is written since."""

from pathlib import Path

from models.identity import LENGTH, identity_of
from models.record import Record
from tests.support import rows
from tests.support.opened import opened


def name_of(record: Record) -> str | None:
    with record.reading() as session:
        return identity_of(session)


def test_a_record_has_a_name_of_its_own_that_lasts(record: Record, tmp_path: Path) -> None:
    before = name_of(record)
    assert before is not None
    assert len(before) == LENGTH
    with record.writing() as session:
        rows.person(session)
    assert name_of(record) == before
    other = opened(f"sqlite:///{tmp_path}/other.db")
    other.migrate()
    assert name_of(other) not in (before, None)
    other.close()
