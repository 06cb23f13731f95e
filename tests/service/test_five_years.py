"""Five years of an invented area whose people answer: no case is forgotten, and each closed one says why."""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.loading import load_directory, load_sentences
from models.audit import verify
from models.cases import Case
from models.obligations import Timescale
from models.record import Record
from policy.book import shipped_book
from service.answers import Answering
from service.demo_area import write_area
from service.simulating import Span, simulate
from service.views import closed_cases
from tests.support.story import at

FIRST, LAST = date(2026, 3, 2), date(2031, 2, 28)


@pytest.fixture
def lived(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Record:
    monkeypatch.setenv("MAPPA_MAIL_FOLDER", str(tmp_path / "mail"))
    path = tmp_path / "record.db"
    shutil.copy(sqlite_template, path)
    record = Record(f"sqlite:///{path}", shipped_book())
    files = write_area(tmp_path, today=FIRST, people=90)
    load_directory(record, files.directory, as_at=at("2026-03-01", 18), actor="t")
    load_sentences(record, files.sentences, as_at=at("2026-03-01", 18), actor="t")
    result = simulate(record, Span(FIRST, LAST), answering=Answering(record, seed=5))
    assert result.answers is not None
    assert result.answers.unexpected == []
    assert not sum(result.failed.values())
    return record


def test_after_five_years_every_case_is_closed_with_its_reason_or_has_something_open(lived: Record) -> None:
    with lived.reading() as session:
        closed = list(closed_cases(session))
        ways = Counter(one["how"] for one in closed)
        assert len(closed) >= 5, ways
        assert all(one["how"] and one["reason"] for one in closed)
        assert {way.partition(" ")[0] for way in ways} <= {"de-registered", "handed", "category"}
        for case in session.scalars(select(Case).where(Case.closed_on.is_(None))):
            ends = [date.fromisoformat(until) for _, until in case.holds if until]
            indefinite = len(ends) < len(case.holds)
            if not case.holds or indefinite or max(ends) > LAST:
                continue
            waits = session.scalars(
                select(Timescale).where(Timescale.case_id == case.id, Timescale.state == "open")
            ).all()
            checks = [one for one in waits if one.kind == "end_of_sentence_check"]
            goes_on = case.category == 3 and any(one.kind.startswith(("level_", "first_")) for one in waits)
            assert goes_on or all(one.next_rung > 0 for one in checks if one.due_on <= LAST), case.reference
            assert goes_on or checks, f"{case.reference} is past its last end, and nothing asks about it"
        assert list(verify(session)) == []
