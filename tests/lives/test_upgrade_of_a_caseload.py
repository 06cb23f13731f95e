"""A caseload that the program of commit 89cb1f7 left goes on: nothing is lost, nothing is prompted twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import func, select, text

from assurance.silence import silent_cases
from casework.loading.bank_holidays import ensure_calendar
from casework.loading.shipped_offences import ensure_offences
from casework.recompute import recompute
from models.audit_seals import verify
from models.base import Base
from models.obligations import Prompt, Timescale
from models.record import Record, alembic_config
from policy.book import compile_book
from sample.simulate import Span, simulate
from service.tick import tick
from tests.conftest import EPOCH
from tests.support.filled import PROMPTED_LATER, REVISION, Rows, fill
from tests.support.lifetime import ONE_YEAR
from tests.support.opened import opened
from tests.support.postgresql import drop_database, run_on_server, with_database
from tests.support.recorded import mail_below, prompts_of, read_prompts
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
        drop_database(server, "left_behind")


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


ROLES_OF_SEVERAL = ("coordinator", "administrator")


def taken_over(record: Record) -> None:
    """Have the record looked at by this program, and given what it lacks, as the handbook says."""
    tick(record, at(LAST_DAY))
    list(recompute(record, at(LAST_DAY), "operator"))
    tick(record, at(LAST_DAY))


def test_what_it_lacks_it_gets_without_a_word_on_what_was_prompted_before(left: tuple[Record, Rows]) -> None:
    """Duties that the earlier program did not know may be prompted; those that it knew are not prompted anew."""
    record, rows = left
    assert sum(1 for one in rows["timescale"] if one["state"] == "open") > 50
    newest = max(row["id"] for row in rows["prompt"])
    known = {row["id"] for row in rows["timescale"]}
    taken_over(record)
    with record.reading() as session:
        raised = session.execute(select(Prompt.timescale_id, Prompt.rung).where(Prompt.id > newest)).all()
        # Of a planned meeting it is worked out anew who must come: somebody is invited, somebody is let off.
        assert {rung for timescale, rung in raised if timescale in known} <= {"invitation 1", "taken_back 1"}
        assert session.scalars(silent_cases(session, at(LAST_DAY))).all() == []


def test_it_goes_on_with_the_prompts_that_the_earlier_program_would_have_raised(left: tuple[Record, Rows]) -> None:
    record, rows = left
    newest = max(row["id"] for row in rows["prompt"])
    taken_over(record)
    result = simulate(record, GOES_ON)
    assert not any(result.failed.values()), result.failed
    raised = set(prompts_of(record, after=newest))
    # Of several who hold a role, the one whose term began last is asked: the rung is the same, another may read it.
    to_others = {one.rpartition(",")[0] for one in raised if one.split(",")[-2] in ROLES_OF_SEVERAL}
    left_out = {one for one in set(read_prompts(PROMPTED_LATER)) - raised if one.rpartition(",")[0] not in to_others}
    # Whoever need not come to a meeting any more is not reminded of it.
    assert [line for line in left_out if ",meeting," not in line or ",invitee," not in line] == []
    assert len(left_out) <= 1
    with record.reading() as session:
        once = select(
            Timescale.case_id, Timescale.kind, Timescale.subject, Timescale.anchor_on, Prompt.revision, Prompt.rung,
            Prompt.due_on, Prompt.recipient,
        ).join_from(Prompt, Timescale)  # fmt: skip
        said = Counter(tuple(row) for row in session.execute(once))
        assert [key for key, times in said.items() if times > 1] == []
        findings = session.execute(text("SELECT findings FROM assurance_run ORDER BY id DESC LIMIT 1")).scalar()
        assert findings in ("[]", [])
        assert list(verify(session)) == []
