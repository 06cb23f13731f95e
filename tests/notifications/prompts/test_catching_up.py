"""Whenever the clock ticks, and however often it does not, the same rungs have gone out in the end."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.obligations import Prompt
from policy.calendar import london_date
from tests.support.opened import opened
from tests.support.story import DARREN, Story

FIRST = date(2026, 6, 1)
DAYS = 130
# Every rung of Darren's three ladders has its day within these days.
EVERYTHING = {
    *(("prison_notice", rung) for rung in ("-1 month", "due", "+5W", "+10W")),
    *(("referral", rung) for rung in ("-1 month", "-2 weeks", "due", "+1W", "+5W", "+10W")),
    *(("level_setting", rung) for rung in ("due", "+5W", "+10W")),
}
# How many weekly lists there are hangs on the ticks: tests/notifications/prompts/test_stuck_lists.py.
OF_LADDERS = (Prompt.rung != "identified", Prompt.rung.not_like("list %"))
TICKS = st.sets(st.tuples(st.integers(0, DAYS - 1), st.integers(0, 23)), max_size=12)


@pytest.fixture(scope="module")
def identified(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Darren, loaded and identified on the first day."""
    folder = tmp_path_factory.mktemp("darren")
    path = folder / "record.db"
    shutil.copy(sqlite_template, path)
    record = opened(f"sqlite:///{path}")
    story = Story(record, folder)
    story.load(FIRST.isoformat(), DARREN)
    story.tick(FIRST.isoformat())
    record.close()
    return path


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ticks=TICKS)
def test_any_ticks_that_end_after_the_last_rung_raise_every_rung_once(identified, tmp_path_factory, ticks):
    folder = tmp_path_factory.mktemp("ticks")
    path = folder / "record.db"
    shutil.copy(identified, path)
    record = opened(f"sqlite:///{path}")
    story = Story(record, folder, directory=[])
    for day, hour in [*sorted(ticks), (DAYS, 9)]:
        story.tick((FIRST + timedelta(days=day)).isoformat(), hour)
    with record.reading() as session:
        found = [
            (p.timescale.kind, p.rung, p.late_by_days, london_date(p.raised_at) - p.rung_on)
            for p in session.scalars(select(Prompt).where(*OF_LADDERS))
        ]
    record.close()
    assert sorted((kind, rung) for kind, rung, *_ in found) == sorted(EVERYTHING)
    assert all(timedelta(days=late) == lateness for _, _, late, lateness in found)
