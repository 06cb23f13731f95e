"""Settings of the desk, with the prefix ``MAPPA_``."""

from ipaddress import ip_address
from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.settings import PREFIX

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


class DeskSettings(BaseSettings):
    """Where the desk listens, by which names it may be called, and how long somebody stays signed in."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True, frozen=True)

    desk_host: str = Field(default="127.0.0.1", description="Address the desk listens on: this machine alone.")
    desk_port: int = Field(default=8000, ge=0, le=65535, description="Port of the desk; 0: mappa serve has none.")
    desk_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Names by which browsers may call the desk, with commas between; empty: this machine, and the "
        "host of MAPPA_DESK_URL.",
    )
    desk_idle_minutes: int = Field(
        default=30, ge=1, le=720, description="Minutes after which somebody who does nothing is signed out."
    )
    desk_session_hours: float = Field(
        default=12, gt=0, le=24, description="Hours after which everybody has to sign in again, whatever they do."
    )

    @field_validator("desk_hosts", mode="before")
    @classmethod
    def split_hosts(cls, given: Any) -> Any:
        """Read a list written with commas."""
        parts = given.split(",") if isinstance(given, str) else given
        return tuple(part.strip().lower() for part in parts if part.strip())

    @property
    def address(self) -> str:
        """Return the address of the desk as this machine reaches it."""
        try:
            host = "127.0.0.1" if ip_address(self.desk_host).is_unspecified else self.desk_host
        except ValueError:
            host = self.desk_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.desk_port}"
