"""A program and a record of different versions: which is older and what to do, and nothing is changed or set aside."""

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.cases import Problem
from models.record import Record
from models.schema_versions import OtherSchemaError
from service.clock import Clock
from service.prefect.runs import Runs
from tasks.stage import Stage
from tests.support.toys import Toy

EIGHT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)


def put(record: Record, schema: str) -> None:
    """Let somebody upgrade the record, or set it back, while this program has it open."""
    with record.writing() as session:
        session.execute(text("ALTER TABLE problem RENAME COLUMN reason TO why"))
        session.execute(text(f"UPDATE alembic_version SET version_num = '{schema}'"))


def look(session: Session, *_: Any, **__: Any) -> Any:
    return [session.query(Problem.reason).first() or 1]


@pytest.mark.parametrize(("schema", "older"), [("9999", "this program is older"), ("0003", "the record is older")])
def test_a_running_program_says_which_is_older(record: Record, schema: str, older: str) -> None:
    put(record, schema)
    with pytest.raises(OtherSchemaError, match=older), record.reading() as session:
        look(session)


def test_with_the_schema_that_it_wants_an_error_stays_what_it_is(record: Record) -> None:
    with pytest.raises(Exception, match="no_such_table"), record.reading() as session:
        session.execute(text("SELECT 1 FROM no_such_table"))


def test_a_clock_beside_a_newer_record_sets_no_case_aside_and_says_it_once(
    record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(record, [Stage("prompts", "cases", Toy({1, 2}).waiting, look)], Runs(record, None), lambda: EIGHT)
    put(record, "9999")
    with caplog.at_level(logging.ERROR):
        clock.beat()
        clock.beat()
    [told] = [r.message for r in caplog.records if r.levelno == logging.ERROR]
    assert told.startswith("prompts cannot run: this program is older than the record")
    with record.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM problem")) == 0


def test_a_look_at_the_schema_waits_for_nobody_who_writes(record: Record) -> None:
    # Every command looks, and a sweep of a whole country writes for seconds.
    with record.writing():
        assert record.is_current()
