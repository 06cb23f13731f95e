"""The commands of operators and of a fleet: one case on demand, a clock alone, the automations."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.people import Sentence
from models.record import Record
from tasks.operators_notice import notify
from tests.support.command_line import Mappa
from tests.support.opened import opened
from tests.support.story import DARREN, Story

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_prefect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers where Prefect is looked for."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")


@pytest.fixture
def story(mappa: Mappa, record: Record, tmp_path: Path) -> Story:
    """Darren, identified in June."""
    mappa("tick", "--as-at", "2026-05-01")
    story = Story(record, tmp_path)
    story.load("2026-06-01", DARREN)
    story.tick("2026-06-01")
    return story


def test_one_case_is_driven_by_its_reference(mappa: Mappa, story: Story) -> None:
    reference = story.case().reference
    told = mappa("run", "drive_case", "--case", reference.lower(), "--as-at", "2026-09-14", "--json")
    [report] = told.document
    assert report["stage"] == "drive_case"
    assert report["done"] == report["waited"] > 1
    assert "no Prefect server answered" in told.err
    assert len(story.prompts("referral")) == 4


def test_a_crn_is_no_case_reference(mappa: Mappa, record: Record) -> None:
    told = mappa("run", "drive_case", "--case", DARREN["crn"])
    assert told.code == 2
    assert "is not a case reference: write it as LON-2026-000123 (a CRN will not do)" in " ".join(told.err.split())


def test_a_case_that_is_not_there_is_told_before_a_run_begins(mappa: Mappa, record: Record) -> None:
    told = mappa("run", "drive_case", "--case", "LON-2026-000123")
    assert (told.code, told.err) == (1, "the record has no case LON-2026-000123: mappa case list shows those it has\n")


@pytest.mark.parametrize("words", [("drive_case",), ("prompts", "--case", "LON-2026-000001")])
def test_case_goes_with_drive_case_and_with_nothing_else(mappa: Mappa, story: Story, words: tuple[str, ...]) -> None:
    told = mappa("run", *words)
    assert told.code == 2
    assert "use --case with drive_case and with no other flow, such as --case LON-2026-000123" in told.err


def test_automations_want_a_server(mappa: Mappa, record: Record) -> None:
    told = mappa("automations", "install")
    assert told.code == 1
    assert told.err == "no Prefect server answers at http://127.0.0.1:9/api: start it, or set PREFECT_API_URL\n"


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("--through-workers",)])
def test_a_clock_alone_works_without_prefect_and_stops_when_told(
    record: Record, database: str, tmp_path: Path, more: tuple[str, ...]
) -> None:
    Story(record, tmp_path).load("2026-06-01", DARREN)
    record.close()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MAPPA_CLOCK_SECONDS": "1"}
    words = [sys.executable, "-c", "from cli.app import main; main()", "clock", *more]
    clock = subprocess.Popen(words, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        end = time.monotonic() + 30
        while not identified(database) and time.monotonic() < end:
            time.sleep(0.2)
        assert identified(database)
        clock.send_signal(signal.SIGTERM)
        out, err = clock.communicate(timeout=20)
    finally:
        clock.kill()
    assert clock.returncode == 0
    assert out.decode().endswith("stopped\n")
    assert "Prefect does not answer at http://127.0.0.1:9/api: work goes on without it" in err.decode()


def identified(url: str) -> bool:
    """Whether the sentence has been looked at."""
    record = opened(url)
    with record.reading() as session:
        done = session.query(Sentence).one().outcome is not None
    record.close()
    return done


def test_a_notice_is_one_plain_message_to_the_operators(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    monkeypatch.setenv("MAPPA_OPERATOR_EMAIL", "ops@agency.example")
    sent, told = notify("a case failed", "mappa.case.LON-2026-000007")
    assert sent
    assert "ops@" not in told
    [mail] = (tmp_path / "mail").glob("*.eml")
    text = mail.read_text()
    assert "To: ops@agency.example\nSubject: MAPPA: a case failed\n" in text
    assert text.endswith("mappa problems --open\nAbout: mappa.case.LON-2026-000007\n")


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({}, "MAPPA_OPERATOR_EMAIL is not set: nobody is told"),
        (
            {"MAPPA_OPERATOR_EMAIL": "ops@elsewhere.example", "MAPPA_ALLOWED_DOMAINS": "agency.example"},
            "MAPPA_OPERATOR_EMAIL: the domain of the address is not among the allowed domains (MAPPA_ALLOWED_DOMAINS)",
        ),
    ],
)
def test_a_notice_that_reaches_nobody_says_why(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], why: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert notify("the outbox is stuck", "") == (False, why)


def test_an_operator_address_that_is_none_is_refused_at_the_start(
    mappa: Mappa, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPPA_OPERATOR_EMAIL", "ops")
    told = mappa("problems")
    assert told.code == 2
    assert "MAPPA_OPERATOR_EMAIL: 'ops' is not an e-mail address, such as ops@agency.example" in told.err
