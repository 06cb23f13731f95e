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


MAILBOX = {"MAPPA_IMAP_HOST": "mail.example", "MAPPA_IMAP_USER": "mappa", "MAPPA_IMAP_PASSWORD": "hunter3hunter3"}


def test_a_mailbox_that_is_read_has_those_invited_asked_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not MailSettings().asks_for_answers
    settings = read(monkeypatch, **MAILBOX)
    assert (settings.asks_for_answers, settings.imap_port, settings.imap_tls) == (True, 993, True)
    assert "hunter3" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"MAPPA_IMAP_USER": ""}, "MAPPA_IMAP_USER or MAPPA_IMAP_PASSWORD is not set"),
        ({"MAPPA_IMAP_PASSWORD": ""}, "MAPPA_IMAP_USER or MAPPA_IMAP_PASSWORD is not set"),
        ({"MAPPA_IMAP_TLS": "false"}, "MAPPA_IMAP_TLS is false: the password of the mailbox would cross the network"),
        ({"MAPPA_IMAP_CA_FILE": "/nowhere.pem"}, "MAPPA_IMAP_CA_FILE: /nowhere.pem is not a file"),
    ],
)
def test_a_mailbox_that_could_not_be_read_safely_is_refused(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        read(monkeypatch, **(MAILBOX | values))


def test_in_clear_a_mailbox_is_read_on_this_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not read(monkeypatch, **(MAILBOX | {"MAPPA_IMAP_TLS": "false", "MAPPA_IMAP_HOST": "127.0.0.1"})).imap_tls


KEY = "mappa-5e1b6c1a-7d5a-4b0e-9a44-0a5c1f0d2b3c-0f9a7c52-3b1d-4c6e-8f2a-6d4b1e7a9c05"
NOTIFY = {
    "MAPPA_TRANSPORT": "notify", "MAPPA_NOTIFY_API_KEY": KEY, "MAPPA_NOTIFY_TEMPLATE_ID": "d7a3f2c1",
    "MAPPA_ALLOWED_DOMAINS": "probation.example",
}  # fmt: skip


def test_notify_needs_its_key_and_template_and_the_key_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, **NOTIFY)
    assert settings.notify_url == "https://api.notifications.service.gov.uk"
    assert "0f9a7c52" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"MAPPA_NOTIFY_API_KEY": "a key"}, "MAPPA_NOTIFY_API_KEY is no key of GOV.UK Notify"),
        ({"MAPPA_NOTIFY_TEMPLATE_ID": ""}, "MAPPA_NOTIFY_TEMPLATE_ID is not set"),
        ({"MAPPA_ALLOWED_DOMAINS": ""}, "MAPPA_ALLOWED_DOMAINS is empty: MAPPA_TRANSPORT=notify needs the domains"),
        ({"MAPPA_NOTIFY_URL": "http://notify.example"}, "MAPPA_NOTIFY_URL does not begin with https"),
    ],
)
def test_notify_is_refused_with_the_name_of_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        read(monkeypatch, **(NOTIFY | values))


def test_notify_without_its_client_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.settings.find_spec", lambda _: None)
    with pytest.raises(ValidationError, match=r"pip install 'mappa\[notify\]'"):
        read(monkeypatch, **NOTIFY)
