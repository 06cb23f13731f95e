"""What holds for every command: settings, --database, exit codes, no traceback, a quick start."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from cli.app import WHERE, app, found_at
from tests.support.command_line import Mappa
from tests.support.environment import without_settings

ROOT = Path(__file__).parents[2]
START = "from cli.app import main; main()"


def leaves(command: object, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    """Return every command below a group, with its words."""
    below = getattr(command, "commands", None)
    if not below:
        return [(path, command)]
    return [leaf for name, sub in below.items() for leaf in leaves(sub, (*path, name))]


LEAVES = leaves(get_command(app))


def in_a_process(*arguments: str, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run ``mappa`` in a process of its own."""
    environment = without_settings()
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH", ""))))
    return subprocess.run(
        [sys.executable, "-c", START, *arguments],
        cwd=cwd,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=[" ".join(words) for words, _ in LEAVES])
def test_every_command_takes_a_database_and_explains_itself_and_its_options(
    words: tuple[str, ...], command: object
) -> None:
    options = {option for parameter in command.params for option in parameter.opts}  # type: ignore[attr-defined]
    assert "--database" in options
    assert command.help  # type: ignore[attr-defined]
    assert all(parameter.help for parameter in command.params)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=[" ".join(words) for words, _ in LEAVES])
def test_no_option_is_misspelt_silently(mappa: Mappa, words: tuple[str, ...], command: object) -> None:
    assert mappa(*words, "--nonsense").code == 2


def test_the_database_may_stand_before_or_after_the_command(mappa: Mappa, tmp_path: Path) -> None:
    before = dict(os.environ)
    for number, arguments in enumerate(
        (("--database", "URL", "timescales"), ("timescales", "--database", "URL"), ("messages", "--database", "URL"))
    ):
        answer = mappa(*(f"sqlite:///{tmp_path}/other{number}.db" if word == "URL" else word for word in arguments))
        assert (answer.code, answer.err.partition(": ")[0]) == (1, f"there is no record in {tmp_path}/other{number}.db")
    assert mappa("timescales", "--json").document == []
    assert os.environ == before


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("MAPPA_SMTP_PORT", "many", "MAPPA_SMTP_PORT: 'many': input should be a valid integer"),
        ("MAPPA_TRANSPORT", "pigeon", "MAPPA_TRANSPORT: 'pigeon': input should be 'folder', 'smtp' or 'notify'"),
        ("MAPPA_POLICY_DIR", "/nowhere", "MAPPA_POLICY_DIR: '/nowhere': /nowhere is not a folder"),
        ("MAPPA_MAIL_FROM", "nobody", "MAPPA_MAIL_FROM: 'nobody' is not an e-mail address"),
    ],
)
def test_a_wrong_setting_is_a_sentence_that_names_its_variable(
    mappa: Mappa, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(variable, value)
    answer = mappa("timescales")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(sentence)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://clerk:hunter2@host/db",
        "mysql:clerk:hunter2",
        "postgresql://clerk:pw@hunter2@host:5432/db",
        "postgresql://clerk:pw@hunter2/x@host/db",
        "postgresql://clerk:pw@x:hunter2@host/db",
        "postgresql://clerk:pw@x?hunter2@host/db",
        "postgresql://clerk:hunter2/db",
        "postgresql://clerk:pw@host:hunter2/db",
    ],
)
def test_a_refused_database_url_shows_no_part_of_a_password(mappa: Mappa, url: str) -> None:
    for answer in (mappa("timescales", "--database", url), mappa("doctor", "--database", url)):
        assert answer.code != 0
        assert "hunter2" not in answer.out + answer.err
        assert "MAPPA_DATABASE_URL: is n" in answer.out + answer.err


@pytest.mark.parametrize(
    "url",
    [
        # RFC 3986, 3.2.1 and 2.1: what separates the parts of a URL is percent-encoded inside one.
        "postgresql://clerk:p%40hunter2%3A%2F%23@127.0.0.1:9/db",
        "postgresql://clerk:a:b/hunter2#c?d@127.0.0.1:9/db",
        "postgresql://clerk@127.0.0.1:9/db?password=hunter2",
    ],
)
def test_doctor_shows_no_part_of_a_password_of_a_database_that_it_cannot_reach(mappa: Mappa, url: str) -> None:
    answer = mappa("doctor", "--database", url)
    assert "127.0.0.1:9/db" in answer.out
    assert "hunter2" not in answer.out + answer.err


