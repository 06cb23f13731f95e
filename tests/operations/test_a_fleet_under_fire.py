"""Two clocks and three workers on one PostgreSQL, under load, killed at random: nothing lost, nothing twice.

``python -m bench.attack kills`` does it on both databases, and for longer.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.attack.kills import ENOUGH, under_fire
from tests.support.opened import opened
from tests.support.postgresql import copy_database, drop_database, with_database

SEED = 20260914
SECONDS = 9


@pytest.fixture
def two(postgresql_server: str) -> Iterator[tuple[str, str]]:
    """Two databases, each a copy of the template."""
    names = ("fleet_under_fire", "fleet_in_peace")
    for name in names:
        copy_database(postgresql_server, name)
    yield with_database(postgresql_server, names[0]), with_database(postgresql_server, names[1])
    for name in names:
        drop_database(postgresql_server, name)


@pytest.mark.slow
def test_a_fleet_whose_processes_are_killed_loses_nothing_and_does_nothing_twice(
    two: tuple[str, str], tmp_path: Path
) -> None:
    record, peace = (opened(url) for url in two)
    fire = under_fire(record, peace, tmp_path, SECONDS, SEED)
    assert fire.killed >= 10
    assert fire.sent_under_fire >= ENOUGH
    assert fire.states["sent"] >= fire.sent_under_fire - fire.killed
    assert (fire.lost, fire.doubled) == (0, 0)
    for one in (record, peace):
        one.close()
