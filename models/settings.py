"""How settings are read, and those of the record: variables with the prefix ``MAPPA_``.

Each room declares its own settings; nobody but ``read`` and ``shipped`` makes an object of them. A program reads them
once, at its start, and hands them on: to a function that needs them, or with the record that is opened with them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from policy.errors import SettingsError

PREFIX = "MAPPA_"
SECRET = ("PASSWORD", "URL")
DEFAULT_DATABASE = "sqlite:///var/mappa.db"
PLACE = re.compile(r"(\[[^\[\]/?]+\]|[^:/?\[\]]*)(:[0-9]*)?([/?].*)?")
"""Host, port, and what comes after them."""
UNCLEAR = (
    "is not clear; write it as postgresql://USER:PASSWORD@HOST:5432/NAME and each of @ : / ? # % in the password as"
    " %40, %3A, %2F, %3F, %23, %25; or leave the password out and set PGPASSWORD to it as it is"
)


class RecordSettings(BaseSettings):
    """Settings of the record."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True, frozen=True)

    database_url: str = Field(
        default=DEFAULT_DATABASE, description="SQLAlchemy URL of the record: SQLite or PostgreSQL."
    )
    policy_dir: Path | None = Field(
        default=None, description="Folder of policy overrides (*.toml, read in name order)."
    )

    bank_holidays: Path | None = Field(
        default=None, description="File in the form of gov.uk's bank-holidays.json; replaces the years it speaks of."
    )

    any_moment: bool = Field(
        default=False,
        description="Let a flow run work as at any moment: for simulations of invented cases, never for real ones.",
    )
    audit_key_file: Path | None = Field(
        default=None,
        description="File with the key of the audit trail, the same for every process that works on the record. "
        "Without it: audit.key beside the record (SQLite), var/audit.key (PostgreSQL).",
    )

    @property
    def database_by_default(self) -> bool:
        """Tell whether nobody named the database: it is then a file under the folder the program was started in."""
        return "database_url" not in self.model_fields_set

    @field_validator("database_url")
    @classmethod
    def known_database(cls, url: str) -> str:
        """Return the URL with the driver that is installed; refuse any other database."""
        for given in ("postgresql+psycopg://", "postgresql://", "postgres://"):
            if url.startswith(given):
                if not is_clear(url):
                    raise ValueError(UNCLEAR)
                return "postgresql+psycopg://" + url.removeprefix(given)
        if not url.startswith("sqlite:///"):
            raise ValueError("is neither sqlite:///FILE nor postgresql://HOST/NAME")
        return url

    @field_validator("bank_holidays")
    @classmethod
    def bank_holidays_file_exists(cls, path: Path | None) -> Path | None:
        """Refuse a file that is not there."""
        if path is not None and not path.is_file():
            raise ValueError(f"{path} is not a file")
        return path

    @field_validator("policy_dir")
    @classmethod
    def policy_dir_exists(cls, folder: Path | None) -> Path | None:
        """Refuse a folder that is not there: a policy silently missing would change every date."""
        if folder is not None and not folder.is_dir():
            raise ValueError(f"{folder} is not a folder")
        return folder


def is_clear(url: str) -> bool:
    """Tell whether it is clear in the URL of a PostgreSQL database where the password ends and the host begins.

    A password with an ``@`` in it ends at the first, and its rest would be taken for the host, and be shown as one.
    """
    user, at, place = url.partition("://")[2].partition("@")
    return "@" not in place and PLACE.fullmatch(place if at else user) is not None


Kind = TypeVar("Kind", bound=BaseSettings)


def read(kind: type[Kind], **given: Any) -> Kind:
    """Return the settings of a kind as the environment has them; what is ``given`` goes before its variable.

    ``SettingsError`` names every variable that is wrong.
    """
    try:
        return kind(**given)
    except ValidationError as error:
        raise SettingsError(list(wrong_values(error))) from None


def shipped(kind: type[Kind], **given: Any) -> Kind:
    """Return the settings of a kind as they are shipped but for what is ``given``, whatever the environment says."""
    return read(kind, **{name: field.get_default() for name, field in kind.model_fields.items()} | given)


def as_variables(settings: BaseSettings) -> dict[str, str]:
    """Return the variables from which a process reads these same settings; an empty one stands for none."""
    return {PREFIX + name.upper(): as_text(getattr(settings, name)) for name in type(settings).model_fields}


def as_text(value: Any) -> str:
    """Return a value as its variable has it."""
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def wrong_values(error: ValidationError) -> Iterator[str]:
    """Yield a sentence for each value that was refused; it begins with the name of the variable."""
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
