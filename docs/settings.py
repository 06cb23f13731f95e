"""The page of settings: every variable ``MAPPA_...`` from the classes that read them."""

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from docs.markdown import code, codes, page, table
from models.settings import PREFIX
from service.settings import KINDS

INTRODUCTION = """
Settings are variables of the environment. They are read at the start of every command; a wrong value stops the
program with exit code 2 and a sentence that names the variable. A variable that looks like a setting misspelt is
told on standard error.
"""
HEADINGS = {
    "RecordSettings": "The record and the policy",
    "MailSettings": "E-mail",
    "ServeSettings": "The running program",
    "DeskSettings": "The desk",
    "AssuranceSettings": "Assurance",
    "FigureSettings": "Published reports",
    "LogSettings": "The log",
}


def page_of_settings() -> str:
    """Return the page."""
    parts: list[str] = []
    for settings in KINDS:
        parts += [f"## {HEADINGS[settings.__name__]}", table_of_settings(settings)]
    return page("Settings", INTRODUCTION, *parts)


def table_of_settings(settings: type[BaseSettings]) -> str:
    """Return the table of one class of settings."""
    rows = [
        (code(PREFIX + name.upper()), field.description or "", limits(field), default(field))
        for name, field in settings.model_fields.items()
    ]
    return table(("Variable", "Meaning", "Values", "Default"), rows)


def limits(field: FieldInfo) -> str:
    """Return what a value may be, where the class says so."""
    if get_origin(field.annotation) is Literal:
        return " or ".join(code(word) for word in get_args(field.annotation))
    if field.annotation is bool:
        return codes(("true", "false")).replace(", ", " or ")
    bounds = {type(part).__name__: part for part in field.metadata}
    words = []
    if "Gt" in bounds:
        words.append(f"more than {bounds['Gt'].gt}")
    if "Ge" in bounds:
        words.append(f"from {bounds['Ge'].ge}")
    if "Le" in bounds:
        words.append(f"to {bounds['Le'].le}")
    return " ".join(words)


def default(field: FieldInfo) -> str:
    """Return the default of a setting."""
    value: Any = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, Path):
        value = value.as_posix()
    if isinstance(value, bool):
        value = str(value).lower()
    return "none" if value in (None, "", ()) else code(value)
