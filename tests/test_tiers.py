"""``make check`` runs what it says: each test that it names is there, once."""

import ast
from collections import Counter
from pathlib import Path

from tests.support.tiers import ONE_OF_EACH


def test_each_test_of_the_quick_tier_is_there_once() -> None:
    found: Counter[str] = Counter()
    for path in Path(__file__).parent.rglob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.update(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    assert {name: found[name] for name in ONE_OF_EACH} == dict.fromkeys(ONE_OF_EACH, 1)
