"""A caseload that the program of commit 89cb1f7 left goes on: nothing is lost, nothing is prompted twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import func, select, text

from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from models.audit import verify
from models.base import Base
from models.obligations import Message, Prompt, Timescale
from models.record import Record, alembic_config
from policy.book import compile_book
from sample.simulate import Span, simulate
from service.tick import tick
from tests.conftest import EPOCH, run_on_server, with_database
from tests.support.filled import PROMPTED_LATER, REVISION, Rows, fill
from tests.support.lifetime import ONE_YEAR
from tests.support.opened import opened
from tests.support.recorded import first_difference, mail_below, prompts_of, read_prompts
from tests.support.story import at

LAST_DAY = "2028-02-15"
"""Of the earlier program."""
GOES_ON = Span(date(2028, 2, 16), date(2028, 4, 28))


@pytest.fixture(params=["sqlite", "postgresql"])
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Record, Rows]]:
    """The record as it was left, opened by this program, and its rows."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/record.db"
    else:
        server = request.getfixturevalue("postgresql_server")
        run_on_server(server, "CREATE DATABASE left_behind")
        url = with_database(server, "left_behind")
    command.upgrade(alembic_config(url), REVISION)
    rows = fill(url)
    record = opened(url, compile_book([("london.toml", ONE_YEAR)]))
    record.migrate()
    ensure_calendar(record, EPOCH)
    ensure_offences(record, EPOCH)
    with mail_below(tmp_path):
        yield record, rows
    record.close()
    if request.param == "postgresql":
        run_on_server(server, "DROP DATABASE left_behind WITH (FORCE)")


def test_nothing_of_it_is_lost(left: tuple[Record, Rows]) -> None:
    record, rows = left
    assert record.is_current()
    assert sum(map(len, rows.values())) > 2500
    with record.reading() as session:
        for table, its_rows in rows.items():
            found = session.scalar(select(func.count()).select_from(Base.metadata.tables[table]))
            assert found == len(its_rows), table
        # Every entry is, word for word, what its hash says.
        assert list(verify(session)) == []


def test_a_tick_at_the_moment_of_its_last_one_does_nothing(left: tuple[Record, Rows]) -> None:
    record, rows = left
    before = stands(record)
    for report in tick(record, at(LAST_DAY)):
        assert report.stage == "assurance" or not report.outcomes, report
    assert stands(record) == before
    assert sum(1 for one in rows["timescale"] if one["state"] == "open") > 50


def stands(record: Record) -> dict[str, list[tuple[Any, ...]]]:
    """Return what is owed and what was sent, as it stands."""
    with record.reading() as session:
        owed = select(Timescale.id, Timescale.kind, Timescale.subject, Timescale.state, Timescale.revision,
                      Timescale.due_on, Timescale.next_rung, Timescale.next_prompt_at)  # fmt: skip
        return {
            "owed": [tuple(row) for row in session.execute(owed.order_by(Timescale.id))],
            "sent": [tuple(row) for row in session.execute(select(Message.id, Message.state).order_by(Message.id))],
            "prompts": [tuple(row) for row in session.execute(select(Prompt.id).order_by(Prompt.id))],
        }


def test_it_goes_on_with_the_prompts_that_the_earlier_program_would_have_raised(left: tuple[Record, Rows]) -> None:
    record, rows = left
    newest = max(row["id"] for row in rows["prompt"])
    result = simulate(record, GOES_ON)
    assert not any(result.failed.values()), result.failed
    assert first_difference(prompts_of(record, after=newest), read_prompts(PROMPTED_LATER)) is None
    with record.reading() as session:
        once = select(
            Timescale.case_id, Timescale.kind, Timescale.subject, Timescale.anchor_on, Prompt.revision, Prompt.rung,
            Prompt.due_on, Prompt.recipient,
        ).join_from(Prompt, Timescale)  # fmt: skip
        said = Counter(tuple(row) for row in session.execute(once))
        assert [key for key, times in said.items() if times > 1] == []
        assert session.scalar(select(func.count(Prompt.id))) == len(rows["prompt"]) + len(read_prompts(PROMPTED_LATER))
        findings = session.execute(text("SELECT findings FROM assurance_run ORDER BY id DESC LIMIT 1")).scalar()
        assert findings in ("[]", [])
        assert list(verify(session)) == []
