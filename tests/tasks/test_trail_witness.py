"""After an audit the newest seal is told outside: in the file, with the heartbeat, and once a day to the operator."""

import json
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
import time_machine

from models.audit import Change, append
from models.audit_seals import newest_seal
from models.audit_witness import told
from models.record import Record
from tasks import assurance
from tasks.stage import run_stage
from tests.support.opened import by_the_settings
from tests.support.story import at

NOON = at("2026-06-12", 12)
HOUR = timedelta(hours=1)


def audit(record: Record, as_at: datetime, present: datetime | None = None) -> None:
    """Have something recorded, and the record audited."""
    with record.writing() as session:
        append(session, [Change("case/1", "level-set", "case 1")], actor="clerk", at=as_at)
    with time_machine.travel(present or as_at, tick=True):
        run_stage(by_the_settings(record), assurance.STAGE, as_at)


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "mail"
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(folder))
    monkeypatch.setenv("MAPPA_OPERATOR_EMAIL", "ops@agency.example")
    return folder


def mails(folder: Path) -> list[str]:
    """Return the e-mails to the operator, each with its subject and text."""
    found = [message_from_bytes(path.read_bytes()) for path in sorted(folder.rglob("*.eml"))]
    return [f"{one['Subject']}\n{one.get_payload(decode=True).decode()}" for one in found]


def test_the_newest_seal_is_told_at_every_audit_and_once_a_day_by_e_mail(sqlite_record: Record, mail: Path) -> None:
    for hours in (0, 1, 2, 24):
        audit(sqlite_record, NOON + hours * HOUR)
    with sqlite_record.reading() as session:
        newest = newest_seal(session)
    assert newest is not None
    file = Path(sqlite_record.url.removeprefix("sqlite:///")).parent / "audit-witness.jsonl"
    assert [one.number for one in told(file)] == [2, 3, 4, 5]
    first, second = mails(mail)
    assert "the day's audit, seal 2" in first
    assert "the day's audit, seal 5" in second
    assert f"mappa audit verify --seal 5:{newest.hash[:16]}" in second


def test_it_goes_with_the_sign_of_life(sqlite_record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPPA_HEARTBEAT_FILE", str(tmp_path / "heartbeat.json"))
    audit(sqlite_record, NOON)
    with sqlite_record.reading() as session:
        newest = newest_seal(session)
    assert newest is not None
    seal = json.loads((tmp_path / "heartbeat.json").read_text())["seal"]
    assert seal == {"number": newest.number, "hash": newest.hash}


def test_a_run_about_another_day_tells_nothing(sqlite_record: Record, mail: Path, tmp_path: Path) -> None:
    audit(sqlite_record, NOON, present=NOON + timedelta(days=1))
    assert mails(mail) == []
    assert not list(tmp_path.glob("audit-witness.jsonl"))


def test_a_file_that_cannot_be_written_changes_nothing(
    sqlite_record: Record, mail: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MAPPA_AUDIT_WITNESS_FILE", str(tmp_path / "record.db" / "witness"))
    audit(sqlite_record, NOON)
    assert "the file of witnesses cannot be written" in caplog.text
    assert len(mails(mail)) == 1
