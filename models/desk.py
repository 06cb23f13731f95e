"""Who comes in: codes for signing in and sessions of people, and the tokens of other systems.

None holds anything that lets its reader come in: of each secret only a hash is kept.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SignInCode(Base):
    """A code that was asked for at the desk.

    ``code_hash`` is taken over the code and a secret that only the browser that asked has. ``asked_from`` is the
    network address of that browser. ``tries``: how often a wrong code was given.
    """

    __tablename__ = "sign_in_code"
    __table_args__ = (Index("ix_sign_in_code_email", "email", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    asked_from: Mapped[str] = mapped_column(String(64), index=True)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class DeskSession(Base):
    """Somebody who is signed in. ``token_hash`` is that of the cookie.

    ``how``: by ``code``, or as somebody of the ``demo``. ``visited_before_at``: when the same person was last seen
    before this session. ``browser``: what the browser says it is, for the list of one's own sessions.
    """

    __tablename__ = "desk_session"
    __table_args__ = (Index("ix_desk_session_email", "email", "seen_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    how: Mapped[str] = mapped_column(String(10))
    browser: Mapped[str] = mapped_column(String(200))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    visited_before_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ApiToken(Base):
    """A token by which another system uses the API, in one role in some areas.

    ``address``: the e-mail address the system is known by, which no person has. ``scopes``: what it may be used for,
    words of ``web.access.tokens.Scope``. ``agency`` and ``unit``: "" where its role needs none. ``ends_on``: its last
    day.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(30))
    areas: Mapped[list[Any]]
    agency: Mapped[str] = mapped_column(String(60))
    unit: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    ends_on: Mapped[date]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(120))


class CalendarFeed(Base):
    """The private address at which somebody's calendar reads their meetings. ``secret_hash``: of what it ends in."""

    __tablename__ = "calendar_feed"
    __table_args__ = (Index("ix_calendar_feed_email", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
