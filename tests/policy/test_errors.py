"""The errors written for people: one base, one table, and nothing beside it."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

from casework.errors import FileRefusedError, RefusedError
from policy.errors import (
    OUTCOMES,
    FailedError,
    InvalidError,
    MappaError,
    NotFoundError,
    SettingsError,
    Signal,
    WrongUsageError,
    outcome_of,
)
from policy.specs import SpecError
from tests.support.sources import ROOMS, ROOT, sources


def modules() -> Iterator[str]:
    """Yield the name of every module of every room."""
    for room in ROOMS:
        yield room
        for found in pkgutil.walk_packages([str(ROOT / room)], f"{room}."):
            yield found.name


def below(kind: type[BaseException]) -> set[type[BaseException]]:
    """Return every class that derives from one, however far, and is a room's own."""
    found = {one for sub in kind.__subclasses__() for one in {sub, *below(sub)}}
    return {one for one in found if one.__module__.partition(".")[0] in ROOMS}


@pytest.fixture(scope="module")
def errors() -> set[type[BaseException]]:
    """Every class of exception of the product."""
    for name in modules():
        importlib.import_module(name)
    return below(BaseException)


def test_every_error_has_its_row_and_says_what_it_is(errors: set[type[BaseException]]) -> None:
    ours = {one for one in errors if issubclass(one, MappaError)} - {MappaError}
    assert len(ours) > 25
    for one in ours:
        assert any(kind in OUTCOMES for kind in one.__mro__), one
        assert one.__dict__.get("__doc__"), one
        assert one.__name__.endswith("Error"), one


def test_what_is_no_error_for_people_is_a_signal_that_is_caught_in_its_own_room(
    errors: set[type[BaseException]],
) -> None:
    others = {one for one in errors if not issubclass(one, MappaError)} - {Signal, SpecError}
    assert others
    assert {one for one in others if not issubclass(one, Signal)} == set()
    caught = {
        (file.partition("/")[0], name.id)
        for file, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type is not None
        for name in ast.walk(node.type)
        if isinstance(name, ast.Name)
    }
    assert {one for one in others if (one.__module__.partition(".")[0], one.__name__) not in caught} == set()


def test_nobody_raises_the_base_or_a_bare_exception() -> None:
    bare = {"MappaError", "Signal", "Exception", "BaseException", "RuntimeError", "OSError", "SystemExit"}
    raised = {
        (file, node.exc.func.id)
        for file, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)
    }
    assert len(raised) > 50
    assert {(file, name) for file, name in raised if name in bare} == set()


@pytest.mark.parametrize("kind", OUTCOMES, ids=lambda kind: kind.__name__)
def test_a_row_is_a_known_exit_code_and_a_status_of_an_error(kind: type[MappaError]) -> None:
    row = outcome_of(kind)
    assert row is OUTCOMES[kind]
    assert row.exit_code in (1, 2)
    assert 400 <= row.status < 600


@pytest.mark.parametrize(
    ("error", "exit_code", "status"),
    [
        (RefusedError, 1, 422),
        (FileRefusedError, 1, 400),
        (SettingsError, 2, 500),
        (WrongUsageError, 2, 400),
        (NotFoundError, 1, 404),
    ],
)
def test_a_class_has_the_row_of_its_kind(error: type[MappaError], exit_code: int, status: int) -> None:
    assert (outcome_of(error).exit_code, outcome_of(error).status) == (exit_code, status)


def test_the_nearest_row_counts() -> None:
    class MineError(InvalidError):
        """One."""

    class FurtherError(MineError, FailedError):
        """Two kinds at once: the first that has a row."""

    assert outcome_of(FurtherError) is OUTCOMES[InvalidError]


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ({}, "it is not there"),
        ({"where": "line 3"}, "line 3: it is not there"),
        ({"to_do": "load it"}, "it is not there: load it"),
        ({"where": "line 3", "to_do": "load it"}, "line 3: it is not there: load it"),
    ],
)
def test_the_parts_are_joined_in_one_manner(parts: dict[str, str], text: str) -> None:
    error = NotFoundError("it is not there", **parts)
    assert str(error) == text
    assert error.reasons == [text]
    assert (error.what, error.where, error.to_do) == ("it is not there", parts.get("where", ""), parts.get("to_do", ""))


def test_several_reasons_are_kept_one_by_one() -> None:
    error = RefusedError(["date: it is in the future", "by: it is blank"])
    assert error.reasons == ["date: it is in the future", "by: it is blank"]
    assert str(error) == "date: it is in the future; by: it is blank"
