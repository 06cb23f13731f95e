"""The key of the trail: made once, for its owner alone, changed without losing the old ones, and missed when gone."""

import stat
from pathlib import Path

import pytest

from models.audit import AuditEntry, Change, append
from models.audit_keys import AuditKeyError, KeyFile
from models.audit_seals import AuditSeal, seal, verify
from models.record import Record
from policy.book import shipped_book
from service.upkeep.trail import note_restore, rotate_key
from tests.support.story import at

MORNING = at("2026-06-12", 9)


def write(record: Record, chain: str = "case/1") -> None:
    with record.writing() as session:
        append(session, [Change(chain, "level-set", chain, None, {"level": 2})], actor="clerk", at=MORNING)


def test_it_is_made_for_its_owner_alone_and_once(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "new" / "audit.key")
    made = file.make()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert KeyFile(file.path).make() == made
    assert [path.name for path in file.path.parent.iterdir()] == ["audit.key"]


def test_others_must_not_read_it(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "audit.key")
    file.make()
    file.path.chmod(0o644)
    with pytest.raises(AuditKeyError, match="other people can read the key"):
        KeyFile(file.path).keys()


@pytest.mark.parametrize("text", ["", "no key", "0123456789abcdef 00", "0123456789abcdef " + "0" * 64])
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "audit.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(AuditKeyError, match="does not hold the keys"):
        KeyFile(path).keys()


def test_a_process_without_the_key_changes_nothing(record: Record, tmp_path: Path) -> None:
    without = Record(record.url, shipped_book(), key_file=tmp_path / "nowhere.key")
    with pytest.raises(AuditKeyError, match=r"is not in .*nowhere\.key"):
        write(without)
    with pytest.raises(AuditKeyError, match=r"is not in .*nowhere\.key"):
        without.refuse_other_keys()
    without.audit_keys.make()
    with pytest.raises(AuditKeyError, match=r"the record is written with the key [0-9a-f]{16}"):
        without.refuse_other_keys()
    without.close()


def test_after_a_change_the_old_entries_still_hold(record: Record, tmp_path: Path) -> None:
    path = tmp_path / "audit.key"
    path.write_bytes(record.audit_keys.path.read_bytes())
    path.chmod(0o600)
    mine = Record(record.url, shipped_book(), key_file=path)
    other = Record(record.url, shipped_book(), key_file=path)
    write(mine)
    name = rotate_key(mine, "operator", MORNING)
    write(other, "case/2")
    with other.writing() as session:
        assert list(verify(session)) == []
        keys = {entry.chain: entry.key_id for entry in session.query(AuditEntry).order_by(AuditEntry.id)}
        assert keys["case/2"] == keys["record"] == name != keys["case/1"]
        assert session.query(AuditSeal).order_by(AuditSeal.number.desc()).limit(1).one().why == "rotation"
    mine.close()
    other.close()


def test_an_old_key_is_not_accepted_for_long_after_a_change(record: Record, tmp_path: Path) -> None:
    old, new = tmp_path / "old.key", tmp_path / "new.key"
    for path in (old, new):
        path.write_bytes(record.audit_keys.path.read_bytes())
        path.chmod(0o600)
    stolen, mine = (Record(record.url, shipped_book(), key_file=path) for path in (old, new))
    write(mine)
    rotate_key(mine, "operator", MORNING)
    write(stolen, "case/3")
    with mine.writing() as session:
        seal(session, MORNING)
    with mine.reading() as session:
        # It may have been in hand while the key was changed.
        assert list(verify(session)) == []
    write(stolen, "case/4")
    with mine.reading() as session:
        assert list(verify(session)) == ["case/4 entry 1 was written without the key that was in use by then"]
    stolen.close()
    mine.close()


def test_a_restore_is_noted_and_sealed(record: Record) -> None:
    told = note_restore(record, "operator", MORNING)
    assert told is not None
    assert (told.why, told.number) == ("restore", 2)
