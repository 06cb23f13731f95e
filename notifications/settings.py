"""How e-mail leaves: settings with the prefix ``MAPPA_``. A wrong value stops the start with a sentence."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.settings import PREFIX
from policy.addresses import ascii_address

DOMAIN = re.compile(r"\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*")
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class MailSettings(BaseSettings):
    """Settings of the outbox and its transport.

    The default writes each message to a folder: nothing leaves the machine until someone says so.
    """

    model_config = SettingsConfigDict(
        # An error that quoted its input would put the password into logs.
        env_prefix=PREFIX,
        extra="ignore",
        env_ignore_empty=True,
        frozen=True,
        hide_input_in_errors=True,
    )

    transport: Literal["folder", "smtp"] = Field(default="folder", description="Where messages go: 'folder' or 'smtp'.")
    mail_folder: Path = Field(default=Path("var/mail"), description="Folder of the .eml files of the folder transport.")
    mail_folder_durable: bool = Field(
        default=True, description="Wait until each file of the folder is on the disk; a simulation does without."
    )
    mail_from: str = Field(default="mappa@localhost.example", description="Address the messages come from.")
    smtp_host: str = Field(default="", description="Name of the mail server.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_starttls: bool = Field(
        default=True, description="Encrypt the connection; false only for a server on this machine."
    )
    smtp_ca_file: Path | None = Field(default=None, description="Certificates to trust instead of the system's (PEM).")
    smtp_user: str = Field(default="", description="Name to log in with; empty: no login.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Password to log in with.")
    smtp_timeout_seconds: float = Field(
        default=60, gt=0, le=600, description="How long to wait for an answer, seconds."
    )
    allowed_domains: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Domains messages may go to, with commas between; '.police.uk' also means all below it."
    )
    operator_email: str | None = Field(
        default=None, description="Address that hears what Prefect's automations see; empty: they only show it."
    )
    desk_url: str | None = Field(
        default=None, description="Address of the desk; with it, messages carry links to the cases."
    )
    calendar_answers_read: bool = Field(
        default=False,
        description="Ask those invited for an answer by calendar: only where somebody reads what MAPPA_MAIL_FROM gets.",
    )
    lease_minutes: int = Field(
        default=15, ge=1, le=1440, description="How long a claimed message stays claimed, minutes."
    )
    max_tries: int = Field(
        default=8, ge=1, le=100, description="How often an escalation is sent while nobody knows whether it arrived."
    )
    retry_days: float = Field(
        default=5, gt=0, le=30, description="Days for which a message is tried that a mail server refuses for now."
    )

    @field_validator("allowed_domains", mode="before")
    @classmethod
    def split_domains(cls, given: Any) -> Any:
        """Read a list written with commas, and refuse what is not a domain."""
        parts = given.split(",") if isinstance(given, str) else given
        domains = tuple(str(part).strip().lower().removeprefix("@") for part in parts)
        for domain in filter(None, domains):
            if not DOMAIN.fullmatch(domain):
                raise ValueError(
                    f"MAPPA_ALLOWED_DOMAINS: {domain!r} is not a domain; write domains with commas between, such as "
                    "probation.example,police.example"
                )
        return tuple(filter(None, domains))

    @field_validator("mail_from")
    @classmethod
    def well_formed_sender(cls, address: str) -> str:
        """Refuse an address mail servers would refuse."""
        checked = ascii_address(address)
        if checked is None:
            raise ValueError(f"MAPPA_MAIL_FROM: {address!r} is not an e-mail address, such as mappa@probation.example")
        return checked

    @field_validator("operator_email")
    @classmethod
    def well_formed_operator(cls, address: str | None) -> str | None:
        """Refuse an address mail servers would refuse."""
        if address is None:
            return None
        checked = ascii_address(address)
        if checked is None:
            raise ValueError(f"MAPPA_OPERATOR_EMAIL: {address!r} is not an e-mail address, such as ops@agency.example")
        return checked

    @field_validator("desk_url")
    @classmethod
    def whole_address(cls, url: str | None) -> str | None:
        """Refuse anything but a whole web address: links in e-mail have no page to be relative to."""
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError(f"MAPPA_DESK_URL: {url!r} is not a web address, such as https://mappa.example")
        return url.rstrip("/")

    @field_validator("smtp_ca_file")
    @classmethod
    def certificates_exist(cls, path: Path | None) -> Path | None:
        """Refuse a file that is not there: the first message would be late to find it missing."""
        if path is not None and not path.is_file():
            raise ValueError(f"MAPPA_SMTP_CA_FILE: {path} is not a file")
        return path

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Refuse a mail server without what it takes to use it safely."""
        if self.transport != "smtp":
            return self
        if not self.smtp_host:
            raise ValueError("MAPPA_SMTP_HOST is not set: MAPPA_TRANSPORT=smtp needs the name of the mail server")
        if not self.allowed_domains:
            raise ValueError(
                "MAPPA_ALLOWED_DOMAINS is empty: MAPPA_TRANSPORT=smtp needs the domains messages may go to, "
                "with commas between, such as probation.example,police.example"
            )
        if bool(self.smtp_user) != bool(self.smtp_password.get_secret_value()):
            raise ValueError("MAPPA_SMTP_USER and MAPPA_SMTP_PASSWORD go together: set both or neither")
        if not self.smtp_starttls and self.smtp_host not in THIS_MACHINE:
            raise ValueError(
                f"MAPPA_SMTP_STARTTLS is false: what is written about people would cross the network to "
                f"{self.smtp_host} in clear; set it to true"
            )
        return self
