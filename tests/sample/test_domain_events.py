"""The events of a morning load as they stand: two are asked about, one is of somebody who is not on record."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from casework.domain_event_files import load_domain_events
from casework.recording import Actor, Through
from models.cases import Problem
from models.people import Person
from models.record import Record
from sample.domain_events import write_events
from tests.support.custody import begun
from tests.support.story import at

ACTOR = Actor(id="feed", name="feed", through=Through.API)


@pytest.mark.parametrize("where", ["community", "custody"])
def test_each_event_of_the_morning_is_asked_about_or_told(sqlite_record: Record, tmp_path: Path, where: str) -> None:
    """Joint inspection 2015, 4.3: registers of two services that differ are looked at by a person."""
    begun(sqlite_record, tmp_path, where)
    with sqlite_record.writing() as session:
        session.execute(update(Person).values(noms_number="A1234BC"))
    path = tmp_path / "events.jsonl"
    write_events(sqlite_record, path, date(2026, 5, 20))
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    report = load_domain_events(sqlite_record, path, as_at=at("2026-05-20"), actor=ACTOR)
    assert (report.read, report.in_question, report.added, report.rejected) == (2, 1, 0, 0)
    assert report.warnings[-1] == "1 events changed nothing: nobody on record has this number"
    assert load_domain_events(sqlite_record, path, as_at=at("2026-05-20"), actor=ACTOR).in_question == 0
    with sqlite_record.reading() as session:
        assert session.scalars(select(Problem).where(Problem.stage == "domain_events")).one()
