"""No command but those that load or serve makes a record: another folder must not pass for one where nothing is due."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine, inspect
from typer.main import get_command

from cli.app import app
from tests.cli.shapes import words_of
from tests.conftest import DATABASES
from tests.support.command_line import Mappa
from tests.support.environment import without_settings
from tests.support.postgresql import drop_database, run_on_server, with_database
from tests.support.story import MEETING_DIRECTORY, write_csv

ROOT = Path(__file__).parents[2]
START = "from cli.app import main; main()"
NUMBERS = count()
MAKE = {
    "load directory", "load sentences", "load offences", "load registrations", "load events", "load population",
    "load board-meetings", "load board-agenda", "load board-actions", "load training",
    "serve", "demo",
}  # fmt: skip
"""Those that make a record. So does ``restore``, by its nature: tests/service/upkeep."""
WITHOUT_A_RECORD = {
    "policy show",
    "policy check",
    "automations install",
    "doctor",
    "restore",
    "audit make-key",
    "load map",
    "load templates",
}
"""Those that open none: they look at policy, at Prefect, or at what is there, or come before it."""
ASKING = {
    "load domain-events": f"load domain-events {ROOT}/pyproject.toml",
    "audit accept-rows": "audit accept-rows --reason Mended",
    "record": "record level --crn X320741 --file form.json",
    "run": "run prompts",
    "simulate": "simulate --from 2026-04-01 --to 2026-04-01",
    "papers": "papers --crn X320741 --meeting 1",
    "minutes": "minutes --crn X320741 --meeting 1",
    "plan": "plan X320741",
    "backup": "backup copy.db",
    "case show": "case show X320741",
    "messages resend": "messages resend 1",
    "messages mark-sent": "messages mark-sent 1",
    "drafts show": "drafts show 1",
    "confirm clock": "confirm clock --reason Outage",
    "confirm record": "confirm record --reason Moved",
    "policy try": f"policy try {ROOT}/pyproject.toml",
    "policy adopt": f"policy adopt {ROOT}/pyproject.toml",
    "taken-on": "taken-on adopt --reason Late",
    "take-on": "take-on --area London --from 2026-04-01",
    "token add": "token add --name System --address system@cases.example --role coordinator --area London",
    "token revoke": "token revoke 1",
}
"""What a command needs to get as far as the record."""
EVERY = sorted(
    path.removeprefix("mappa ")
    for path, parameters in words_of(get_command(app))
    if path != "mappa" and any("--database" in one["name"] for one in parameters)
)
ON_A_RECORD = [words for words in EVERY if words not in MAKE | WITHOUT_A_RECORD]
WITH_AREA = [
    path.removeprefix("mappa ")
    for path, parameters in words_of(get_command(app))
    if any(one["name"] == ["--area"] for one in parameters) and path != "mappa policy show"
]


class Nowhere:
    """A place for a record in which there is none."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder

    @property
    def holds(self) -> list[str]:
        """What is there: files and folders, or tables."""
        if self.url.startswith("sqlite"):
            return [str(path) for path in self.folder.rglob("*") if "there" in path.name]
        engine = create_engine(self.url)
        found = inspect(engine).get_table_names()
        engine.dispose()
        return found


