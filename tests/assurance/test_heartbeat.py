"""The sign of life: after an audit that found nothing wrong, once it is committed, and at no other time."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, select

from assurance.invariants import INVARIANTS
from casework.loading import load_directory
from models.assurance import AssuranceRun
from models.directory import DirectoryEntry
from models.obligations import Message, Timescale
from models.record import Record
from policy.calendar import london_date
from sample.simulate import Span, simulate
from tasks import assurance
from tasks.stage import run_stage
from tests.support import rows
from tests.support.opened import by_the_settings
from tests.support.story import DIRECTORY, at, write_csv

NOON = at("2026-06-12", 12)


class Monitor(HTTPServer):
    """Keeps what it is told; answers as it is told to."""

    status = 200

    def __init__(self) -> None:
        self.told: list[Any] = []
        super().__init__(("127.0.0.1", 0), Called)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/ping/key-of-ours"


class Called(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Monitor)
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Monitor]:
    with Monitor() as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("MAPPA_HEARTBEAT_URL", server.url)
        yield server
        server.shutdown()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "signs" / "mappa.json"
    monkeypatch.setenv("MAPPA_HEARTBEAT_FILE", str(path))
    return path


@pytest.fixture
def sound(sqlite_record: Record, tmp_path: Path) -> Record:
    """A record with a case, whose area has a coordinator."""
    load_directory(sqlite_record, write_csv(tmp_path / "d.csv", DIRECTORY), as_at=at("2026-06-01"), actor="t")
    with sqlite_record.writing() as session:
        rows.timescale(
            session, rows.in_spells(session, rows.case(session, rows.person(session))), next_prompt_at=at("2026-08-12")
        )
    return sqlite_record


def audit(record: Record, as_at: datetime, present: datetime | None = None, dry_run: bool = False) -> None:
    with time_machine.travel(present or as_at, tick=True):
        report = run_stage(by_the_settings(record), assurance.STAGE, as_at, dry_run=dry_run)
    assert report.waited == len(INVARIANTS)


def break_it(record: Record) -> None:
    with record.writing() as session:
        session.execute(delete(DirectoryEntry).where(DirectoryEntry.role == "coordinator"))


def test_a_sound_record_is_told_to_the_file_and_the_address_in_numbers_only(
    sound: Record, file: Path, monitor: Monitor
) -> None:
    audit(sound, NOON)
    document = json.loads(file.read_text())
    assert document == monitor.told[0]
    assert datetime.fromisoformat(document["at"]) == NOON
    assert document["ok"] is True
    assert document["counts"]["open_cases"] == 1
    assert all(isinstance(value, int) for value in document["counts"].values())
    assert [path.name for path in file.parent.iterdir()] == ["mappa.json"]


def test_a_broken_record_gives_no_sign_and_leaves_the_last_one(sound: Record, file: Path, monitor: Monitor) -> None:
    audit(sound, NOON)
    before = file.read_text()
    break_it(sound)
    audit(sound, NOON + timedelta(hours=2))
    assert (file.read_text(), len(monitor.told)) == (before, 1)


def test_a_warning_does_not_stop_it(sound: Record, file: Path) -> None:
    with sound.writing() as session:
        rows.message(session, "m1", state="dead")
        rows.prompt(session, session.scalars(select(Timescale)).one(), session.get_one(Message, "m1"))
    audit(sound, NOON)
    assert json.loads(file.read_text())["counts"]["warnings"] == 1


def test_a_run_that_is_not_committed_gives_none(
    sound: Record, file: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit(sound, NOON, dry_run=True)
    monkeypatch.setattr("casework.problems.settle", lambda *_: 1 / 0)
    audit(sound, NOON)
    with sound.reading() as session:
        assert session.scalars(select(AssuranceRun)).all() == []
    assert (file.exists(), monitor.told) == (False, [])


def test_a_run_about_another_day_is_no_sign_of_life(sound: Record, file: Path, monitor: Monitor) -> None:
    audit(sound, NOON, present=NOON + timedelta(days=1))
    audit(sound, NOON + timedelta(days=2), present=NOON + timedelta(days=1))
    assert (file.exists(), monitor.told) == (False, [])


def test_a_simulation_gives_none_though_it_is_about_today(sound: Record, file: Path, monitor: Monitor) -> None:
    with time_machine.travel(at("2026-06-12", 8), tick=True):
        simulate(by_the_settings(sound), Span(NOON.date(), NOON.date()))
    with sound.reading() as session:
        assert len(session.scalars(select(AssuranceRun)).all()) == 1
    assert (file.exists(), monitor.told) == (False, [])


def test_a_simulated_year_is_audited_every_four_weeks_and_at_its_end(sound: Record) -> None:
    simulate(sound, Span(at("2026-06-12").date(), at("2026-07-16").date()), "hour")
    with sound.reading() as session:
        days = [run.ran_at for run in session.scalars(select(AssuranceRun).order_by(AssuranceRun.id))]
    assert [str(london_date(day)) for day in days] == ["2026-06-12", "2026-07-10", "2026-07-16"]


@pytest.mark.parametrize("trouble", ["refused", "nobody there", "no folder"])
def test_a_sign_that_cannot_be_given_is_logged_without_the_address_and_changes_nothing(
    sound: Record,
    file: Path,
    monitor: Monitor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
) -> None:
    if trouble == "refused":
        monitor.status = 503
    elif trouble == "nobody there":
        monkeypatch.setenv("MAPPA_HEARTBEAT_URL", "http://127.0.0.1:9/key-of-ours")
    else:
        file.parent.write_text("in the way")
    with caplog.at_level(logging.WARNING):
        audit(sound, NOON)
    with sound.reading() as session:
        assert session.scalars(select(AssuranceRun)).one().ok
    assert len([record for record in caplog.records if record.name == "assurance.heartbeat"]) == 1
    assert "key-of-ours" not in caplog.text
