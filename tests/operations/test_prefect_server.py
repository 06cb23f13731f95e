"""An operator's day on which the Prefect server hangs, and is then killed: nothing that is due waits for it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.obligations import Message
from tests.operations.conftest import assert_nothing_lost_or_doubled, copied, letters, tick
from tests.operations.serving import area_of_today, begun_with, come_due, now, prefect_of
from tests.service.test_serve import Served, answers, serving
from tests.support.opened import opened
from tests.support.program import Program, program_of

pytestmark = pytest.mark.slow

# The clock says so itself, or a run that had asked just before says that it was not let begin.
WITHOUT = "work goes on without it"
UNREPORTED = f"{WITHOUT}, unreported"


@pytest.fixture
def served(tmp_path: Path, sqlite_template: Path, prefect_database: Path) -> Iterator[Served]:
    """A serve over an area in which nothing is due yet."""
    settings = area_of_today(tmp_path, sqlite_template, tmp_path / "record.db")
    # It would leave half a minute between two starts of its server.
    begin = begun_with("serve.START_AGAIN_SECONDS = 3; ")
    with serving(tmp_path, prefect_database, begin=begin, **settings) as served:
        yield served


def prompts_out(served: Served, program: Program, cases: range) -> bool:
    """Tell whether the escalations of cases have left: the last of their ladders is in a message that is a file."""
    there = letters(served.folder / "mail", at_rest=False)
    found = {
        int(prompt["case"][-6:])
        for prompt in program("prompts", "--json").document
        if prompt["rung"] == "+10W" and prompt["message"] in there
    }
    return set(cases) <= found


def waiting(database: Path, late: bool = False) -> list[str]:
    """Return the kinds of the messages that have not left; ``late``: only of those that should have by now."""
    record = opened(f"sqlite:///{database}")
    with record.reading() as session:
        left = select(Message.kind).where(Message.state != "sent")
        found = session.scalars(left.where(Message.not_before <= now()) if late else left).all()
    record.close()
    return list(found)


def test_a_prefect_server_that_hangs_and_is_killed(served: Served, tmp_path: Path) -> None:
    database = tmp_path / "record.db"
    mappa = program_of(tmp_path)
    copied(database, tmp_path / "undisturbed" / "record.db")
    server = prefect_of(served)

    # It hangs: it takes connections, and says no word. What comes due goes out all the same, and the log says so.
    os.kill(server, signal.SIGSTOP)
    come_due(database, range(1, 5))
    served.until(lambda: prompts_out(served, mappa, range(1, 5)), 60)
    served.until(lambda: WITHOUT in served.out.read_text(), 60)

    # The operator kills what hangs. What comes due before another is up goes out as well.
    os.kill(server, signal.SIGKILL)
    come_due(database, range(5, 9))
    served.until(lambda: prompts_out(served, mappa, range(5, 9)), 60)
    served.until(lambda: "the Prefect server has ended; it is started again" in served.out.read_text(), 60)

    # Another is up, and later runs are reported to it.
    served.until(lambda: answers(served.api_url), 60)
    assert served.runs("prompts", "COMPLETED") == []
    come_due(database, range(9, 13))
    served.until(lambda: prompts_out(served, mappa, range(9, 13)), 60)
    assert served.until(lambda: served.runs("prompts", "COMPLETED"), 60)
    printed = served.out.read_text()
    assert "Prefect is back: runs are reported to it again" in printed
    assert printed.count(UNREPORTED) <= 1
    assert "Traceback" not in printed

    # What came up after the e-mails of the day goes with those of the next working day; all else leaves.
    served.until(lambda: waiting(database, late=True) == [], 30)
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(20) == 0
    undisturbed = program_of(tmp_path / "undisturbed", MAPPA_POLICY_DIR=str(tmp_path / "policies"))
    come_due(tmp_path / "undisturbed" / "record.db", range(1, 13))
    tick(undisturbed, now().isoformat())
    assert_nothing_lost_or_doubled(mappa, undisturbed)
    assert set(waiting(database)) <= {"digest", "stuck_list"}
