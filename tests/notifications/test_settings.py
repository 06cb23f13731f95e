"""A wrong setting stops the start with a sentence that says which and what to do."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from notifications.settings import MailSettings

SMTP = {"MAPPA_TRANSPORT": "smtp", "MAPPA_SMTP_HOST": "mail.example", "MAPPA_ALLOWED_DOMAINS": "probation.example"}


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in MailSettings.model_fields:
        monkeypatch.delenv(f"MAPPA_{name.upper()}", raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> MailSettings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return MailSettings()


def test_by_default_nothing_leaves_the_machine() -> None:
    settings = MailSettings()
    assert (settings.transport, settings.mail_folder, settings.allowed_domains) == ("folder", Path("var/mail"), ())


def test_domains_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, MAPPA_ALLOWED_DOMAINS="Probation.example, @police.example,.nhs.example,")
    assert settings.allowed_domains == ("probation.example", "police.example", ".nhs.example")


def test_an_empty_value_is_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, MAPPA_ALLOWED_DOMAINS="", MAPPA_DESK_URL="")
    assert (settings.allowed_domains, settings.desk_url) == ((), None)


def test_the_desk_address_ends_without_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, MAPPA_DESK_URL="https://mappa.example/desk/").desk_url == "https://mappa.example/desk"


def test_a_password_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, **SMTP, MAPPA_SMTP_USER="mappa", MAPPA_SMTP_PASSWORD="hunter2hunter2")
    assert "hunter2" not in f"{settings!r} {settings}"
    monkeypatch.delenv("MAPPA_SMTP_HOST")
    with pytest.raises(ValidationError) as refused:
        MailSettings()
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"MAPPA_ALLOWED_DOMAINS": ""}, "MAPPA_ALLOWED_DOMAINS is empty: MAPPA_TRANSPORT=smtp needs the domains"),
        ({"MAPPA_SMTP_HOST": ""}, "MAPPA_SMTP_HOST is not set"),
        ({"MAPPA_SMTP_USER": "mappa"}, "MAPPA_SMTP_USER and MAPPA_SMTP_PASSWORD go together"),
        ({"MAPPA_SMTP_PASSWORD": "secret"}, "MAPPA_SMTP_USER and MAPPA_SMTP_PASSWORD go together"),
        (
            {"MAPPA_SMTP_STARTTLS": "false"},
            "MAPPA_SMTP_STARTTLS is false: what is written about people would cross the network",
        ),
        ({"MAPPA_ALLOWED_DOMAINS": "probation.example;police"}, "'probation.example;police' is not a domain"),
        ({"MAPPA_MAIL_FROM": "mappa"}, "MAPPA_MAIL_FROM: 'mappa' is not an e-mail address"),
        ({"MAPPA_DESK_URL": "mappa.example"}, "MAPPA_DESK_URL: 'mappa.example' is not a web address"),
        ({"MAPPA_SMTP_CA_FILE": "/no/such.pem"}, "MAPPA_SMTP_CA_FILE: /no/such.pem is not a file"),
        ({"MAPPA_TRANSPORT": "pigeon"}, "transport"),
        ({"MAPPA_SMTP_PORT": "0"}, "smtp_port"),
        ({"MAPPA_MAX_TRIES": "0"}, "max_tries"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        read(monkeypatch, **(SMTP | values))
    assert sentence in str(refused.value)
