"""The rivals write the same rows, prompt by prompt, that a sweep wrote. None of them is installed for these tests."""

import pickle
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bench import caseload
from bench.fresh_record import AS_AT
from bench.measuring import Scale
from bench.rivals import environment, plain_loop, rows, units
from bench.rivals.kills import Loss
from bench.rivals.work import Work, written_twice
from bench.sweeping import sweep
from bench.table import Row
from tests.support.opened import opened

DUE = 5
COLUMNS = {
    "prompt": "id, timescale_id, rung, rung_on, recipient, message_id",
    "audit_entry": "id, chain, seq, hash",
    "audit_chain": "chain, seq, hash",
    "timescale": "id, next_rung, next_prompt_at",
    "message": "id, recipient, state",
}


@pytest.fixture(scope="module")
def caseloads(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A caseload with five prompts to write, the same swept, and the file with what the sweep wrote."""
    folder = tmp_path_factory.mktemp("rivals")
    before, swept, work_file = folder / "before.db", folder / "swept.db", folder / "work.pickle"
    shutil.copy(sqlite_template, before)
    record = opened(f"sqlite:///{before}")
    caseload.build(record, 40, DUE, AS_AT)
    record.close()
    shutil.copy(before, swept)
    sweep(f"sqlite:///{swept}", str(DUE), str(folder / "rows.pickle"))
    units.make(f"sqlite:///{before}", str(folder / "rows.pickle"), str(work_file))
    return before, swept, work_file


def written(path: Path) -> dict[str, list[Any]]:
    """Return what a database has of the rows that a sweep writes."""
    with sqlite3.connect(path) as connection:
        return {
            table: connection.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}").fetchall()
            for table, columns in COLUMNS.items()
        }


def test_a_plain_loop_leaves_what_the_sweep_left(caseloads: tuple[Path, Path, Path], tmp_path: Path) -> None:
    before, swept, work_file = caseloads
    path = shutil.copy(before, tmp_path / "looped.db")
    assert written(path)["prompt"] == []
    work = Work(f"sqlite:///{path}", str(work_file), DUE)
    plain_loop.run(work)
    assert work.finished.is_set()
    assert written(path) == written(swept)


def test_a_job_that_runs_again_is_noted_and_writes_nothing(caseloads: tuple[Path, Path, Path], tmp_path: Path) -> None:
    before, _, work_file = caseloads
    path, copied = shutil.copy(before, tmp_path / "twice.db"), shutil.copy(work_file, tmp_path / "work.pickle")
    work = Work(f"sqlite:///{path}", str(copied))
    first = min(work.statements)
    for _ in range(2):
        work.write(first)
    assert written_twice(str(copied)).read_text() == f"{first}\n"
    assert len(written(path)["prompt"]) == 1
    assert not work.finished.is_set()


def test_the_rows_of_a_prompt_are_found_in_whatever_order_each_table_has_them() -> None:
    told = {
        "prompt": [{"timescale_id": 20}, {"timescale_id": 40}],
        "audit_entry": [{"subject": "timescale 40", "chain": "case/2"}, {"subject": "timescale 20", "chain": "case/1"}],
        "audit_chain": [{"chain": "case/1"}, {"chain": "case/2"}],
        "moved": [{"key": 40}, {"key": 20}],
    }
    statements = [("p", [1, 2]), ("e", [1, 2]), ("c", [1, 2]), ("m", [1, 2])]
    assert units.by_timescale(told, statements) == {
        20: [("p", 1), ("e", 2), ("c", 1), ("m", 2)],
        40: [("p", 2), ("e", 1), ("c", 2), ("m", 1)],
    }


def test_where_they_cannot_be_installed_it_says_so_and_measures_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class NothingMade:
        def __init__(self, its: object, due: int) -> None:
            self.due = due

        def drop(self) -> None:
            """Nothing was made."""

    def told(kind: str, python: Path, name: str, *more: object) -> Row:
        return Row(kind, name, ())

    monkeypatch.setattr(rows, "python_of_the_rivals", lambda: None)
    monkeypatch.setattr(rows, "Made", NothingMade)
    monkeypatch.setattr(rows, "timed", told)
    monkeypatch.setattr(rows, "killed", told)
    found = [row.what for row in rows.rivals("PostgreSQL", None, Scale(10, 1))]  # type: ignore[arg-type]
    assert found == [*rows.OURS[:2], "on_apscheduler"] * 2 + ["not measured: Huey, procrastinate, DBOS"]
    assert "could not be installed" in capsys.readouterr().err


def test_what_was_lost_and_done_twice_stands_in_the_row(
    caseloads: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Folder:
        def drop(self, url: str) -> None:
            """Keep it."""

    class Made:
        its, due, work_file = Folder(), DUE, str(tmp_path / "work.pickle")

        def begin(self, name: str) -> str:
            return "sqlite://"

    monkeypatch.setattr(rows, "told_by", lambda *words: {})
    monkeypatch.setattr(rows, "under_kills", lambda *words, **more: Loss(10, 3, 1))
    row = rows.killed("SQLite", Path("python"), "on_huey", Made())  # type: ignore[arg-type]
    assert row.cells() == ("SQLite", "5 due, killed 10 times at work: Huey", "3 lost, 1 done twice", "", "")


def test_their_environment_is_made_once_for_each_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock, folder, called = tmp_path / "requirements.bench.lock", tmp_path / "venv", []
    lock.write_text("huey==1\n")
    folder.mkdir()
    monkeypatch.setattr(environment.subprocess, "call", lambda words, stdout: called.append(words) and 0)
    python = environment.python_of_the_rivals(folder, lock)
    assert python == folder / "bin" / "python"
    assert [words[1:3] for words in called] == [["-m", "venv"], ["-m", "pip"]]
    assert "--require-hashes" in called[1]
    assert environment.python_of_the_rivals(folder, lock) == python
    assert len(called) == 2
    lock.write_text("huey==2\n")
    assert environment.python_of_the_rivals(folder, lock) == python
    assert len(called) == 4


def test_what_cannot_be_installed_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock = tmp_path / "requirements.bench.lock"
    lock.write_text("huey==1\n")
    monkeypatch.setattr(environment.subprocess, "call", lambda words, stdout: 1)
    assert environment.python_of_the_rivals(tmp_path, lock) is None
    assert not (tmp_path / "installed.lock").exists()


def test_the_lock_names_the_rivals_and_the_product_depends_on_none() -> None:
    locked = environment.LOCK.read_text()
    product = (environment.ROOT / "requirements.lock").read_text()
    for name in ("dbos", "huey", "procrastinate"):
        assert f"\n{name}==" in locked
        assert f"\n{name}==" not in product
    assert "://" not in locked


def test_what_is_pickled_needs_nothing_of_ours(caseloads: tuple[Path, Path, Path]) -> None:
    """The rivals' environment has the drivers alone."""
    told = pickle.loads(caseloads[2].read_bytes())["prompts"]
    assert len(told) == DUE
    kinds = {type(value).__module__ for rows_of in told.values() for _, params in rows_of for value in params}
    assert kinds <= {"builtins", "datetime", "psycopg.types.json"}
