"""What this machine knows of the record it works on, in a file of the state folder: which it is, and how far it was.

A record that is gone, that is another, or that has gone back behind what was done on it already (a write-ahead log that
was taken away, a backup that was put in its place by hand) looks like one in which little is due or much was never
sent. Nothing in the database tells it; this file does.
"""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from models.addresses import shown_url
from models.audit import AuditEntry, Change, append
from models.identity import identity_of
from models.record import Record, RecordError, file_of
from service.settings import Settings

log = logging.getLogger(__name__)

CONFIRM = "mappa confirm record --reason TEXT"
RESTORE = "restore the last backup (mappa restore FILE)"


class UnexpectedRecordError(RecordError):
    """The record is not the one that this machine worked on last, or not as far as it was then."""


@dataclass(frozen=True, slots=True)
class Known:
    """A record as it was seen last: its name, and the number and hash of its newest audit entry."""

    record: str
    entry: int
    hash: str


def file_for(settings: Settings) -> Path:
    """Return the file about the record that the settings name: one a record, as several may share a state folder."""
    url = settings.record.database_url
    file = file_of(url)
    place = make_url(url).render_as_string() if file is None else str(file.absolute())
    return settings.serve.state_dir / "records" / f"{hashlib.sha256(place.encode()).hexdigest()[:16]}.json"


def known(settings: Settings) -> Known | None:
    """Return what is known of the record; None where nothing is, or nothing that can be read."""
    try:
        document: dict[str, Any] = json.loads(file_for(settings).read_text(encoding="utf-8"))
        return Known(str(document["record"]), int(document["entry"]), str(document["hash"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s cannot be read (%s): what it knew of the record is forgotten", file_for(settings), error)
        return None


def seen(session: Session) -> Known:
    """Return a record as it is now."""
    newest = session.execute(select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)).first()
    return Known(identity_of(session) or "", newest.id if newest else 0, newest.hash if newest else "")


def note(settings: Settings, record: Record) -> None:
    """Note how far the record is; of invented cases nothing. What fails is logged, and stops no work."""
    if settings.record.any_moment:
        return
    with record.looking() as session:
        now = seen(session)
    path = file_for(settings)
    if known(settings) == now:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".tmp")
        beside.write_text(json.dumps(asdict(now)) + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        log.warning("%s cannot be written: %s", path, error.strerror or type(error).__name__)


def refuse_new(settings: Settings) -> None:
    """Raise ``UnexpectedRecordError`` where a record would be made in a place in which this machine knows of one."""
    if known(settings) is not None:
        raise UnexpectedRecordError(
            f"the record is gone from {shown(settings)}, and a new one is not made in its place",
            to_do=f"{RESTORE}; if a new record is really meant, remove {file_for(settings).absolute()} first",
        )


def refuse_unexpected(settings: Settings, record: Record) -> None:
    """Raise ``UnexpectedRecordError`` where the record is another than it was, or has gone back."""
    last = known(settings)
    if last is None:
        return
    with record.looking() as session:
        what = difference(session, last)
    if what is not None:
        raise UnexpectedRecordError(
            f"{shown(settings)} {what}; nothing was raised or sent",
            to_do=f"{RESTORE}. If it was put there on purpose, say first what may have been sent since (mappa messages "
            f"doubt --sent-until MOMENT), then confirm it: {CONFIRM}",
        )


def confirm(settings: Settings, record: Record, reason: str, actor: str, at: datetime) -> str | None:
    """Take the record as it is for the right one, on a person's word; return in which way it was not, if it was not.

    The word is written in its audit trail, with the reason.
    """
    last = known(settings)
    with record.writing() as session:
        what = None if last is None else difference(session, last)
        if what is not None and last is not None:
            after = {"found": what, "reason": reason}
            append(session, [Change("record", "record-confirmed", "record", asdict(last), after)], actor=actor, at=at)
    note(settings, record)
    return what


def difference(session: Session, last: Known) -> str | None:
    """Return in which way a record is not what it was; None where it is, or has gone on from there."""
    now = seen(session)
    if now.record != last.record:
        return "is another record than the one that was worked on here" + ("" if now.entry else ", and an empty one")
    there = session.scalar(select(AuditEntry.hash).where(AuditEntry.id == last.entry))
    if last.entry and there != last.hash:
        return f"has gone back: it ends before entry {last.entry} of its audit trail, which was there at the last tick"
    return None


def shown(settings: Settings) -> str:
    """Return where the record is, as it may be shown."""
    return shown_url(settings.record.database_url)
