"""The measurements of ``make bench``, at the smallest size at which they measure anything.

A rule that grows stricter refuses what a measurement has prepared: it is seen here, not once somebody measures.
"""

from pathlib import Path
from typing import Any

import pytest

from bench import growth, on_records
from bench.databases import Databases
from bench.measures import by_name
from bench.measuring import measure
from bench.sweeping import as_first_carried

OPEN, DUE = 40, 10
ON_ITS_OWN = {
    "load": (40,),
    "registrations": (20, 2),
    "london": (),
    "nation": (100,),
    "meetings": (10, 4, 2),
    "year": (12, 4, 20),
    "morning": (20, 5),
}
"""What begins with an empty database, and with what."""
OF_A_CASELOAD = {"looks": (), "empty_tick": (), "scrape": (2,)}
OF_A_HISTORY = ("indicators", "outcomes", "board", "bare_count")
TOGETHER = {"build", "sweep", "bare_sql", "plain_loop", "audit", "history", "commands"}
"""What the tests of a caseload, of a sweep and of a history measure on their way."""
ELSEWHERE = {"units", "profile", "serve", "desk", "prefect"}
"""The first two have tests of their own; the others start a server and wait for it, which takes up to a minute each."""


def found(name: str, *arguments: object) -> dict[str, Any]:
    """Measure, and return figures that ``make bench`` can print."""
    figures = by_name()[name](*map(str, arguments))
    assert figures
    assert all(isinstance(value, int | float | str | list | tuple) for value in figures.values()), figures
    return figures


def test_every_measurement_is_tried() -> None:
    tried = {*ON_ITS_OWN, *OF_A_CASELOAD, *OF_A_HISTORY, *TOGETHER, *ELSEWHERE, "render"}
    assert tried == set(by_name())


@pytest.mark.parametrize("name", ON_ITS_OWN)
def test_of_an_empty_database(name: str, tmp_path: Path) -> None:
    found(name, f"sqlite:///{tmp_path}/record.db", *ON_ITS_OWN[name])


def test_of_no_database() -> None:
    assert found("render", 5)["bytes"] > 0


def test_of_a_caseload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "ROUNDS", 1)
    url = f"sqlite:///{tmp_path}/record.db"
    found("build", url, OPEN, DUE)
    ran = found("commands", url, found("looks", url)["reference"])
    assert set(ran) == {"--help", "case list", "timescales", "case show"}
    for name, arguments in OF_A_CASELOAD.items():
        found(name, url, *arguments)


def test_of_a_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_records, "measure", found)
    its = Databases(str(tmp_path), None)
    once, twice = its.fresh(), its.fresh()
    for url, size in ((once, OPEN), (twice, 2 * OPEN)):
        measure("build", url, size, DUE)
    assert all(one["seconds"] > 0 for one in on_records.one_round(its, once, twice, DUE))
    assert on_records.audit_of_a_swept(its, once, DUE)["seconds"] > 0


def test_the_plain_loop_writes_a_message_before_the_prompts_that_it_carries() -> None:
    """PostgreSQL gives rows back in any order, and minds which is written first."""
    prompts = [{"message_id": one} for one in ("b", "a", "b", "c")]
    assert as_first_carried([{"id": one} for one in "abc"], prompts) == [{"id": one} for one in "bac"]


def test_of_a_history(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    found("history", url, 30)
    for name in OF_A_HISTORY:
        found(name, url)
