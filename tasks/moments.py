"""The moment of a run: now, unless a rehearsal looks back, or the settings say that the cases are invented.

Whoever reaches Prefect can ask for a run as at any moment. One as at a day to come would raise prompts and send
e-mails that are not due, and use up their ladders for good.
"""

from datetime import UTC, datetime, timedelta

from models.clock import now
from models.record import Record
from models.settings import RecordSettings
from policy.calendar import LONDON
from policy.errors import WrongUsageError

AHEAD = timedelta(minutes=1)
"""By how much the clocks of two machines of a fleet may differ."""
BEHIND = timedelta(hours=1)
"""For how long a run may have waited for its worker."""


class WrongMomentError(WrongUsageError):
    """A run as at a moment at which none may work."""


def moment_of(as_at: datetime | None) -> datetime:
    """Return the moment of the work, in UTC: now unless given; without an offset it is local, Europe/London."""
    if as_at is None:
        return now()
    return (as_at if as_at.tzinfo else as_at.replace(tzinfo=LONDON)).astimezone(UTC)


def local_minute(as_at: datetime) -> str:
    """Return a moment as an operator reads it: to the minute, in Europe/London."""
    return f"{as_at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def refuse_other_moment(record: Record, as_at: datetime, dry_run: bool) -> None:
    """Raise ``WrongMomentError`` for a moment to come, and for one that is past unless it is a dry run.

    Who asks makes no difference. Only a record of invented cases may be opened for any moment (``any_moment``).
    """
    if record.settings(RecordSettings).any_moment:
        return
    present = now()
    if as_at > present + AHEAD:
        raise WrongMomentError(
            f"{local_minute(as_at)} is still to come, and a run does what is due now", to_do="leave the moment empty"
        )
    if as_at < present - BEHIND and not dry_run:
        raise WrongMomentError(
            f"{local_minute(as_at)} is past, and a run does what is due now",
            to_do="leave the moment empty, or look back with a dry run",
        )
