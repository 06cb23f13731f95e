"""Where the record and the policy stand: settings with the prefix ``MAPPA_``."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_DATABASE = "sqlite:///var/mappa.db"


class RecordSettings(BaseSettings):
    """Settings of the record."""

    model_config = SettingsConfigDict(env_prefix="MAPPA_", extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        default=DEFAULT_DATABASE, description="SQLAlchemy URL of the record: SQLite or PostgreSQL."
    )
    policy_dir: Path | None = Field(
        default=None, description="Folder of policy overrides (*.toml, read in name order)."
    )

    bank_holidays: Path | None = Field(
        default=None, description="File in the form of gov.uk's bank-holidays.json; replaces the years it speaks of."
    )

    @field_validator("database_url")
    @classmethod
    def known_database(cls, url: str) -> str:
        """Return the URL with the driver that is installed; refuse any other database."""
        for given in ("postgresql+psycopg://", "postgresql://", "postgres://"):
            if url.startswith(given):
                return "postgresql+psycopg://" + url.removeprefix(given)
        if not url.startswith("sqlite:///"):
            raise ValueError(f"{url.split('@')[-1]!r} is neither sqlite:///FILE nor postgresql://HOST/NAME")
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
