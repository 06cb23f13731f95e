"""Sessions: kept in the record, so that any desk of a fleet knows them and each can be ended.

The browser has a random token and the record its hash. A session ends after the idle time, and at the latest some
hours after it began, whatever was done.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.desk import DeskSession
from policy.errors import NotFoundError
from web.settings import DeskSettings

SEEN_EVERY = timedelta(minutes=1)
"""A session notes that it was seen at most this often: not each page is a write."""
CHAIN = "desk"
LONGEST_BROWSER = 200


def hash_of(token: str) -> str:
    """Return what the record keeps of a token."""
    return sha256(token.encode()).hexdigest()


def begin(session: Session, email: str, name: str, how: str, browser: str, as_at: datetime) -> str:
    """Begin a session, and return the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    before = session.scalar(select(func.max(DeskSession.seen_at)).where(DeskSession.email == email))
    row = DeskSession(
        token_hash=hash_of(token), email=email, how=how, browser=browser[:LONGEST_BROWSER], began_at=as_at,
        seen_at=as_at, visited_before_at=before,
    )  # fmt: skip
    session.add(row)
    session.flush()
    append(session, [Change(CHAIN, "signed-in", email, None, {"session": row.id, "how": how})], actor=name, at=as_at)
    return token


def running(session: Session, token: str, settings: DeskSettings, as_at: datetime) -> DeskSession | None:
    """Return the session of a token; None where it has ended, or was never begun."""
    row = session.scalar(select(DeskSession).where(DeskSession.token_hash == hash_of(token)))
    return row if row is not None and runs(row, settings, as_at) else None


def runs(row: DeskSession, settings: DeskSettings, as_at: datetime) -> bool:
    """Tell whether a session still runs."""
    idle = as_at - row.seen_at > timedelta(minutes=settings.desk_idle_minutes)
    old = as_at - row.began_at > timedelta(hours=settings.desk_session_hours)
    return row.ended_at is None and not idle and not old


def must_be_noted(row: DeskSession, as_at: datetime) -> bool:
    """Tell whether it is time to note that a session was seen."""
    return as_at - row.seen_at >= SEEN_EVERY


def note_seen(session: Session, session_id: int, as_at: datetime) -> None:
    """Note that a session was seen now."""
    row = session.get_one(DeskSession, session_id)
    row.seen_at = max(row.seen_at, as_at)


def end(session: Session, session_id: int, email: str, name: str, as_at: datetime) -> None:
    """End one of somebody's own sessions; ``NotFoundError`` for any other."""
    row = session.get(DeskSession, session_id)
    if row is None or row.email != email:
        raise NotFoundError("there is no such session of yours")
    if row.ended_at is None:
        row.ended_at = as_at
        append(session, [Change(CHAIN, "signed-out", email, None, {"session": row.id})], actor=name, at=as_at)


def own(session: Session, email: str, settings: DeskSettings, as_at: datetime) -> Sequence[DeskSession]:
    """Return the sessions of somebody that still run, the newest first."""
    rows = session.scalars(
        select(DeskSession)
        .where(DeskSession.email == email, DeskSession.ended_at.is_(None))
        .order_by(DeskSession.id.desc())
    )
    return [row for row in rows if runs(row, settings, as_at)]
