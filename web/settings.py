"""Settings of the desk, with the prefix ``MAPPA_``."""

from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.settings import PREFIX

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


def is_secure(address: str) -> bool:
    """Tell whether an address is reached by HTTPS, or stands on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))


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

    oidc_issuer: str | None = Field(
        default=None, description="Address of the OpenID Connect provider with which people sign in; none: by e-mail."
    )
    oidc_client_id: str | None = Field(default=None, description="How the provider knows the desk.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret by which the provider knows the desk."
    )
    oidc_keep_codes: bool = Field(
        default=False, description="Whether people may sign in by a code by e-mail as well as with the provider."
    )

    @property
    def has_provider(self) -> bool:
        """Tell whether people sign in with the account of their organisation."""
        return self.oidc_issuer is not None

    @property
    def has_codes(self) -> bool:
        """Tell whether people may sign in by a code that is sent to their address."""
        return not self.has_provider or self.oidc_keep_codes

    @model_validator(mode="after")
    def provider_is_whole(self) -> "DeskSettings":
        """Refuse a provider that lacks its client, or is not reached by HTTPS."""
        if self.oidc_issuer is None:
            return self
        if not self.oidc_client_id or not self.oidc_client_secret.get_secret_value():
            raise ValueError(
                "MAPPA_OIDC_ISSUER is set: set MAPPA_OIDC_CLIENT_ID and MAPPA_OIDC_CLIENT_SECRET, too; the provider "
                "gives both"
            )
        if not is_secure(self.oidc_issuer):
            raise ValueError("MAPPA_OIDC_ISSUER is not reached by HTTPS: use an address that begins with https://")
        return self

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
