"""A short run of the attack on the forms, on both databases: ``python -m bench.attack forms`` makes the whole of it."""

from pathlib import Path

import pytest

from bench.attack.forms import attack
from bench.attack.on_a_record import prepared
from models.record import Record

TRIES = 120


@pytest.mark.slow
def test_nothing_breaks_nothing_is_lost_and_every_refusal_names_its_field(record: Record, tmp_path: Path) -> None:
    prepared(record, tmp_path)
    counts = attack(record, tmp_path, tries=TRIES, seed=2026)
    assert not counts.faults, counts.examples
    assert counts.tried == TRIES
    assert counts.named > TRIES // 2
    assert dict(counts.rows())["forms lost"] == 0
