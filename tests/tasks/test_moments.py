"""At which moment a run may work: now, and for a rehearsal what is past."""

from datetime import UTC, datetime, timedelta

import pytest

from models.record import Record
from models.settings import RecordSettings, shipped
from tasks import moments
from tasks.moments import WrongMomentError, refuse_other_moment

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "now", lambda: NOW)


@pytest.fixture
def real(sqlite_record: Record) -> Record:
    """A record of real cases: no moment but the present one."""
    return sqlite_record.with_settings(shipped(RecordSettings))


@pytest.mark.parametrize(
    ("after", "dry_run", "refused"),
    [
        (timedelta(0), False, None),
        # The clocks of two machines of a fleet differ by a little.
        (timedelta(seconds=60), False, None),
        (timedelta(seconds=61), False, "30 09:01 is still to come"),
        (timedelta(days=45 * 365), False, "is still to come"),
        (timedelta(days=45 * 365), True, "is still to come"),
        # A run may have waited for its worker.
        (timedelta(hours=-1), False, None),
        (timedelta(hours=-1, seconds=-1), False, "30 07:59 is past.*look back with a dry run"),
        (timedelta(days=-400), True, None),
    ],
)
def test_which_moments_a_run_may_work_at(real: Record, after: timedelta, dry_run: bool, refused: str | None) -> None:
    if refused is None:
        refuse_other_moment(real, NOW + after, dry_run)
        return
    with pytest.raises(WrongMomentError, match=refused):
        refuse_other_moment(real, NOW + after, dry_run)


def test_a_record_of_invented_cases_may_be_opened_for_any_moment(real: Record) -> None:
    invented = real.with_settings(shipped(RecordSettings, any_moment=True))
    refuse_other_moment(invented, NOW + timedelta(days=400), dry_run=False)
