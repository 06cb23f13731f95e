"""The record is changed past the program, and every change is noticed (``python -m bench.attack edits``)."""

from pathlib import Path

from bench.attack.edits import attacked, filled, tried
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


def test_edits_of_the_tables_are_noticed(record: Record, tmp_path: Path) -> None:
    """Each ninth of what ``python -m bench.attack edits`` tries, and those by which somebody is never prompted."""
    attacked(record, tmp_path)
    edits = filled(record)
    some = [one for one in edits[::9] if one.table != "timescale"] + [one for one in edits if one.table == "timescale"]
    made = [one for one in tried(record, tmp_path / "witness.jsonl", some) if not one.refused]
    assert len({one.edit.table for one in made}) > 30
    assert [(one.edit.table, one.edit.what) for one in made if one.unseen] == []
    said = {one.edit.what: one.said for one in made if one.edit.table == "timescale"}
    assert said["next_prompt_at emptied"].endswith("was changed")
    assert said["row deleted"].endswith("was deleted")
