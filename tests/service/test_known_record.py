"""What a machine knows of its record: one that is gone, another, or gone back is not worked on without a word."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from models.audit import Change, append
from models.clock import now
from models.record import Record
from service.known_record import UnexpectedRecordError, confirm, file_for, known, note, refuse_new, refuse_unexpected
from service.settings import Settings, read_settings
from tests.support.opened import opened

Named = Callable[..., Settings]


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Named:
    """Return the settings of a machine whose record is at an address."""

    def settings(url: str, any_moment: bool = False) -> Settings:
        monkeypatch.setenv("MAPPA_STATE_DIR", str(tmp_path / "var"))
        monkeypatch.setenv("MAPPA_ANY_MOMENT", str(any_moment).lower())
        return read_settings(url)

    return settings


def changed(record: Record, what: str) -> None:
    with record.writing() as session:
        append(session, [Change("record", what, "record")], actor="Opal", at=now())


def test_a_record_that_goes_on_from_where_it_was_is_let_pass(record: Record, named: Named) -> None:
    settings = named(record.engine.url.render_as_string(hide_password=False))
    refuse_unexpected(settings, record)
    note(settings, record)
    first = known(settings)
    refuse_unexpected(settings, record)
    changed(record, "key-rotated")
    refuse_unexpected(settings, record)
    note(settings, record)
    assert first is not None
    assert known(settings) != first


def test_a_record_that_has_gone_back_is_not_worked_on_until_a_person_confirms_it(
    sqlite_record: Record, named: Named, tmp_path: Path
) -> None:
    settings = named(sqlite_record.url)
    changed(sqlite_record, "one")
    sqlite_record.close()
    shutil.copy(tmp_path / "record.db", tmp_path / "earlier.db")
    changed(sqlite_record, "two")
    note(settings, sqlite_record)
    sqlite_record.close()
    shutil.copy(tmp_path / "earlier.db", tmp_path / "record.db")
    back = opened(sqlite_record.url)
    # What is done on it meanwhile gets the number of what was lost, and another hash.
    for _ in range(2):
        with pytest.raises(
            UnexpectedRecordError, match=r"has gone back: .*; nothing was raised or sent: restore the la"
        ):
            refuse_unexpected(settings, back)
        changed(back, "three")
    assert "has gone back" in (confirm(settings, back, "The disk was lost", "Opal", now()) or "")
    refuse_unexpected(settings, back)
    assert confirm(settings, back, "Again", "Opal", now()) is None
    back.close()


def test_another_record_in_its_place_is_told(sqlite_record: Record, named: Named, tmp_path: Path) -> None:
    settings = named(sqlite_record.url)
    note(settings, sqlite_record)
    sqlite_record.close()
    (tmp_path / "record.db").unlink()
    other = opened(sqlite_record.url)
    other.migrate()
    with pytest.raises(
        UnexpectedRecordError, match="is another record than the one that was worked on here, and an em"
    ):
        refuse_unexpected(settings, other)
    other.close()


def test_no_new_record_is_made_where_one_was(record: Record, named: Named) -> None:
    settings = named(record.engine.url.render_as_string(hide_password=False))
    refuse_new(settings)
    note(settings, record)
    with pytest.raises(
        UnexpectedRecordError, match=r"the record is gone from .*, and a new one is not made in its place"
    ):
        refuse_new(settings)
    # Somebody means a new one, and does what the sentence says.
    file_for(settings).unlink()
    refuse_new(settings)


def test_of_invented_cases_nothing_is_noted(record: Record, named: Named) -> None:
    settings = named(record.engine.url.render_as_string(hide_password=False), any_moment=True)
    note(settings, record)
    assert known(settings) is None


def test_what_cannot_be_written_or_read_stops_no_work(
    sqlite_record: Record, named: Named, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = named(sqlite_record.url)
    (tmp_path / "var").touch()
    note(settings, sqlite_record)
    assert "cannot be written" in caplog.text
    (tmp_path / "var").unlink()
    file_for(settings).parent.mkdir(parents=True)
    file_for(settings).write_text("{")
    assert known(settings) is None
    assert "what it knew of the record is forgotten" in caplog.text


def test_two_records_on_one_machine_are_told_apart_and_no_password_is_written(named: Named) -> None:
    urls = ("sqlite:///a.db", "sqlite:///b.db", "postgresql://mappa:secret@db.agency.example/mappa")
    assert len({file_for(named(url)) for url in urls}) == len(urls)
    assert file_for(named(urls[2])) == file_for(named(urls[2].replace("secret", "other")))
