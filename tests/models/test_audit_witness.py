"""The seals told outside: what is cut or made anew shows against them, and what was put back from a backup does not."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select

from models.audit import AuditEntry, Change, append
from models.audit_seals import AuditSeal, seal, unproven, verify
from models.audit_witness import Witness, WitnessError, bear, compare, contradicted, present_witness, told
from models.record import Record
from service.upkeep.trail import note_restore
from tests.support.story import at

MORNING = at("2026-06-12", 9)


def written_and_told(record: Record, file: Path, chain: str) -> Witness:
    with record.writing() as session:
        append(session, [Change(chain, "level-set", chain)], actor="clerk", at=MORNING)
        seal(session, MORNING)
        witness = present_witness(session)
    assert witness is not None
    bear(file, witness)
    return witness


def said(record: Record, file: Path) -> list[str]:
    with record.reading() as session:
        return [*verify(session), *contradicted(session, told(file))]


def test_a_record_made_new_has_nothing_before_its_first_seal(record: Record) -> None:
    with record.reading() as session:
        assert unproven(session) == 0
        assert list(verify(session)) == []


def test_a_trail_cut_with_its_seals_shows_against_the_file(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "witness.jsonl"
    for chain in ("case/1", "case/2"):
        written_and_told(record, file, chain)
    assert said(record, file) == []
    with record.writing() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.chain == "case/2"))
        session.execute(delete(AuditSeal).where(AuditSeal.number == 3))
    assert (
        said(record, file)[-1]
        == "seal 3, told outside at 2026-06-12T08:00, is gone: the trail was cut or made anew since"
    )


def test_the_same_seal_is_told_once(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "witness.jsonl"
    witness = written_and_told(record, file, "case/1")
    bear(file, witness)
    assert len(file.read_text().splitlines()) == 1


def test_after_a_restore_the_later_seals_count_no_more(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "witness.jsonl"
    first = written_and_told(record, file, "case/1")
    for number in (first.number + 1, first.number + 2):
        bear(file, Witness(first.record, "2026-06-12T10:00", number, "f" * 64, "audit"))
    assert len(said(record, file)) == 2
    restored = note_restore(record, "operator", MORNING)
    assert restored is not None
    bear(file, restored)
    assert said(record, file) == []


def test_another_record_shows(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "witness.jsonl"
    bear(file, Witness("0" * 16, "2026-06-12T10:00", 1, "f" * 64, "audit"))
    assert said(record, file) == [
        "the witness speaks of another record: the seals of this one were made anew, or it is the wrong file"
    ]


def test_a_seal_that_somebody_noted_is_looked_for(record: Record, tmp_path: Path) -> None:
    witness = written_and_told(record, tmp_path / "w", "case/1")
    with record.reading() as session:
        assert list(compare(session, witness.number, witness.hash[:16])) == []
        assert "is another" in next(compare(session, witness.number, "0" * 16))
        assert "is not there" in next(compare(session, 99, "0" * 16))
        assert session.scalar(select(AuditSeal.why).where(AuditSeal.number == 1)) == "first"


def test_a_damaged_line_is_named(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "witness.jsonl"
    written_and_told(record, file, "case/1")
    file.write_text(file.read_text() + "no witness\n")
    with pytest.raises(WitnessError, match="line 2: the line is no witness"):
        list(told(file))
