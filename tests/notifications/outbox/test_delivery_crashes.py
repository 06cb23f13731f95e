"""A process that dies at any point of a delivery: nothing is lost, nothing is sent twice without saying so."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from models.audit_seals import verify
from models.checkpoints import DELIVERY_POINTS
from models.record import Record
from notifications.letters.rendering import REPEAT
from notifications.settings import MailSettings
from tasks.deliver import STAGE
from tasks.stage import run_stage
from tests.support.factories import EIGHT, messages, queue
from tests.support.opened import by_the_settings
from tests.support.smtp_sink import SmtpSink

KILLED = 137
AFTER_LEASE = EIGHT + timedelta(minutes=16)
LATER = EIGHT + timedelta(hours=1)
DIES_AT = """
import os, sys
from datetime import datetime
from models import checkpoints
from tasks.deliver import STAGE
from tasks.stage import run_stage
from tests.support.opened import opened

database, as_at, point = sys.argv[1:]
checkpoints.on_checkpoint = lambda reached: os._exit(137) if reached == point else None
run_stage(opened(database), STAGE, datetime.fromisoformat(as_at))
"""
DELIVERS = """
import sys
from datetime import datetime
from tasks.deliver import STAGE
from tasks.stage import run_stage
from tests.support.opened import opened

database, as_at = sys.argv[1:]
report = run_stage(opened(database), STAGE, datetime.fromisoformat(as_at))
assert report.count("failed") == 0, report
"""


def use(monkeypatch: pytest.MonkeyPatch, settings: MailSettings) -> None:
    """Make settings those of the stage, here and in the process that will die."""
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        if value is not None:
            monkeypatch.setenv(f"MAPPA_{name.upper()}", ",".join(value) if isinstance(value, tuple) else str(value))


def die(record: Record, point: str) -> None:
    """Run the stage in a process of its own that ends, without a word, at a point."""
    arguments = [sys.executable, "-c", DIES_AT, database_of(record), EIGHT.isoformat(), point]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, env=os.environ, check=False)
    assert done.returncode == KILLED, done.stderr


def database_of(record: Record) -> str:
    """Return the record's address, password included where there is one."""
    return record.engine.url.render_as_string(hide_password=False)


@pytest.mark.parametrize("point", DELIVERY_POINTS)
@pytest.mark.parametrize("kind", ["digest", "escalation"])
def test_by_mail_server(
    sqlite_record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, point: str, kind: str
) -> None:
    with sqlite_record.writing() as session:
        queue(session, "m1", kind)
        queue(session, "m2", kind)
    with SmtpSink() as sink:
        use(monkeypatch, sink.settings(smtp_starttls=False))
        die(sqlite_record, point)
        run_stage(by_the_settings(sqlite_record), STAGE, EIGHT)
        run_stage(by_the_settings(sqlite_record), STAGE, AFTER_LEASE)
        run_stage(by_the_settings(sqlite_record), STAGE, LATER)
        run_stage(by_the_settings(sqlite_record), STAGE, LATER + timedelta(days=1))
    arrived = [key for key in ("m1", "m2") for header_id in sink.header_ids if header_id == f"<{key}@mappa.example>"]
    repeats = [received.header_id for received in sink.received if REPEAT in received.text()]
    states = [message.state for _, message in sorted(messages(sqlite_record).items())]
    in_doubt = point in ("delivery.begun", "delivery.handed_over")
    went = [] if point == "delivery.begun" else ["m1"]
    if in_doubt and kind == "escalation":
        assert (arrived, repeats, states) == ([*went, "m1", "m2"], ["<m1@mappa.example>"], ["sent", "sent"])
    elif in_doubt:
        assert (arrived, repeats, states) == ([*went, "m2"], [], ["uncertain", "sent"])
    else:
        assert (arrived, repeats, states) == (["m1", "m2"], [], ["sent", "sent"])


@pytest.mark.parametrize("point", DELIVERY_POINTS)
def test_into_a_folder(sqlite_record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, point: str) -> None:
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    with sqlite_record.writing() as session:
        queue(session, "m1")
        queue(session, "m2")
    die(sqlite_record, point)
    run_stage(by_the_settings(sqlite_record), STAGE, AFTER_LEASE)
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == ["m1.eml", "m2.eml"]
    assert {message.state for message in messages(sqlite_record).values()} == {"sent"}


def test_processes_at_once_send_each_message_once(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    with record.writing() as session:
        for number in range(60):
            queue(session, f"m{number}", kind="digest" if number % 2 else "escalation")
    arguments = [sys.executable, "-c", DELIVERS, database_of(record), EIGHT.isoformat()]
    with SmtpSink() as sink:
        use(monkeypatch, sink.settings(smtp_starttls=False, smtp_timeout_seconds=30))
        running = [subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        for process in running:
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors
    assert sorted(sink.header_ids) == sorted(f"<m{number}@mappa.example>" for number in range(60))
    assert {message.state for message in messages(record).values()} == {"sent"}
    with record.reading() as session:
        assert list(verify(session)) == []


def test_the_stage_reports_and_a_rehearsal_sends_nothing(
    record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    with record.writing() as session:
        for number in range(5):
            queue(session, f"m{number}")
        queue(session, "m9", recipient="")
    rehearsed = run_stage(by_the_settings(record), STAGE, EIGHT, dry_run=True)
    assert (rehearsed.waited, rehearsed.count("skipped")) == (6, 6)
    assert not (tmp_path / "mail").exists()
    report = run_stage(by_the_settings(record), STAGE, EIGHT)
    assert (report.count("done"), report.count("skipped"), report.count("failed")) == (5, 1, 0)
    assert len(list((tmp_path / "mail").iterdir())) == 5


def test_a_chunk_goes_over_one_connection(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    with record.writing() as session:
        for number in range(20):
            queue(session, f"m{number}")
    with SmtpSink() as sink:
        use(monkeypatch, sink.settings(smtp_starttls=False))
        assert run_stage(by_the_settings(record), STAGE, EIGHT).count("done") == 20
    assert sink.connections == 1
    assert len(set(sink.header_ids)) == 20
