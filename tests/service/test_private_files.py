"""What the program writes can be read by its owner alone, and what an earlier version left open is closed."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.record import Record
from policy.errors import UnavailableError
from service.private_files import close_to_others
from service.settings import read_settings
from tests.support.command_line import Mappa

SENTENCES = (
    "crn,surname,forenames,date_of_birth,area,lead_agency,offence_code,disposal,sentence_date\n"
    "X320741,Sample,Ada,1980-02-29,London,probation,nothing such,imprisonment,2026-06-01\n"
    "X320742,Sample,Bo,1980-02-30,London,probation,nothing such,imprisonment,2026-06-01\n"
)


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """Begin with the rights that most machines give, and leave what the test runner had."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """Return the files below a folder that others can read, reaching them or not."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    )


def test_no_file_of_a_day_at_work_can_be_read_by_others(mappa: Mappa, record: Record, tmp_path: Path) -> None:
    (tmp_path / "given.csv").write_text(SENTENCES)
    work = tmp_path / "work"
    work.mkdir()
    loaded = mappa("load", "sentences", tmp_path / "given.csv", "--rejects", work / "rejects.csv")
    assert loaded.code == 3, loaded.err
    assert mappa("tick").code == 0
    assert mappa("report", "outlook", "--all", "--html", work / "page.html", "--csv", work / "csv").code == 0
    assert mappa("backup", work / "backup.db").code == 0
    (tmp_path / "given.csv").unlink()
    assert {path.name for path in work.iterdir()} == {"rejects.csv", "page.html", "csv", "backup.db"}
    assert open_to_others(tmp_path) == []


def test_what_an_earlier_version_left_open_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPPA_STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    for folder in ("var/prefect", "var/log", "mail"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("record.db", "record.db-wal"):
        (tmp_path / file).write_text("names")
    close_to_others(read_settings(f"sqlite:///{tmp_path}/record.db"))
    for place in ("var/prefect", "var/log", "mail", "record.db", "record.db-wal"):
        assert stat.S_IMODE((tmp_path / place).stat().st_mode) & 0o077 == 0, place


def test_a_folder_for_everybody_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shared := tmp_path / "shared").mkdir()
    shared.chmod(0o1777)
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(shared))
    close_to_others(read_settings(f"sqlite:///{tmp_path}/record.db"))
    assert stat.S_IMODE(shared.stat().st_mode) == 0o1777


def test_what_belongs_to_another_user_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPPA_STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    (file := tmp_path / "record.db").write_text("names")

    def refuse(_path: Path, _mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(UnavailableError, match=rf"others can read it.*have its owner run chmod go= {file}"):
        close_to_others(read_settings(f"sqlite:///{file}"))
