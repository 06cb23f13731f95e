"""The log: its two forms, its level, and that no line ever holds a name."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.record import Record
from models.settings import read
from service import logs
from service.log_settings import LogSettings
from tasks.stage import run_stage
from tests.support import rows
from tests.support.command_line import Mappa
from tests.support.toys import CRN, NAME, Toy

ROOT = Path(__file__).parent.parent.parent
EIGHT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Leave the process's logging as it was found."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log JSON lines, from INFO on."""
    monkeypatch.setenv("MAPPA_LOG_FORMAT", "json")
    logs.set_up(read(LogSettings), "INFO")


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The JSON lines on standard error."""
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def test_a_run_of_a_stage_is_one_line_with_its_counts(
    record: Record, as_json: None, capsys: pytest.CaptureFixture[str]
) -> None:
    run_stage(record, Toy({1, 2, 3}, skipped={2}).stage("prompts"), EIGHT)
    [line] = lines(capsys)
    assert datetime.fromisoformat(line.pop("time")).utcoffset().total_seconds() == 0
    assert 0 <= line.pop("seconds") < 60
    assert line.pop("message").startswith("prompts: 3 waited, 2 done, 1 skipped, 0 failed in ")
    assert line == {
        "level": "INFO",
        "logger": "tasks.stage",
        "flow_run_id": None,
        "stage": "prompts",
        "case": None,
        "waited": 3,
        "done": 2,
        "skipped": 1,
        "failed": 0,
        "dry_run": False,
    }


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_lines_about_a_poison_case_name_the_case_and_no_person(
    record: Record, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("MAPPA_LOG_FORMAT", form)
    logs.set_up(read(LogSettings), "INFO")
    with record.writing() as session:
        sick = rows.case(session, rows.person(session, CRN, surname=NAME)).id
    toy = Toy({sick}, poison={sick})
    stage = toy.stage("pre_release")
    run_stage(record, stage, EIGHT)
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "LON-2026-000001" in told
    assert NAME not in told
    assert CRN not in told


def test_an_exception_is_told_by_type_and_place_alone(as_json: None, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise LookupError(f"{NAME} ({CRN})")
    except LookupError:
        logging.getLogger("somebody.elses").exception("it failed")
    [line] = lines(capsys)
    assert (line["message"], line["logger"]) == ("it failed", "somebody.elses")
    assert line["error"].startswith("LookupError at service/test_logs.py:")


def test_of_other_libraries_only_warnings_are_told(as_json: None, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST http://127.0.0.1/api")
    logging.getLogger("httpx").warning("it is slow")
    logging.getLogger("service.clock").info("ours")
    assert [line["message"] for line in lines(capsys)] == ["it is slow", "ours"]


def test_a_command_is_silent_below_a_warning_unless_told_otherwise(
    mappa: Mappa, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    with record.writing() as session:
        rows.sentence(session, rows.person(session), outcome=None, outcome_reason=None, identify_at=EIGHT)
    assert mappa("tick", "--as-at", "2026-07-10", "--dry-run").err == ""
    monkeypatch.setenv("MAPPA_LOG_LEVEL", "INFO")
    told = mappa("tick", "--as-at", "2026-07-10", "--dry-run").err
    assert "INFO tasks.stage: identification, dry run: 1 waited" in told


def test_a_wrong_level_is_a_sentence(mappa: Mappa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPPA_LOG_LEVEL", "LOUD")
    answer = mappa("timescales")
    assert (answer.code, answer.err.startswith("MAPPA_LOG_LEVEL: 'LOUD': ")) == (2, True)


def test_prefect_which_sets_up_all_logging_when_imported_keeps_to_the_lines(tmp_path: Path) -> None:
    script = (
        "import logging; from service import logs; from service.settings import read_settings; "
        "logs.set_up(read_settings().log, 'INFO'); from tasks.quiet import use_prefect; "
        "use_prefect(logs.prefect_environment()); import prefect, flows; "
        "logging.getLogger('tasks.stage').info('ours'); logging.getLogger('prefect.runner').info('of a run'); "
        "logging.getLogger('prefect.client').warning('of Prefect')"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT), "MAPPA_LOG_FORMAT": "json", "PREFECT_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    assert [json.loads(line)["message"] for line in done.stderr.splitlines()] == ["ours", "of Prefect"]
