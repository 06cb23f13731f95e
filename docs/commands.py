"""The page of commands: every command of the command line, its arguments and its options."""

from collections.abc import Iterable, Iterator
from enum import EnumType
from typing import Any

import typer

from cli.app import app
from docs.markdown import code, codes, page, table

INTRODUCTION = """
`mappa` stands at `.venv/bin/mappa` after any `make` target. `mappa COMMAND --help` prints the same as this page.

Exit codes: 0 done; 1 failed; 2 wrong usage; 3 done, but some input was rejected. `--json` prints one JSON document
on standard output ([its fields](json.md)); what went wrong goes to standard error. `--database` may stand
before or after the command. Settings come from [variables](settings.md).
"""


def page_of_commands() -> str:
    """Return the page."""
    parts = [part for path, found in commands() for part in section(path, found)]
    return page("Commands", INTRODUCTION, *parts)


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its path, groups before what is in them."""
    yield from below("mappa", typer.main.get_command(app))


def below(path: str, found: Any) -> Iterator[tuple[str, Any]]:
    """Yield a command and those inside it."""
    yield path, found
    if hasattr(found, "commands"):
        for name in found.list_commands(None):
            yield from below(f"{path} {name}", found.commands[name])


def section(path: str, found: Any) -> Iterator[str]:
    """Yield the parts of one command's section."""
    inner = list(found.list_commands(None)) if hasattr(found, "commands") else []
    yield f"## {path}" if path.count(" ") < 2 else f"### {path}"
    if found.help:
        yield found.help.strip()
    if inner:
        yield f"Commands: {codes(inner)}."
    if rows := [row_of(param) for param in found.params if not param.hidden and param.name != "help"]:
        yield table(("Argument or option", "Meaning", "Default"), rows)


def row_of(param: Any) -> tuple[str, str, str]:
    """Return the row of one argument or option."""
    option = param.opts[0].startswith("-")
    name = " ".join(word for word in (param.opts[0] if option else "", value_name(param, option)) if word)
    meaning = " ".join(word for word in (param.help or "", choices(param)) if word)
    if param.required:
        meaning += " Required."
    return code(name), meaning, default(param)


def value_name(param: Any, option: bool) -> str:
    """Return how the value of a parameter is called; "" for a switch."""
    if option and param.is_flag:
        return ""
    called: str = param.metavar or param.name.upper()
    return called


def choices(param: Any) -> str:
    """Return the words a parameter takes, where they are few."""
    annotation = param.type_descriptor.annotation
    if isinstance(annotation, EnumType):
        words: Iterable[Any] = annotation
        return f"One of {codes(word.value for word in words)}."
    return ""


def default(param: Any) -> str:
    """Return what holds where an option is left out."""
    value = getattr(param.default, "value", param.default)
    return "" if value is None or value is False or not param.show_default else code(value)
