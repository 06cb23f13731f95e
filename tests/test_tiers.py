"""``make check`` runs what it says: each test that it names is there, once; and what is shared is shared."""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.groups import GROUPS
from tests.support.tiers import ONE_OF_EACH

TESTS = Path(__file__).parent


def test_each_test_of_the_quick_tier_is_there_once() -> None:
    found: Counter[str] = Counter()
    for path in TESTS.rglob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.update(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    assert {name: found[name] for name in ONE_OF_EACH} == dict.fromkeys(ONE_OF_EACH, 1)


def test_each_file_of_a_group_is_there() -> None:
    assert {path.name for path in TESTS.rglob("test_*.py")} >= GROUPS.keys()


def test_tests_that_share_something_come_to_one_process(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """pytest-xdist hands out tests through what ``conftest`` gives it: two processes, and one of them has the group."""
    # The others take so long that the process which had the group comes to have some of them too.
    for name, seconds in (("test_five_years.py", 0), ("test_other.py", 0.4)):
        (tmp_path / name).write_text("import os, pytest, time\n@pytest.mark.parametrize('n', range(8))\n"
                                     f"def test_it(n):\n    time.sleep({seconds})\n"
                                     "    open(f'{__file__}.{os.getpid()}', 'w')\n")  # fmt: skip
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_xdist_make_scheduler\n")
    words = [sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    subprocess.run(words, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert len(list(tmp_path.glob("test_five_years.py.*"))) == 1
    assert len(list(tmp_path.glob("test_other.py.*"))) == 2
