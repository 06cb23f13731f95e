"""Settings are read once, by one module, and handed on: nobody changes the environment to be heard."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from assurance.settings import AssuranceSettings
from figures.settings import FigureSettings
from models.record import NoRecordError, settings_of
from models.settings import RecordSettings, as_variables, read, shipped
from notifications.settings import MailSettings
from policy.errors import SettingsError
from service.log_settings import LogSettings
from service.open_record import record_of
from service.serve_settings import ServeSettings
from service.settings import KINDS, Settings, read_settings
from tasks.opening import record_of_this_run, working_on
from tests.support.sources import sources
from web.settings import DeskSettings

CHANGES = ("update", "setdefault", "pop", "popitem", "clear", "__setitem__")
ALL_OTHER = {
    RecordSettings: {"database_url": "sqlite:///other.db", "policy_dir": Path("/"), "bank_holidays": Path(__file__),
                     "any_moment": True, "audit_key_file": Path("audit.key")},
    MailSettings: {
        "transport": "smtp", "mail_folder": Path("elsewhere"), "mail_folder_durable": False,
        "mail_from": "mappa@probation.example", "smtp_host": "mail.example", "smtp_port": 25, "smtp_starttls": True,
        "smtp_ca_file": Path(__file__), "smtp_user": "mappa", "smtp_password": SecretStr("hunter2"),
        "smtp_timeout_seconds": 1.5, "allowed_domains": ("probation.example", ".police.example"),
        "operator_email": "ops@agency.example", "desk_url": "https://desk.example", "lease_minutes": 3,
        "max_tries": 2, "retry_days": 3.0, "calendar_answers_read": True,
        "imap_host": "mail.example", "imap_port": 143, "imap_tls": True, "imap_ca_file": Path(__file__),
        "imap_user": "mappa", "imap_password": SecretStr("hunter3"), "imap_folder": "Answers", "imap_minutes": 2.0,
        "imap_timeout_seconds": 4.5,
        "notify_api_key": SecretStr("a-key"), "notify_template_id": "d7a3f2c1", "notify_reply_to_id": "8e2f",
        "notify_url": "https://notify.example", "notify_timeout_seconds": 7.5,
    },
    ServeSettings: {
        "prefect_host": "127.0.0.2", "prefect_port": 4300, "prefect_names": ("prefect.agency.example",),
        "state_dir": Path("state"), "clock_seconds": 1.5,
        "prefect_history_days": 5, "worker_patience_seconds": 60.0, "metrics_host": "127.0.0.3", "metrics_port": 9464,
    },
    DeskSettings: {
        "desk_host": "127.0.0.4", "desk_port": 8300, "desk_hosts": ("desk.example",), "desk_idle_minutes": 5,
        "desk_session_hours": 1.0, "oidc_issuer": "https://login.example", "oidc_client_id": "mappa",
        "oidc_client_secret": SecretStr("hunter3"), "oidc_keep_codes": True,
    },
    LogSettings: {"log_format": "json", "log_level": "DEBUG"},
    AssuranceSettings: {
        "assurance_hours": 0.5, "heartbeat_file": Path("beat.json"), "heartbeat_url": "https://monitor.example/mappa",
        "audit_witness_file": Path("witness.jsonl"),
    },
    FigureSettings: {"publish_reports": False, "reports_dir": Path("published")},
}  # fmt: skip


def is_environ(node: ast.AST) -> bool:
    """Tell whether an expression is the environment of the process."""
    return (isinstance(node, ast.Attribute) and node.attr == "environ") or (
        isinstance(node, ast.Name) and node.id == "environ"
    )


def changes_of_the_environment(tree: ast.Module) -> Iterator[int]:
    """Yield the line of everything that changes the environment."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Delete):
            targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else [node.target]
            yield from (node.lineno for one in targets if is_environ(one))
            yield from (node.lineno for one in targets if isinstance(one, ast.Subscript) and is_environ(one.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if is_environ(node.func.value) and node.func.attr in CHANGES:
                yield node.lineno
            if node.func.attr in ("putenv", "unsetenv"):
                yield node.lineno


@pytest.mark.parametrize(
    "line",
    [
        "os.environ['A'] = '1'", "environ['A'] = '1'", "os.environ |= {}", "del os.environ['A']", "os.environ.pop('A')",
        "os.environ.update(a)", "os.environ.setdefault('A', '1')", "os.putenv('A', '1')", "os.environ = {}",
    ],
)  # fmt: skip
def test_every_way_to_change_the_environment_would_be_found(line: str) -> None:
    assert list(changes_of_the_environment(ast.parse(line))) == [1]


def test_no_program_changes_its_own_environment_but_for_prefect_in_one_place() -> None:
    assert {file for file, tree in sources() if list(changes_of_the_environment(tree))} == {"tasks/quiet.py"}


def calls(tree: ast.Module) -> Iterator[str]:
    """Yield the name of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_only_one_module_makes_objects_of_settings_and_only_beginnings_ask_it_to() -> None:
    names = {kind.__name__ for kind in KINDS}
    assert {file for file, tree in sources() if names & set(calls(tree))} == set()
    asking = {
        file
        for file, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "models.settings"
        and {one.name for one in node.names} & {"read", "shipped"}
    }
    assert asking == {
        # A command, and the demo, which has settings of its own.
        "service/settings.py",
        "sample/demo.py",
        # What begins in a process of Prefect's: a run, a notice, the log.
        "tasks/opening.py",
        "tasks/operators_notice.py",
        "service/logs.py",
    }


@pytest.fixture
def other() -> Settings:
    """Settings of which not one is as it is shipped."""
    for kind, values in ALL_OTHER.items():
        assert set(values) == set(kind.model_fields)
    return Settings(
        record=shipped(RecordSettings, **ALL_OTHER[RecordSettings]),
        mail=shipped(MailSettings, **ALL_OTHER[MailSettings]),
        serve=shipped(ServeSettings, **ALL_OTHER[ServeSettings]),
        desk=shipped(DeskSettings, **ALL_OTHER[DeskSettings]),
        log=shipped(LogSettings, **ALL_OTHER[LogSettings]),
        assurance=shipped(AssuranceSettings, **ALL_OTHER[AssuranceSettings]),
        figures=shipped(FigureSettings, **ALL_OTHER[FigureSettings]),
    )


def as_plain() -> Settings:
    """Settings as they are shipped."""
    return Settings(
        record=shipped(RecordSettings),
        mail=shipped(MailSettings),
        serve=shipped(ServeSettings),
        desk=shipped(DeskSettings),
        log=shipped(LogSettings),
        assurance=shipped(AssuranceSettings),
        figures=shipped(FigureSettings),
    )


def in_the_environment(patch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Let the environment be that of a child process."""
    for name, text in settings.environment().items():
        patch.setenv(name, text)


def test_a_child_process_reads_the_very_settings(monkeypatch: pytest.MonkeyPatch, other: Settings) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    for settings in (other, as_plain(), other):
        in_the_environment(monkeypatch, settings)
        assert read_settings() == settings


def test_every_setting_has_its_variable(other: Settings) -> None:
    wanted = {f"MAPPA_{name.upper()}" for kind in KINDS for name in kind.model_fields}
    assert set(other.environment()) == wanted


def test_the_shipped_settings_hear_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch, other: Settings) -> None:
    in_the_environment(monkeypatch, other)
    assert shipped(MailSettings).transport == "folder"
    assert as_variables(shipped(MailSettings, max_tries=3)) == as_variables(as_plain().mail) | {"MAPPA_MAX_TRIES": "3"}


def test_what_is_given_goes_before_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAPPA_DATABASE_URL", "sqlite:///of-the-environment.db")
    assert read_settings().record.database_url == "sqlite:///of-the-environment.db"
    assert read_settings("sqlite:///given.db").record.database_url == "sqlite:///given.db"


def test_wrong_settings_of_every_part_are_told_together(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAPPA_SMTP_PORT", "MAPPA_CLOCK_SECONDS", "MAPPA_ASSURANCE_HOURS", "MAPPA_LOG_LEVEL"):
        monkeypatch.setenv(name, "many")
    with pytest.raises(SettingsError) as refused:
        read_settings("oracle://")
    assert [reason.partition(":")[0] for reason in refused.value.reasons] == [
        "MAPPA_DATABASE_URL", "MAPPA_SMTP_PORT", "MAPPA_CLOCK_SECONDS", "MAPPA_LOG_LEVEL", "MAPPA_ASSURANCE_HOURS",
    ]  # fmt: skip


def test_settings_cannot_be_changed_once_they_are_read(other: Settings) -> None:
    for part in (other.record, other.mail, other.serve, other.log, other.assurance):
        with pytest.raises(ValueError, match="frozen"):
            setattr(part, next(iter(type(part).model_fields)), None)


def test_a_session_works_by_the_settings_its_record_was_opened_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = read_settings(f"sqlite:///{tmp_path}/record.db")
    record = record_of(replace(settings, mail=read(MailSettings, max_tries=3)), make=True)
    monkeypatch.setenv("MAPPA_MAX_TRIES", "5")
    changed = record.with_settings(read(MailSettings))
    with record.reading() as session, changed.reading() as other_session:
        assert (settings_of(session, MailSettings).max_tries, settings_of(other_session, MailSettings).max_tries) == (
            3,
            5,
        )
    assert changed.engine is record.engine


def test_a_run_works_on_the_record_it_was_handed_else_on_that_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAPPA_DATABASE_URL", f"sqlite:///{tmp_path}/of-the-settings.db")
    monkeypatch.setenv("MAPPA_MAX_TRIES", "5")
    handed = record_of(read_settings(f"sqlite:///{tmp_path}/handed.db"), make=True)
    with working_on(handed):
        assert record_of_this_run() is handed
    with pytest.raises(NoRecordError):
        record_of_this_run()
    record_of(read_settings(), make=True)
    found = record_of_this_run()
    assert found.url == f"sqlite:///{tmp_path}/of-the-settings.db"
    assert found.settings(MailSettings).max_tries == 5


def test_a_record_opened_without_what_a_stage_needs_says_so(tmp_path: Path) -> None:
    record = record_of(read_settings(f"sqlite:///{tmp_path}/record.db"), make=True)
    with pytest.raises(LookupError, match="the record was opened without ServeSettings"):
        record.settings(ServeSettings)
