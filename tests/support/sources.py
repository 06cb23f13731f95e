"""The text of the product, for tests of what may stand in it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "policy", "models", "casework", "notifications", "assurance", "views", "figures", "tasks", "flows", "web",
    "service", "sample", "cli",
)  # fmt: skip


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module of the product, by its file."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))
