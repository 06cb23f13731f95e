"""A simulated year raises the same prompts whether ticked daily, hourly or with three weeks of outage in it."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.loading import load_directory, load_sentences
from models.obligations import Prompt, Timescale
from models.record import Record
from sample.area import write_area
from sample.simulate import Span, simulate
from tests.support.opened import opened, with_mail_in
from tests.support.story import at

FIRST, LAST = date(2026, 3, 2), date(2027, 3, 1)
OUTAGE = Span(date(2026, 4, 6), date(2026, 4, 26))
# (timescale, its kind, revision, rung, recipient)
Raised = set[tuple[int, str, int, str, str]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A small invented area, loaded the evening before the year begins."""
    folder = tmp_path_factory.mktemp("year")
    path = folder / "record.db"
    shutil.copy(sqlite_template, path)
    record = opened(f"sqlite:///{path}")
    files = write_area(folder, today=FIRST, people=40)
    load_directory(record, files.directory, as_at=at("2026-03-01", 18), actor="t")
    load_sentences(record, files.sentences, as_at=at("2026-03-01", 18), actor="t")
    record.close()
    return path


@pytest.fixture
def year(loaded: Path, tmp_path: Path) -> Callable[..., Record]:
    def run(every: str, outage: Span | None = None) -> Record:
        path = tmp_path / f"{every}-{bool(outage)}.db"
        shutil.copy(loaded, path)
        record = with_mail_in(opened(f"sqlite:///{path}"), tmp_path / "mail")
        simulate(record, Span(FIRST, LAST), every, outage)
        return record

    return run


def raised(record: Record) -> Raised:
    with record.reading() as session:
        rows = session.execute(
            select(Prompt.timescale_id, Timescale.kind, Prompt.revision, Prompt.rung, Prompt.recipient).join(Timescale)
        ).all()
    found = {tuple(row) for row in rows}
    assert len(rows) == len(found), "a rung went out twice"
    return found


def by_turn(prompts: Raised) -> tuple[Raised, Raised]:
    """Return what is asked once, and what is asked again and again until it is done.

    After an outage one question of the second kind catches up for each that was not asked.
    """
    repeated = {one for one in prompts if one[3].startswith(("again ", "list "))}
    return prompts - repeated, repeated


@pytest.mark.slow
def test_daily_hourly_and_with_an_outage_raise_the_same(year):
    daily, hourly, outage = year("day"), year("hour"), year("day", OUTAGE)
    everything = raised(daily)
    assert len(everything) > 100
    assert raised(hourly) == everything
    once, repeated = by_turn(everything)
    once_with_outage, repeated_with_outage = by_turn(raised(outage))
    assert once_with_outage == once
    assert repeated_with_outage < repeated
    with outage.reading() as session:
        late = session.scalars(
            select(Prompt).where(Prompt.rung_on >= OUTAGE.first, Prompt.rung_on <= OUTAGE.last)
        ).all()
        assert late, "the outage must have held something back, or this test shows nothing"
        caught_up = date(2026, 4, 27)
        for prompt in late:
            assert prompt.raised_at.date() == caught_up
            assert prompt.late_by_days == (caught_up - prompt.rung_on).days > 0
    with daily.reading() as session:
        since = select(Prompt).where(Prompt.rung_on > FIRST)
        assert {p.late_by_days for p in session.scalars(since)} == {0}
