"""Pages of a record that are damaged are found whether or not anybody reads them."""

from pathlib import Path

import pytest
from sqlalchemy import text

from assurance.invariants import INVARIANTS, examine
from models.clock import now
from models.record import Record, RecordAilingError
from models.record_checks import refuse_damage
from tests.support.opened import opened

PAGE = 4096


def test_a_sound_record_is_let_pass(record: Record) -> None:
    refuse_damage(record)
    with record.reading() as session:
        assert examine(session, INVARIANTS["pages-whole"], now()).holds


def test_a_page_that_nobody_reads_is_found_by_a_tick_and_by_the_auditor(sqlite_record: Record, tmp_path: Path) -> None:
    with sqlite_record.reading() as session:
        page = session.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'population'"))
    sqlite_record.close()
    with (tmp_path / "record.db").open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xff" * PAGE)
    damaged = opened(sqlite_record.url)
    with pytest.raises(RecordAilingError, match=r"^The record is damaged \(.*record\.db\)\. Stop every program"):
        refuse_damage(damaged)
    with damaged.reading() as session:
        examined = examine(session, INVARIANTS["pages-whole"], now())
    assert examined.is_wrong
    assert examined.found.startswith("1 found: ")
    damaged.close()
