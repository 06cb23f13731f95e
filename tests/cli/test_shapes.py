"""The command line keeps its word: every command, option and field of the first release is there, as it was.

``recorded/`` holds what the program of 26 November 2026 printed, before its rooms were moved: the words of its command
line, and the shapes of its JSON documents over a record with one of everything. Nothing recorded is ever changed.
"""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
import typer
from typer.testing import CliRunner

from cli.app import app
from tests.cli.shapes import Shape, documents, shape_of, words_of
from tests.cli.what_is_new import NEW_COMMANDS, NEW_FIELDS, NEW_PARAMETERS
from tests.support.opened import KEY_VARIABLE, opened

RECORDED = Path(__file__).parent / "recorded"
LATER = datetime(2027, 12, 20, 9, tzinfo=UTC)
"""A year after the death in the record: its data are past the retention."""
Commands = dict[str, list[dict[str, Any]]]


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> dict[str, Any]:
    """Every document of the present program, by its name."""
    folder = tmp_path_factory.mktemp("shapes")
    (folder / "record.db").write_bytes(sqlite_template.read_bytes())
    # ``mappa run`` hands Prefect its settings through the environment: it is put back afterwards.
    with patch.dict(os.environ), pytest.MonkeyPatch.context() as here, time_machine.travel(LATER, tick=True):
        here.chdir(folder)
        for name in [name for name in os.environ if name.startswith("MAPPA_") and name != KEY_VARIABLE]:
            here.delenv(name)
        here.setenv("MAPPA_DATABASE_URL", f"sqlite:///{folder}/record.db")
        here.setenv("MAPPA_ANY_MOMENT", "true")
        here.setenv("MAPPA_MAIL_FOLDER", "mail")
        record = opened(f"sqlite:///{folder}/record.db")
        here.setenv("MAPPA_POLICY_DIR", "policy")
        found = dict(documents(record, ask, f"sqlite:///{folder}/other.db"))
        record.close()
    return found


def ask(*words: object) -> Any:
    """Run a command and return its document, however it ends."""
    result = CliRunner().invoke(app, [*(str(word) for word in words), "--json"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.stdout, f"{words}: {result.stderr}"
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def shapes(printed: dict[str, Any]) -> dict[str, Shape]:
    return {name: shape_of(name, document) for name, document in printed.items()}


def commands() -> Commands:
    return dict(words_of(typer.main.get_command(app)))


def differences(old: Shape, new: Shape, allowed: set[str]) -> Iterator[str]:
    """Yield what is no longer as it was in one document, and what is new and not allowed.

    A place where only null was seen says nothing about the type of what may stand there.
    """
    for path, types in old.items():
        if path not in new:
            yield f"{path} is gone"
        elif types != new[path] and "null" not in (types, new[path]):
            yield f"{path} was {types}, is {new[path]}"
    yield from (f"{path} is new" for path in new if path not in old and path not in allowed)
    if [path for path in new if path in old] != [path for path in old if path in new]:
        yield "the order of the fields has changed"


def changed_words(old: Commands, new: Commands) -> Iterator[str]:
    """Yield what is no longer as it was on the command line, and what is new and not allowed."""
    yield from (f"{path} is new" for path in new if path not in old and path not in NEW_COMMANDS)
    for path, parameters in old.items():
        if path not in new:
            yield f"{path} is gone"
            continue
        found = {str(one["name"]): one for one in new[path]}
        for was in parameters:
            name = str(was["name"])
            if name not in found:
                yield f"{path} {name} is gone"
            elif missing := set(was["words"]) - set(found[name]["words"]):
                yield f"{path} {name} no longer takes {', '.join(sorted(missing))}"
            elif was | {"words": []} != found[name] | {"words": [], "required": stays_required(was, found[name])}:
                yield f"{path} {name} was {was}, is {found[name]}"
        known = {str(was["name"]) for was in parameters}
        yield from (f"{path} {n} is new" for n in found if n not in known and (path, n) not in NEW_PARAMETERS)


def stays_required(was: dict[str, Any], now: dict[str, Any]) -> bool:
    """Return what to hold against the old word: whoever gave what need not be given any more may still give it."""
    return bool(now["required"] or was["required"])


def test_every_command_and_option_is_as_it_was() -> None:
    assert list(changed_words(recorded("commands"), commands())) == []


@pytest.mark.parametrize("name", recorded("documents"))
def test_every_document_has_the_fields_it_had(name: str, shapes: dict[str, Shape]) -> None:
    allowed = {path for document, path in NEW_FIELDS if document == name}
    assert list(differences(recorded("documents")[name], shapes[name], allowed)) == []


def test_every_command_with_json_is_looked_at(shapes: dict[str, Shape]) -> None:
    with_json = {
        path.removeprefix("mappa ") for path, found in commands().items() if any(p["name"] == ["--json"] for p in found)
    }
    assert {path for path in with_json if not any(name.startswith(path) for name in shapes)} == set()


def test_what_came_later_is_there_and_has_a_reason(shapes: dict[str, Shape]) -> None:
    assert set(NEW_COMMANDS) <= set(commands())
    assert {path for path, _ in NEW_PARAMETERS} <= set(commands())
    assert all(path in shapes[document] for document, path in NEW_FIELDS)
    assert all([*NEW_COMMANDS.values(), *NEW_PARAMETERS.values(), *NEW_FIELDS.values()])


def renamed(shape: Shape) -> Shape:
    return {"[].reference" if path == "[].case" else path: types for path, types in shape.items()}


def retyped(shape: Shape) -> Shape:
    return shape | {"[].due_on": "text"}


def moved(shape: Shape) -> Shape:
    return dict(sorted(shape.items()))


def widened(shape: Shape) -> Shape:
    return shape | {"[].name": "text"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (renamed, ["[].case is gone", "[].reference is new"]),
        (retyped, ["[].due_on was day, is text"]),
        (moved, ["the order of the fields has changed"]),
        (widened, ["[].name is new"]),
    ],
)
def test_a_changed_field_is_noticed(change: Callable[[Shape], Shape], told: list[str]) -> None:
    old: Shape = recorded("documents")["timescales"]
    assert list(differences(old, change(old), set())) == told


def test_a_changed_option_is_noticed() -> None:
    now = commands()
    for parameter in now["mappa timescales"]:
        if parameter["name"] == ["--kind"]:
            parameter["words"].remove("referral")
        if parameter["name"] == ["--area"]:
            parameter["name"] = ["--where"]
        if parameter["name"] == ["--limit"]:
            parameter["default"] = 7
    told = list(changed_words(recorded("commands"), now))
    assert "mappa timescales ['--kind'] no longer takes referral" in told
    assert "mappa timescales ['--area'] is gone" in told
    assert "mappa timescales ['--where'] is new" in told
    assert any(one.startswith("mappa timescales ['--limit'] was") for one in told)