def test_all_wrong_settings_are_told_at_once(mappa: Mappa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPPA_SMTP_PORT", "many")
    monkeypatch.setenv("MAPPA_DATABASE_URL", "oracle://")
    assert len(mappa("timescales").err.splitlines()) == 2


def test_a_misspelt_setting_is_told_and_the_work_goes_on(mappa: Mappa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPPA_SMPT_PORT", "25")
    answer = mappa("timescales", "--json")
    assert (answer.code, answer.document) == (0, [])
    assert answer.err.strip() == "MAPPA_SMPT_PORT is no setting and does nothing; MAPPA_SMTP_PORT is one"


def test_a_database_that_is_none_is_a_sentence(mappa: Mappa, tmp_path: Path) -> None:
    (tmp_path / "junk.db").write_bytes(b"this is no database, but long enough to be read as one" * 100)
    answer = mappa("timescales", "--database", f"sqlite:///{tmp_path}/junk.db")
    assert answer.code == 1
    assert answer.err.startswith(f"The record is damaged ({tmp_path}/junk.db). Stop every program on it")
    assert answer.err.endswith("The database says: file is not a database\n")


def test_a_bad_moment_is_wrong_usage_with_the_reason(mappa: Mappa) -> None:
    answer = mappa("tick", "--as-at", "2026-03-29T01:30")
    assert answer.code == 2
    assert "does not exist in Europe/London" in " ".join(answer.err.split())


def test_a_defect_keeps_its_traceback(mappa: Mappa, monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("views.timescales.timescales", defect)
    with pytest.raises(ZeroDivisionError):
        mappa("timescales")


def test_tracebacks_never_show_local_variables() -> None:
    groups = [one for place in WHERE.values() if isinstance(one := found_at(place), typer.Typer)]
    # None of them holds another, whose tracebacks would have to be asked for, too.
    assert not any(one.registered_groups for one in (app, *groups))
    assert not any(one.pretty_exceptions_show_locals for one in (app, *groups))


class TestInAProcessOfItsOwn:
    """The same through a real process."""

    @pytest.fixture(autouse=True)
    def with_a_record(self, tmp_path: Path, sqlite_template: Path) -> None:
        """A record where one is looked for if nobody says where."""
        (tmp_path / "var").mkdir()
        shutil.copy(sqlite_template, tmp_path / "var" / "mappa.db")

    def test_the_record_is_in_var(self, tmp_path: Path) -> None:
        done = in_a_process("timescales", "--json", cwd=tmp_path)
        told = f"The record is {tmp_path}/var/mappa.db, as MAPPA_DATABASE_URL is not set.\n"
        assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, [], told)

    def test_a_failure_prints_a_sentence_and_no_traceback(self, tmp_path: Path) -> None:
        done = in_a_process("case", "show", "X999999", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert "nobody on record" in done.stderr
        assert "Traceback" not in done.stderr

    def test_wrong_usage_ends_with_2(self, tmp_path: Path) -> None:
        assert in_a_process("timescale", cwd=tmp_path).returncode == 2
        assert in_a_process("timescales", cwd=tmp_path, MAPPA_SMTP_PORT="0").returncode == 2

    def test_a_flow_runs_though_no_prefect_server_answers(self, tmp_path: Path) -> None:
        done = in_a_process("run", "prompts", "--json", cwd=tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")
        assert (done.returncode, [item["stage"] for item in json.loads(done.stdout)]) == (0, ["prompts"])
        assert "no Prefect server answered" in done.stderr

    def test_a_flow_that_does_not_exist_is_wrong_usage(self, tmp_path: Path) -> None:
        done = in_a_process("run", "nonsense", cwd=tmp_path)
        assert (done.returncode, "there is no flow 'nonsense'" in done.stderr) == (2, True)

    def test_output_into_a_closed_pipe_is_no_defect(self, tmp_path: Path) -> None:
        command = f"{sys.executable} -c '{START}' policy show --json | head -c 10"
        environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))}
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr
