"""The record is changed past the program, and every change is noticed (``python -m bench.attack edits``)."""

from pathlib import Path

from bench.attack.edits import attacked, tried
from bench.attack.of_the_trail import edits_of_the_trail
from models.record import Record


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
