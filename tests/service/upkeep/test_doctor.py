"""``mappa doctor``: each check well and ill, in words and as JSON, and nothing changed by it."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from assurance.invariants import INVARIANTS
from casework.loading import load_directory
from casework.loading.bank_holidays import ensure_calendar
from models.assurance import AssuranceRun
from models.cases import Problem
from models.clock import now
from models.obligations import Timescale
from models.record import Record
from service.upkeep import doctor
from tasks import assurance
from tasks.stage import run_stage
from tests.support import rows
from tests.support.command_line import Answer, Mappa
from tests.support.imap_box import USER, ImapBox, Mode
from tests.support.opened import by_the_settings
from tests.support.postgresql import with_database
from tests.support.smtp_sink import SmtpSink
from tests.support.story import DIRECTORY, write_csv


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state of the program in a folder of the test, and no Prefect server anywhere."""
    monkeypatch.setenv("MAPPA_STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")


@pytest.fixture
def sound(record: Record, tmp_path: Path) -> Record:
    """A record with a directory and a case, audited a minute ago."""
    ensure_calendar(record, now())
    load_directory(record, write_csv(tmp_path / "d.csv", DIRECTORY), as_at=now(), actor="t")
    with record.writing() as session:
        rows.timescale(
            session,
            rows.in_spells(session, rows.case(session, rows.person(session))),
            next_prompt_at=now() + timedelta(days=9),
        )
    run_stage(record, assurance.STAGE, now() - timedelta(minutes=1))
    return record


def found(answer: Answer) -> dict[str, dict[str, Any]]:
    """Return the checks of a JSON answer that are not ok, by what was checked."""
    assert answer.document["ok"] is (answer.code == 0)
    return {check["check"]: check for check in answer.document["checks"] if check["state"] != "ok"}


def test_where_all_is_well_every_check_is_ok_in_words_and_in_json(mappa: Mappa, sound: Record) -> None:
    answer = mappa("doctor")
    assert answer.code == 0, answer.out
    lines = answer.out.splitlines()
    assert {line.split()[0] for line in lines[:-1]} == {"ok"}
    assert lines[-1] == f"{len(lines) - 1} checks, 0 warnings"
    assert "work goes on without it" in answer.out
    checks = mappa("doctor", "--json").document["checks"]
    assert [set(check) for check in checks] == [{"check", "state", "said", "to_do"}] * len(checks)
    names = [check["check"] for check in checks]
    assert set(names) == {
        "settings",
        "e-mail",
        "Prefect",
        "disk",
        "database",
        "record",
        "clock",
        "heartbeat",
        "directory",
    } | {f"assurance: {name}" for name in INVARIANTS}


def test_a_broken_invariant_is_found_now_and_nothing_is_written(mappa: Mappa, sound: Record) -> None:
    with sound.writing() as session:
        rows.message(session, "m1", state="sent")
    answer = mappa("doctor", "--json")
    told = found(answer)["assurance: messages-carry"]
    assert (answer.code, told["state"], told["said"]) == (1, "wrong", "1 found: m1")
    assert told["to_do"] == INVARIANTS["messages-carry"].to_do
    with sound.reading() as session:
        assert session.scalars(select(Problem)).all() == []
        assert len(session.scalars(select(AssuranceRun)).all()) == 1
    spoken = mappa("doctor")
    assert "  -> Somebody has deleted prompts" in spoken.out
    assert spoken.err.strip().endswith("checks found something wrong")


def test_a_warning_ends_with_0(mappa: Mappa, sound: Record) -> None:
    with sound.writing() as session:
        rows.prompt(session, session.get_one(Timescale, 1), rows.message(session, "m1", state="dead"))
    answer = mappa("doctor", "--json")
    assert (answer.code, [c["state"] for c in found(answer).values()]) == (0, ["warning"])


class TestMailbox:
    """The mailbox of the settings, where there is one, held against a server on this machine."""

    @pytest.fixture
    def named(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapBox]:
        with ImapBox(b"one") as box:
            for name, value in box.variables.items():
                if value is not None:
                    monkeypatch.setenv(f"MAPPA_{name.upper()}", str(value))
            yield box

    def test_one_that_can_be_read_is_well_and_no_message_is_looked_at(
        self, mappa: Mappa, sound: Record, named: ImapBox
    ) -> None:
        answer = mappa("doctor", "--json")
        [check] = [one for one in answer.document["checks"] if one["check"] == "mailbox"]
        assert (answer.code, check["state"]) == (0, "ok")
        assert check["said"] == f"what comes back can be read at 127.0.0.1, port {named.port}"
        assert (named.fetched, [command for command in named.asked if b"SEARCH" in command]) == ([], [])

    @pytest.mark.parametrize(
        ("mode", "why"),
        [
            ("refuse_login", "[AUTHENTICATIONFAILED] not (address)"),
            ("no_folder", "the mail server does not know the folder of the settings"),
            ("silent", "the mail server does not answer in time"),
        ],
    )
    def test_one_that_cannot_is_wrong_and_says_why_without_an_address(
        self, mappa: Mappa, sqlite_record: Record, named: ImapBox, mode: Mode, why: str
    ) -> None:
        named.mode = mode
        answer = mappa("doctor", "--json")
        told = found(answer)["mailbox"]
        assert (answer.code, told["state"]) == (1, "wrong")
        assert told["said"] == f"127.0.0.1, port {named.port}: {why}"
        assert "MAPPA_IMAP_" in told["to_do"]
        assert USER not in answer.out


