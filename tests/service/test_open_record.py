"""Two programs that start together on a fresh database: one prepares the record, and both go on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.conftest import run_on_server, with_database

NAME = "started_together"
OPENS = """
import sys
from service.open_record import open_ready_record
from service.settings import read_settings

settings = read_settings()
print("ready", flush=True)
sys.stdin.readline()
open_ready_record(settings, make=True)
"""


@pytest.fixture
def fresh(postgresql_server: str) -> Iterator[str]:
    """A database with nothing in it."""
    run_on_server(postgresql_server, f"CREATE DATABASE {NAME}")
    yield with_database(postgresql_server, NAME)
    run_on_server(postgresql_server, f"DROP DATABASE {NAME} WITH (FORCE)")


def test_servers_that_start_together_on_a_fresh_database_prepare_it_once(fresh: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "MAPPA_DATABASE_URL": fresh,
        "MAPPA_STATE_DIR": str(tmp_path),
        "MAPPA_AUDIT_KEY_FILE": str(tmp_path / "audit.key"),
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPENS],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for one in started:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in started:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    errors = [one.communicate(timeout=120)[1] for one in started]
    assert [one.returncode for one in started] == [0, 0, 0], "\n".join(errors)
    engine = create_engine(fresh)
    with engine.connect() as connection:
        counts = "SELECT (SELECT count(*) FROM calendar_version), (SELECT count(*) FROM audit_seal)"
        assert connection.execute(text(counts)).one() == (1, 1)
    engine.dispose()
