"""``mappa doctor``: what the program stands on, looked at once, each with what to do. Nothing is changed by it."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from assurance.invariants import ALL, Examined, examine
from assurance.settings import AssuranceSettings
from models.addresses import shown_url
from models.assurance import AssuranceRun
from models.clock import now
from models.directory import DirectoryEntry
from models.explain import reasons_of
from models.record import Record, RecordError, read_policies
from models.schema_versions import OtherSchemaError, newest_migration, refuse_other_schema
from notifications.inbox.mailbox import trouble as mailbox_trouble
from notifications.outbox.transports import open_transport
from notifications.settings import MailSettings
from policy.errors import SettingsError
from policy.words import opening
from service.known_record import UnexpectedRecordError, refuse_new, refuse_unexpected
from service.prefect.redis import AWAY, MENDS, reaches_redis
from service.prefect.secret import CLIENT, SERVER, lets_in, signed_in
from service.prefect.server import is_up
from service.settings import Settings, read_settings, unknown_variables
from tasks.clock_gate import fault_of, said, to_do
from views.times import spoken

State = Literal["ok", "warning", "wrong"]
MAIL_SECONDS = 10.0
MIB = 1024 * 1024
LITTLE, TOO_LITTLE = 1024 * MIB, 100 * MIB
START = "Start mappa serve, or put mappa tick into cron."
MAKE = "Load a file (mappa load directory FILE) or start mappa serve: both make it."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: how it stands, what was seen, and what to do where it is not well."""

    check: str
    state: State
    said: str
    to_do: str = ""


def examination(database_url: str | None = None) -> Iterator[Check]:
    """Yield every check. Where the settings cannot be used nothing else can be looked at.

    ``database_url``: the one to look at, where it is not that of the settings.
    """
    try:
        settings = read_settings(database_url)
    except SettingsError as error:
        for sentence in error.reasons:
            yield Check("settings", "wrong", sentence, "Mend the variable; docs/reference/settings.md names them all.")
        return
    misspelt = unknown_variables()
    for sentence in misspelt:
        yield Check("settings", "warning", sentence, "Mend the name of the variable, or take it away.")
    if not misspelt:
        yield Check("settings", "ok", "every variable is understood")
    yield mail(settings.mail)
    if settings.mail.imap_host:
        yield mailbox(settings.mail)
    yield prefect(settings)
    yield from of_the_record(settings)


def mail(settings: MailSettings) -> Check:
    """Try the way out of e-mail, without sending any."""
    patient = settings.model_copy(
        update={
            "smtp_timeout_seconds": min(settings.smtp_timeout_seconds, MAIL_SECONDS),
            "notify_timeout_seconds": min(settings.notify_timeout_seconds, MAIL_SECONDS),
            "max_tries": 1,
        }
    )
    with open_transport(patient) as transport:
        trouble = transport.trouble()
    where = {
        "folder": f"the folder {settings.mail_folder}",
        "smtp": f"{settings.smtp_host}, port {settings.smtp_port}",
        "notify": "GOV.UK Notify",
    }[settings.transport]
    if trouble is None:
        return Check("e-mail", "ok", f"messages can leave by {where}")
    return Check(
        "e-mail", "wrong", f"{where}: {trouble}", "Mend it, or the settings of e-mail. Meanwhile messages wait."
    )


def mailbox(settings: MailSettings) -> Check:
    """Log in to the mailbox and open its folder, without reading any message."""
    patient = settings.model_copy(update={"imap_timeout_seconds": min(settings.imap_timeout_seconds, MAIL_SECONDS)})
    where = f"{settings.imap_host}, port {settings.imap_port}"
    trouble = mailbox_trouble(patient)
    if trouble is None:
        return Check("mailbox", "ok", f"what comes back can be read at {where}")
    return Check(
        "mailbox", "wrong", f"{where}: {trouble}", "Mend it, or the settings MAPPA_IMAP_. Meanwhile answers wait there."
    )


def prefect(settings: Settings) -> Check:
    """Ask the Prefect server whether it is there, whether it lets us in, and whether it keeps others out.

    It may be away: nothing that is due waits for it.
    """
    url = settings.prefect_api_url or settings.serve.api_url
    if not is_up(url):
        return Check("Prefect", "ok", f"no server answers at {url}: work goes on without it, unreported")
    if lets_in(url, None):
        return Check(
            "Prefect", "warning", f"the server at {url} lets anybody start runs", f"Give it a secret: set {SERVER}."
        )
    home = None if settings.prefect_api_url else settings.serve.prefect_home
    ours = signed_in(home)
    if not lets_in(url, ours):
        return Check(
            "Prefect",
            "warning",
            f"the server at {url} does not take our secret",
            f"Set {CLIENT} to what the server has.",
        )
    if not reaches_redis(url, ours):
        said = f"the server at {url} answers, but {AWAY}: no worker is handed a run, and work goes on without them"
        return Check("Prefect", "warning", said, f"{opening(MENDS)}.")
    return Check("Prefect", "ok", f"the server answers at {url}")


