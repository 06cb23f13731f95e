"""How the program logs: settings with the prefix ``MAPPA_``."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.settings import PREFIX

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class LogSettings(BaseSettings):
    """How the program logs."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True, frozen=True)

    log_format: Literal["text", "json"] = Field(
        default="text", description="A line of the log is text for people, or one JSON object."
    )
    log_level: Level | None = Field(
        default=None, description="The least level that is logged. Left out: `INFO` in `mappa serve`, else `WARNING`."
    )
