"""Settings of the figures that are published on schedule, with the prefix ``MAPPA_``."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.settings import PREFIX


class FigureSettings(BaseSettings):
    """Whether reports are published on schedule, and where."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True, frozen=True)

    publish_reports: bool = Field(
        default=True, description="Whether the reports of each area are published after each period (flow reports)."
    )
    reports_dir: Path = Field(
        default=Path("var/reports"),
        description="Folder of the published reports: one folder an area, in it one a period. Only its owner reads it.",
    )
