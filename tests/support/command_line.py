"""A record of its own for each test, and the command line in this process: fixtures for the ``conftest`` of a room."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.app import app
from models.record import Record
from tests.support.opened import opened


class Answer:
    """What a command printed, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def document(self) -> Any:
        """The JSON document on standard output."""
        return json.loads(self.out)


Mappa = Callable[..., Answer]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a record of this test's own, which the settings name."""
    url = f"sqlite:///{tmp_path}/record.db"
    monkeypatch.setenv("MAPPA_DATABASE_URL", url)
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    monkeypatch.setenv("MAPPA_ANY_MOMENT", "true")
    return url


@pytest.fixture(scope="session")
def empty_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a migrated record with nothing in it, made once."""
    path = tmp_path_factory.mktemp("empty") / "record.db"
    made = opened(f"sqlite:///{path}")
    made.migrate()
    made.close()
    return path


@pytest.fixture
def record(database: str, empty_record: Path) -> Iterator[Record]:
    """An empty, migrated record."""
    shutil.copy(empty_record, database.removeprefix("sqlite:///"))
    at_hand = opened(database)
    yield at_hand
    at_hand.close()


def run_here(*arguments: object, input: str | None = None) -> Answer:  # noqa: A002  the runner's own word
    """Run ``mappa`` with arguments in this process; an unexpected error fails the test with its traceback."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=input)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def mappa(record: Record) -> Mappa:
    """Run ``mappa`` with arguments, on that record."""
    return run_here
