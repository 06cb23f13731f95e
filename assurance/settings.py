"""Settings of the auditor and of its sign of life, with the prefix ``MAPPA_``."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.settings import PREFIX


class AssuranceSettings(BaseSettings):
    """How often the record is audited, and who is told that all is well."""

    model_config = SettingsConfigDict(
        # The address may hold a key of the service that it calls.
        env_prefix=PREFIX,
        extra="ignore",
        env_ignore_empty=True,
        frozen=True,
        hide_input_in_errors=True,
    )

    assurance_hours: float = Field(
        default=1, gt=0, le=744, description="Hours from one audit of the record (flow assurance) to the next."
    )
    heartbeat_file: Path | None = Field(
        default=None, description="File that is written after each audit that found nothing wrong: moment and counts."
    )
    heartbeat_url: str | None = Field(
        default=None,
        description="Address that is called (POST, the same JSON) after each audit that found nothing wrong.",
    )

    audit_witness_file: Path | None = Field(
        default=None,
        description="File to which each seal of the audit trail is added: put it where nobody who can write the record "
        "can write. Without it: audit-witness.jsonl beside the record (SQLite), none (PostgreSQL).",
    )

    @field_validator("heartbeat_url")
    @classmethod
    def web_address(cls, url: str | None) -> str | None:
        """Refuse what is no web address: a sign of life that never arrives is an alarm for nothing."""
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ValueError("MAPPA_HEARTBEAT_URL is not a web address, such as https://monitor.example/mappa")
        return url
