"""An area of today for ``mappa serve``: what comes due does so when a test says so.

Its clock is the machine's, but goes ahead by whole days to the next working day, since nothing leaves on another: the
tests run on any day.
"""

import shutil
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import update

from casework.loading.bank_holidays import library_days
from models import clock
from models.obligations import Timescale
from policy.calendar import WorkingCalendar, london_date
from tests.operations.conftest import people, settle_area, tick
from tests.service.test_serve import Served
from tests.support.opened import opened
from tests.support.program import program_of

# Escalations may go at any hour, so that the test runs at any hour. No reminder is left that would wait for Monday.
AT_ANY_HOUR = """
version = "any-hour"
in_force_from = 2013-01-01
base = "P2012"

[prompting]
from_hour = 0
"""
FAR_AWAY = timedelta(days=3650)


def now() -> datetime:
    """Return the present of the area: the machine's, or the same time on the next working day."""
    return clock.now() + timedelta(days=days_ahead())


@cache
def days_ahead() -> int:
    """Return how many days it is from today to a working day of England and Wales; 0: today is one."""
    today = london_date(clock.now())
    bank_holidays = frozenset(library_days(today.year, today.year + 1))
    calendar = WorkingCalendar(bank_holidays, today, date(today.year + 1, 12, 31), "of the machine")
    return (calendar.on_or_after(today) - today).days


def begun_with(before: str = "") -> str:
    """Return the program that serves with the clock of the area; ``before``: what else it does first."""
    return (
        "from datetime import timedelta; from models.clock import now; from service import serve, settings; "
        f"serve.now = lambda: now() + timedelta(days={days_ahead()}); {before}serve.serve(settings.read_settings())"
    )


def months_on(day: date, months: int) -> date:
    """Return the first of a month so many months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def area_of_today(folder: Path, template: Path, database: Path) -> dict[str, str]:
    """Make a record in which twelve referrals are owed since the first of last month; return its settings.

    All reminders were raised on that day. The escalations since then are kept from coming due.
    """
    policies = folder / "policies"
    policies.mkdir()
    (policies / "any-hour.toml").write_text(AT_ANY_HOUR, encoding="utf-8")
    shutil.copy(template, database)
    owed_since = months_on(london_date(now()), -1)
    release = months_on(owed_since, 6)
    rows = people(
        sentence_date=f"{release.year - 3}-11-12",
        conditional_release_date=str(release),
        licence_expiry_date=str(months_on(release, 40)),
    )
    settle_area(f"sqlite:///{database}", folder, rows, str(months_on(owed_since, -4)))
    tick(program_of(folder, database), str(owed_since))
    come_due(database, range(1, len(rows) + 1), now() + FAR_AWAY)
    # Its clock may be ahead of the machine's.
    return {
        "MAPPA_POLICY_DIR": str(policies), "MAPPA_DATABASE_URL": f"sqlite:///{database}", "MAPPA_ANY_MOMENT": "true"
    }  # fmt: skip


def come_due(database: Path, cases: Sequence[int], at: datetime | None = None) -> None:
    """Have what is open on cases (by id) come due at a moment; left out, it is due now."""
    record = opened(f"sqlite:///{database}")
    with record.writing() as session:
        open_ = (Timescale.state == "open", Timescale.next_prompt_at.is_not(None), Timescale.case_id.in_(cases))
        session.execute(
            update(Timescale).where(*open_).values(next_prompt_at=at or now()),
            execution_options={"synchronize_session": False},
        )
    record.close()


def prefect_of(served: Served) -> int:
    """Return the process of the Prefect server of a serve."""
    [server] = [pid for pid in served.family() if b"service.prefect.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return server