def of_the_record(settings: Settings) -> Iterator[Check]:
    """Yield the checks of the database and, where it can be read, of what is in it."""
    url = make_url(settings.record.database_url)
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    yield from disk([settings.serve.state_dir, *([file.parent] if file else [])])
    shown = shown_url(settings.record.database_url)
    if file is not None and not file.exists():
        yield missing(settings, f"{shown} does not exist")
        return
    try:
        policies = read_policies(settings.record.policy_dir)
        with closing(
            Record(
                settings.record.database_url,
                policies,
                *settings.of_the_stages,
                key_file=settings.record.audit_key_file,
            )
        ) as record:
            schema = record.schema()
            if schema is None:
                yield missing(settings, f"{shown} holds no record")
                return
            yield database(record, shown, schema)
            if record.is_current():
                yield from of_what_is_known(settings, record, now())
                yield from inside(record, now())
    except Exception as error:  # noqa: BLE001  whatever it is, it is what the doctor was asked about
        said = "; ".join(reasons_of(error)) or f"it failed with {type(error).__name__}"
        to_do = (
            "Mend the policy."
            if isinstance(error, RecordError)
            else "See that the database runs and lets this user in."
        )
        yield Check("database", "wrong", f"{shown}: {said}", to_do)


def missing(settings: Settings, said: str) -> Check:
    """Say that there is no record: not yet, or where this machine has worked on one, not any more."""
    try:
        refuse_new(settings)
    except UnexpectedRecordError as error:
        return Check("database", "wrong", error.what, error.to_do)
    return Check("database", "warning", f"{said} yet", MAKE)


def of_what_is_known(settings: Settings, record: Record, present: datetime) -> Iterator[Check]:
    """Yield whether the record is the one that was worked on here, and whether the clock is to be believed."""
    try:
        refuse_unexpected(settings, record)
        yield Check("record", "ok", "it goes on from where it was")
    except UnexpectedRecordError as error:
        yield Check("record", "wrong", error.what, error.to_do)
    with record.reading() as session:
        wrong = fault_of(session, present)
    if wrong is None:
        yield Check("clock", "ok", f"it is {spoken(present)}")
    else:
        yield Check("clock", "wrong", said(wrong), to_do(wrong))


def database(record: Record, shown: str, schema: str) -> Check:
    """Say how large the database is, and whether its schema is that of this version."""
    on_postgresql = record.engine.dialect.name == "postgresql"
    with record.engine.connect() as connection:
        size = connection.scalar(
            text(
                "SELECT pg_database_size(current_database())"
                if on_postgresql
                else "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            )
        )
    said = f"{shown}, {int(size or 0) / MIB:,.1f} MiB"
    try:
        refuse_other_schema(schema)
    except OtherSchemaError as error:
        # An older record is upgraded by the next command; with a newer one this program cannot work at all.
        state: State = "wrong" if schema > newest_migration() else "warning"
        return Check("database", state, f"{said}: {error.what}", f"{opening(error.to_do)}.")
    return Check("database", "ok", f"{said}, of this version's schema")


def disk(folders: Sequence[Path]) -> Iterator[Check]:
    """Yield the space left where the program writes; folders on one disk are told once."""
    seen: set[int] = set()
    for folder in folders:
        place = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
        if place.stat().st_dev in seen:
            continue
        seen.add(place.stat().st_dev)
        free = shutil.disk_usage(place).free
        state: State = "wrong" if free < TOO_LITTLE else "warning" if free < LITTLE else "ok"
        to_do = "" if state == "ok" else "Make room: a database that cannot be written stops every change."
        yield Check("disk", state, f"{free / MIB:,.0f} MiB are free at {place}", to_do)


def inside(record: Record, as_at: datetime) -> Iterator[Check]:
    """Yield the checks of what the record holds."""
    with record.reading() as session:
        yield heartbeat(session, as_at, record.settings(AssuranceSettings))
        yield directory(session)
        yield from (of_invariant(examine(session, invariant, as_at)) for invariant in ALL)


def heartbeat(session: Session, as_at: datetime, settings: AssuranceSettings) -> Check:
    """Say when the record was audited last, and whether the sign of life was given."""
    runs = (
        select(AssuranceRun)
        .where(AssuranceRun.ran_at <= as_at)
        .order_by(AssuranceRun.ran_at.desc(), AssuranceRun.id.desc())
        .limit(1)
    )
    last = session.scalar(runs)
    if last is None:
        return Check("heartbeat", "warning", "the record was never audited", START)
    said = f"the record was audited on {spoken(last.ran_at)}"
    # One audit may be late; two in a row are missing.
    if as_at - last.ran_at > timedelta(hours=2 * settings.assurance_hours):
        return Check("heartbeat", "wrong", f"{said}, and not since", START)
    if not last.ok:
        return Check("heartbeat", "warning", f"{said}, and something was wrong", "See mappa problems --open.")
    if settings.heartbeat_file is not None and given_at(settings.heartbeat_file) is None:
        return Check(
            "heartbeat",
            "warning",
            f"{said}, but {settings.heartbeat_file} holds no sign of life",
            "See that the program that audits has MAPPA_HEARTBEAT_FILE and may write the file.",
        )
    return Check("heartbeat", "ok", f"{said}, and nothing was wrong")


def given_at(path: Path) -> str | None:
    """Return the moment in a heartbeat file; None where there is none."""
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        return str(document["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def directory(session: Session) -> Check:
    """Say how many people the directory knows."""
    known = session.scalar(select(func.count()).select_from(DirectoryEntry)) or 0
    if known:
        return Check("directory", "ok", f"{known:,} entries")
    return Check("directory", "warning", "it is empty", "Load it: mappa load directory FILE.")


def of_invariant(examined: Examined) -> Check:
    """Return how an invariant stands."""
    name = f"assurance: {examined.invariant.name}"
    if examined.holds:
        return Check(name, "ok", examined.found)
    return Check(name, "wrong" if examined.is_wrong else "warning", examined.found, examined.invariant.to_do)
