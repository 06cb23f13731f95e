"""The record is changed past the program, and every change is noticed (``python -m bench.attack edits``)."""

from pathlib import Path

from bench.attack.edits import attacked, tried
from bench.attack.of_the_tables import edits_of_the_tables
from bench.attack.of_the_trail import edits_of_the_trail
from models.record import Record
from tests.models.test_upgrade_from_each import filled_up


def test_every_edit_of_the_trail_is_noticed(record: Record, tmp_path: Path) -> None:
    attacked(record, tmp_path)
    results = list(tried(record, tmp_path / "witness.jsonl", edits_of_the_trail()))
    made = [one for one in results if not one.refused]
    assert len(made) > 30
    assert [(one.edit.table, one.edit.what) for one in made if one.unseen] == []
    said = {one.edit.what: one.said for one in made}
    assert "told outside at 2026-06-11" in said["trail cut back to an earlier seal, seals too"]
    assert "the chain was there at seal 2" in said["chain removed whole"]
    assert "does not match its hash" in said["altered, and all plain hashes made anew"] + said["actor changed"]


def test_every_edit_of_a_table_is_noticed(record: Record, tmp_path: Path) -> None:
    attacked(record, tmp_path)
    with record.writing() as session:
        set(filled_up(session.connection()))
    with record.reading() as session:
        edits = list(edits_of_the_tables(session.connection()))
    results = list(tried(record, tmp_path / "witness.jsonl", edits))
    made = [one for one in results if not one.refused]
    assert len({one.edit.table for one in made}) > 30
    assert [(one.edit.table, one.edit.what) for one in made if one.unseen] == []
    said = {(one.edit.table, one.edit.what): one.said for one in made}
    assert said["timescale", "next_prompt_at emptied"].endswith("was changed without the program")
    print(len(made), len(results))
