"""All settings at once, checked at the start: a wrong value is a sentence that names its variable."""

import os
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic import ValidationError

from service.errors import WRONG_USAGE, ServiceError

if TYPE_CHECKING:
    from pydantic_settings import BaseSettings

PREFIX = "MAPPA_"
SECRET = ("PASSWORD", "URL")
ALIKE = 0.8


class SettingsError(ServiceError):
    """Settings that cannot be used; ``sentences`` holds one for each, with the name of its variable."""

    code = WRONG_USAGE

    def __init__(self, sentences: list[str]) -> None:
        """Keep every sentence: all wrong settings are mended at once."""
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def settings_classes() -> "tuple[type[BaseSettings], ...]":
    """Return every class of settings of the product."""
    from assurance.settings import AssuranceSettings
    from models.settings import RecordSettings
    from notifications.settings import MailSettings
    from service.logs import LogSettings
    from service.serve_settings import ServeSettings

    return RecordSettings, MailSettings, ServeSettings, LogSettings, AssuranceSettings


def check_settings() -> None:
    """Read every setting from the environment; ``SettingsError`` names each that is wrong."""
    sentences = [line for settings in settings_classes() for line in wrong_values(settings)]
    if sentences:
        raise SettingsError(sentences)


def wrong_values(settings: "type[BaseSettings]") -> Iterator[str]:
    """Yield a sentence for each value that one class of settings refuses."""
    try:
        settings()
    except ValidationError as error:
        for part in error.errors():
            names = [str(step) for step in part["loc"]]
            message = part["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
            if message.startswith(PREFIX):
                yield message
                continue
            variable = PREFIX + names[0].upper() if names else "settings"
            message = message[:1].lower() + message[1:] if message[:2].istitle() else message
            yield f"{variable}: {shown(variable, part.get('input'))}{message}"


def shown(variable: str, value: object) -> str:
    """Return a refused value as it may be printed: never a password, nor a URL that may hold one."""
    if not isinstance(value, str) or variable.endswith(SECRET):
        return ""
    return f"{value!r}: "


def unknown_variables() -> list[str]:
    """Return a sentence for each variable that looks like a setting misspelt: it would silently change nothing."""
    known = {name.upper() for settings in settings_classes() for name in settings.model_fields}
    given = (name.removeprefix(PREFIX) for name in sorted(os.environ) if name.startswith(PREFIX))
    pairs = ((name, get_close_matches(name, sorted(known), n=1, cutoff=ALIKE)) for name in given if name not in known)
    return [f"{PREFIX}{name} is no setting and does nothing; {PREFIX}{near[0]} is one" for name, near in pairs if near]
