"""The one place where the present moment is read; everywhere else time is a parameter."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
