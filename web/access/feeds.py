"""The private address of a calendar: whoever has it reads the meetings of its owner, so it can be ended at any time.

A calendar cannot sign in. The address ends in a secret, of which the record keeps a hash; it is shown once, and a new
one ends the one before.
"""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Change, append
from models.desk import CalendarFeed
from web.access.sessions import CHAIN, hash_of


def make(session: Session, email: str, by: str, as_at: datetime) -> str:
    """Make an address for somebody's calendar, in place of the one they had; return the secret it ends in."""
    end(session, email, by, as_at)
    secret = secrets.token_urlsafe(32)
    row = CalendarFeed(secret_hash=hash_of(secret), email=email, made_at=as_at)
    session.add(row)
    session.flush()
    change = Change(CHAIN, "calendar-address-made", f"calendar address {row.id}", None, {"email": email})
    append(session, [change], actor=by, at=as_at)
    return secret


def end(session: Session, email: str, by: str, as_at: datetime) -> None:
    """End the address of somebody's calendar, if they have one."""
    row = running(session, email)
    if row is None:
        return
    row.ended_at = as_at
    change = Change(CHAIN, "calendar-address-ended", f"calendar address {row.id}", {"email": email}, None)
    append(session, [change], actor=by, at=as_at)


def running(session: Session, email: str) -> CalendarFeed | None:
    """Return the address of somebody's calendar; None where they have none. It is locked until the transaction ends."""
    query = select(CalendarFeed).where(CalendarFeed.email == email, CalendarFeed.ended_at.is_(None))
    return session.scalars(query.order_by(CalendarFeed.id.desc()).limit(1).with_for_update()).first()


def owner_of(session: Session, secret: str) -> str | None:
    """Return whose calendar has a secret; None where nobody's has."""
    query = select(CalendarFeed.email).where(
        CalendarFeed.secret_hash == hash_of(secret), CalendarFeed.ended_at.is_(None)
    )
    return session.scalar(query)