class TestHeartbeat:
    """When the record was audited last."""

    @pytest.mark.parametrize(
        ("hours_ago", "ok", "state", "said"),
        [
            (1.5, True, None, ""),
            (2.5, True, "wrong", "and not since"),
            (1.5, False, "warning", "something was wrong"),
        ],
    )
    def test_the_age_of_the_last_audit(
        self, mappa: Mappa, sound: Record, hours_ago: float, ok: bool, state: str | None, said: str
    ) -> None:
        with sound.writing() as session:
            run = session.scalars(select(AssuranceRun)).one()
            run.ran_at, run.ok = now() - timedelta(hours=hours_ago), ok
        told = found(mappa("doctor", "--json")).get("heartbeat", {})
        assert told.get("state") == state
        assert said in told.get("said", "")

    def test_a_record_that_was_never_audited(self, mappa: Mappa, record: Record) -> None:
        ensure_calendar(record, now())
        told = found(mappa("doctor", "--json"))
        assert told["heartbeat"]["said"] == "the record was never audited"
        assert told["directory"]["state"] == "warning"

    def test_a_file_that_is_not_there(
        self, mappa: Mappa, sound: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MAPPA_HEARTBEAT_FILE", str(tmp_path / "beat.json"))
        assert "holds no sign of life" in found(mappa("doctor", "--json"))["heartbeat"]["said"]
        run_stage(by_the_settings(sound), assurance.STAGE, now() + timedelta(minutes=59, seconds=30))
        assert "heartbeat" not in found(mappa("doctor", "--json"))


class TestSettings:
    """A setting that is refused, and one that is misspelt."""

    def test_a_refused_value_is_told_in_json_too(self, mappa: Mappa, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MAPPA_SMTP_PORT", "many")
        answer = mappa("doctor", "--json")
        [check] = answer.document["checks"]
        assert (answer.code, check["state"]) == (1, "wrong")
        assert check["said"].startswith("MAPPA_SMTP_PORT: ")

    def test_a_heartbeat_address_that_is_none_is_not_repeated(
        self, mappa: Mappa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MAPPA_HEARTBEAT_URL", "monitor/key-of-ours")
        answer = mappa("doctor")
        assert (answer.code, "key-of-ours" in answer.out) == (1, False)
        assert "MAPPA_HEARTBEAT_URL is not a web address" in answer.out

    def test_a_misspelt_name_is_a_warning(self, mappa: Mappa, sound: Record, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MAPPA_HEARTBEAT_FIEL", "x")
        told = found(mappa("doctor", "--json"))["settings"]
        assert (told["state"], "MAPPA_HEARTBEAT_FILE is one" in told["said"]) == ("warning", True)


class TestMail:
    """The way out, tried without a message."""

    def test_a_mail_server_that_lets_in(self) -> None:
        with SmtpSink() as sink:
            check = doctor.mail(sink.settings())
        assert (check.state, sink.received) == ("ok", [])

    def test_a_mail_server_that_is_away(self) -> None:
        with SmtpSink("refuse_connection") as sink:
            check = doctor.mail(sink.settings())
        assert (check.state, "Connection refused" in check.said) == ("wrong", True)

    def test_a_folder_that_is_a_file(self, mappa: Mappa, sound: Record, tmp_path: Path) -> None:
        (tmp_path / "mail").write_text("in the way")
        assert found(mappa("doctor", "--json"))["e-mail"]["said"].endswith("is not a folder")


class TestDatabase:
    """A database that is not there, not one, or of another version; and a full disk."""

    def test_none_yet_is_a_warning_and_is_not_made(self, mappa: Mappa, tmp_path: Path) -> None:
        answer = mappa("doctor", "--json", "--database", f"sqlite:///{tmp_path}/none.db")
        assert (answer.code, found(answer)["database"]["state"]) == (0, "warning")
        assert not (tmp_path / "none.db").exists()

    def test_a_file_that_is_none(self, mappa: Mappa, tmp_path: Path) -> None:
        (tmp_path / "record.db").write_bytes(b"this is no database, but long enough to be read as one" * 100)
        assert "file is not a database" in found(mappa("doctor", "--json"))["database"]["said"]

    def test_a_server_that_is_away_is_told_without_the_password(self, mappa: Mappa) -> None:
        answer = mappa("doctor", "--json", "--database", "postgresql://clerk:hunter2@127.0.0.1:9/mappa")
        told = found(answer)["database"]
        assert (answer.code, told["state"], "hunter2" in answer.out) == (1, "wrong", False)

    @pytest.mark.parametrize(
        ("schema", "state", "said"),
        [("0003", "warning", "the record is older than this program"), ("9999", "wrong", "this program is older")],
    )
    def test_another_schema_is_told_with_which_is_older_and_stays_as_it_is(
        self, mappa: Mappa, sound: Record, schema: str, state: str, said: str
    ) -> None:
        with sound.writing() as session:
            session.execute(text(f"UPDATE alembic_version SET version_num = '{schema}'"))
        told = found(mappa("doctor", "--json"))
        assert (set(told), told["database"]["state"]) == ({"database"}, state)
        assert said in told["database"]["said"]
        assert sound.schema() == schema

    @pytest.mark.parametrize(("mib", "state"), [(99, "wrong"), (1000, "warning")])
    def test_a_disk_that_is_nearly_full(
        self, mappa: Mappa, sound: Record, monkeypatch: pytest.MonkeyPatch, mib: int, state: str
    ) -> None:
        usage = shutil.disk_usage("/")._replace(free=mib * 1024 * 1024)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
        assert {c["state"] for name, c in found(mappa("doctor", "--json")).items() if name == "disk"} == {state}


def test_a_record_on_postgresql_is_read_as_well(mappa: Mappa, postgresql_server: str) -> None:
    answer = mappa("doctor", "--json", "--database", with_database(postgresql_server, "template_mappa"))
    assert answer.code == 0, answer.out
    assert set(found(answer)) == {"heartbeat", "directory"}
