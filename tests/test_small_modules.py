"""Modules stay small enough to be read in one go."""

from tests.support.sources import ROOMS, ROOT

LINES = 400


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    """A longer one holds two things that a newcomer looks for in two places: split it there."""
    modules = [ROOT / "install.py"]
    for room in (*ROOMS, "migrations", "bench", "deploy", "docs", "tests"):
        modules += (ROOT / room).rglob("*.py")
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in modules}
    assert {name: lines for name, lines in lengths.items() if lines > LINES} == {}
