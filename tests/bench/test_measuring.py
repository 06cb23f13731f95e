"""Some runs of a measurement, and how they are put together."""

import pytest

from bench import measuring
from bench.measuring import Runs, Scale, repeat_on


def test_sizes_are_divided_and_never_nothing() -> None:
    assert (Scale(10).of(500), Scale(10).of(3), Scale().of(3)) == (50, 1, 3)


def test_ratios_are_taken_run_by_run() -> None:
    ours, theirs = Runs([{"seconds": 4.0}, {"seconds": 9.0}]), Runs([{"seconds": 2.0}, {"seconds": 3.0}])
    assert ours.ratio("seconds", theirs) == [2.0, 3.0]
    assert (ours.of("seconds"), ours.last("seconds")) == ([4.0, 9.0], 9.0)


def test_each_run_has_a_new_copy_which_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    class Numbered:
        def __init__(self) -> None:
            self.made: list[str] = []
            self.dropped: list[str] = []

        def fresh(self, of: str | None = None) -> str:
            self.made.append(f"{of} {len(self.made)}")
            return self.made[-1]

        def drop(self, url: str) -> None:
            self.dropped.append(url)

    its = Numbered()
    monkeypatch.setattr(measuring, "measure", lambda name, url, size: {"told": (name, url, size)})
    runs = repeat_on(its, Scale(rounds=3), "sweep", 7, of="once")  # type: ignore[arg-type]
    assert runs.of("told") == [("sweep", f"once {number}", 7) for number in range(3)]
    assert its.dropped == its.made
