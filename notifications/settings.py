"""How e-mail leaves: settings with the prefix ``MAPPA_``. A wrong value stops the start with a sentence."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.settings import PREFIX
from policy.addresses import ascii_address

DOMAIN = re.compile(r"\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*")
API_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
"""The end of a key of GOV.UK Notify: the id of the service and the secret."""
NOBODY = "mappa@localhost.example"
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

    transport: Literal["folder", "smtp", "notify"] = Field(
        default="folder", description="Where messages go: a folder, a mail server, or GOV.UK Notify."
    )
    mail_folder: Path = Field(default=Path("var/mail"), description="Folder of the .eml files of the folder transport.")
    mail_folder_durable: bool = Field(
        default=True, description="Wait until each file of the folder is on the disk; a simulation does without."
    )
    mail_from: str = Field(default=NOBODY, description="Address the messages come from.")
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
    notify_api_key: SecretStr = Field(
        default=SecretStr(""), description="Key of the service at GOV.UK Notify by which messages are sent."
    )
    notify_template_id: str = Field(
        default="", description="E-mail template there: its subject is ((subject)), its message ((body))."
    )
    notify_reply_to_id: str = Field(
        default="", description="Reply-to address there, by its id; empty: the one that the service has as default."
    )
    notify_url: str = Field(
        default="https://api.notifications.service.gov.uk", description="Address of the API of GOV.UK Notify."
    )
    notify_timeout_seconds: float = Field(
        default=30, gt=0, le=300, description="How long to wait for an answer of GOV.UK Notify, seconds."
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
        description="Ask those invited for an answer by calendar though MAPPA_IMAP_HOST is empty: only where somebody "
        "reads what MAPPA_MAIL_FROM gets.",
    )
    imap_host: str = Field(
        default="",
        description="Name of the server with the mailbox of MAPPA_MAIL_FROM. If it is empty, nobody reads the replies.",
    )
    imap_port: int = Field(default=993, ge=1, le=65535, description="Port of that server.")
    imap_tls: bool = Field(
        default=True, description="Encrypt the connection to it; false only for a server on this machine."
    )
    imap_ca_file: Path | None = Field(default=None, description="Certificates to trust instead of the system's (PEM).")
    imap_user: str = Field(default="", description="Name to log in to the mailbox with.")
    imap_password: SecretStr = Field(default=SecretStr(""), description="Password to log in to the mailbox with.")
    imap_folder: str = Field(default="INBOX", min_length=1, description="Folder of the mailbox that is read.")
    imap_minutes: float = Field(default=5, gt=0, le=1440, description="How often the mailbox is read, minutes.")
    imap_timeout_seconds: float = Field(
        default=30, gt=0, le=300, description="How long to wait for an answer of that server, seconds."
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
        if address == NOBODY:
            # Known to be one: a command that checks no other address need not load what checks it.
            return address
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

    @field_validator("smtp_ca_file", "imap_ca_file")
    @classmethod
    def certificates_exist(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        """Refuse a file that is not there: the first message would be late to find it missing."""
        if path is not None and not path.is_file():
            raise ValueError(f"{PREFIX}{str(info.field_name).upper()}: {path} is not a file")
        return path

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Refuse a mail server without what it takes to use it safely."""
        if self.transport == "notify":
            return self.notify_complete()
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

    def notify_complete(self) -> Self:
        """Refuse GOV.UK Notify without what it takes to use it safely."""
        if not API_KEY.search(self.notify_api_key.get_secret_value()):
            raise ValueError("MAPPA_NOTIFY_API_KEY is no key of GOV.UK Notify: MAPPA_TRANSPORT=notify needs one")
        if not self.notify_template_id:
            raise ValueError("MAPPA_NOTIFY_TEMPLATE_ID is not set: MAPPA_TRANSPORT=notify needs an e-mail template")
        if not self.allowed_domains:
            raise ValueError("MAPPA_ALLOWED_DOMAINS is empty: MAPPA_TRANSPORT=notify needs the domains of its readers")
        parts = urlsplit(self.notify_url)
        if parts.scheme != "https" and parts.hostname not in THIS_MACHINE:
            raise ValueError("MAPPA_NOTIFY_URL does not begin with https: e-mails would cross the network in clear")
        if find_spec("notifications_python_client") is None:
            raise ValueError("MAPPA_TRANSPORT=notify needs the client of GOV.UK Notify: pip install 'mappa[notify]'")
        return self

    @model_validator(mode="after")
    def mailbox_complete(self) -> Self:
        """Refuse a mailbox without what it takes to read it safely."""
        if not self.imap_host:
            return self
        if not (self.imap_user and self.imap_password.get_secret_value()):
            raise ValueError("MAPPA_IMAP_USER or MAPPA_IMAP_PASSWORD is not set: MAPPA_IMAP_HOST needs both")
        if not self.imap_tls and self.imap_host not in THIS_MACHINE:
            raise ValueError(
                f"MAPPA_IMAP_TLS is false: the password of the mailbox would cross the network to {self.imap_host} in "
                "clear; set it to true"
            )
        return self

    @property
    def asks_for_answers(self) -> bool:
        """Tell whether those invited are asked for an answer by calendar: somebody, or this program, reads it."""
        return self.calendar_answers_read or bool(self.imap_host)