@pytest.fixture(params=DATABASES)
def nowhere(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nowhere]:
    """No file, in a folder that is not there either; or a database without a table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "form.json").write_text('{"date": "2026-07-09", "level": 2}')
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/there/record.db"
        monkeypatch.setenv("MAPPA_DATABASE_URL", url)
        yield Nowhere(url, tmp_path)
        return
    server = request.getfixturevalue("postgresql_server")
    # A name for each test: what a process has opened once stays open.
    name = f"nowhere_{next(NUMBERS)}"
    run_on_server(server, f"CREATE DATABASE {name} TEMPLATE template0")
    url = with_database(server, name)
    monkeypatch.setenv("MAPPA_DATABASE_URL", url)
    yield Nowhere(url, tmp_path)
    drop_database(server, name)


@pytest.fixture
def ask(mappa: Mappa, nowhere: Nowhere) -> Callable[..., None]:
    """Give a command, and see that it refuses and leaves nothing."""

    def refused(*words: str) -> None:
        answer = mappa(*words, "--database", nowhere.url)
        by_its_own_programs = words[0] == "backup" and not nowhere.url.startswith("sqlite")
        if by_its_own_programs:
            assert (answer.code, "use its own program" in answer.err) == (2, True)
        else:
            assert answer.code == 1, answer.err
            assert answer.err.startswith("there is no record in "), answer.err
            assert "mappa load directory FILE" in answer.err
        assert nowhere.holds == []

    return refused


@pytest.mark.parametrize("words", [words for words in ON_A_RECORD if words not in ("clock", "desk")])
def test_a_command_refuses_a_record_that_is_not_there_and_makes_none(ask: Callable[..., None], words: str) -> None:
    ask(*ASKING.get(words, words).split())


@pytest.mark.parametrize("words", WITH_AREA)
def test_so_it_does_with_an_area(ask: Callable[..., None], words: str) -> None:
    """The area is looked up in the record before the command begins."""
    ask(*ASKING.get(words, words).split(), "--area", "London")


@pytest.mark.parametrize("words", ["record level --example", "policy show", "doctor"])
def test_what_opens_no_record_needs_none(mappa: Mappa, nowhere: Nowhere, words: str) -> None:
    answer = mappa(*words.split(), "--database", nowhere.url)
    assert answer.code == 0, answer.err
    assert nowhere.holds == []
    if words == "doctor":
        assert "-> Load a file (mappa load directory FILE) or start mappa serve: both make it." in answer.out


def test_a_load_makes_it(mappa: Mappa, nowhere: Nowhere) -> None:
    file = write_csv(nowhere.folder / "directory.csv", MEETING_DIRECTORY)
    answer = mappa("load", "directory", file, "--database", nowhere.url)
    assert (answer.code, answer.err) == (0, "")
    assert nowhere.holds != []
    assert mappa("timescales", "--database", nowhere.url).code == 0


@pytest.mark.parametrize("file", ["compose.yaml", "kubernetes.yaml"])
def test_a_fleet_begins_with_a_command_that_makes_it(
    mappa: Mappa, nowhere: Nowhere, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """What runs before all else in a fleet, in the folder of the image, which is that of the sources."""
    nodes = list(yaml.safe_load_all((ROOT / "deploy" / file).read_text(encoding="utf-8")))
    if file == "compose.yaml":
        words = nodes[0]["services"]["migrations"]["command"]
    else:
        [job] = [one for one in nodes if one["kind"] == "Job"]
        words = job["spec"]["template"]["spec"]["initContainers"][0]["command"]
    monkeypatch.chdir(ROOT)
    for _ in range(2):
        answer = mappa(*words[1:], "--database", nowhere.url)
        assert (answer.code, answer.err) == (0, "")
    assert nowhere.holds != []


def test_every_command_is_one_of_these() -> None:
    assert (MAKE | WITHOUT_A_RECORD).issubset(EVERY)
    assert ASKING.keys() <= set(ON_A_RECORD)


def in_a_process(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with no word on where the record is."""
    return subprocess.run(
        [sys.executable, "-c", START, *words],
        cwd=folder, env=without_settings() | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("words", ["tick", "clock", "desk", "backup copy.db"])
def test_in_another_folder_the_default_is_told_and_nothing_is_made(tmp_path: Path, words: str) -> None:
    done = in_a_process(tmp_path, *words.split())
    first, second = done.stderr.splitlines()
    assert (done.returncode, first) == (1, f"The record is {tmp_path}/var/mappa.db, as MAPPA_DATABASE_URL is not set.")
    assert second.startswith(f"there is no record in {tmp_path}/var/mappa.db: ")
    assert list(tmp_path.iterdir()) == []


def test_the_default_is_told_once_and_by_no_command_that_opens_none(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "directory.csv", MEETING_DIRECTORY)
    told = f"The record is {tmp_path}/var/mappa.db, as MAPPA_DATABASE_URL is not set.\n"
    assert in_a_process(tmp_path, "policy", "show").stderr == ""
    assert in_a_process(tmp_path, "load", "directory", str(file)).stderr == told
    assert in_a_process(tmp_path, "timescales", "--area", "london").stderr == told
    assert in_a_process(tmp_path, "timescales", "--database", "sqlite:///var/mappa.db").stderr == ""
