"""The environment of the rivals, apart from the project's: made when it is first asked for, from a lock of its own."""

import subprocess
import sys
from pathlib import Path

from install import PIP

ROOT = Path(__file__).parent.parent.parent
LOCK = ROOT / "requirements.bench.lock"
FOLDER = ROOT / ".venv-bench"
PATIENCE = ("--retries", "1", "--timeout", "30")
"""Of pip: without a network the benchmark is to go on soon."""


def python_of_the_rivals(folder: Path = FOLDER, lock: Path = LOCK) -> Path | None:
    """Return the Python that has what the lock names, or nothing where it cannot be installed: pip has said why."""
    python, installed = folder / "bin" / "python", folder / "installed.lock"
    wanted = lock.read_text(encoding="utf-8")
    if installed.exists() and installed.read_text(encoding="utf-8") == wanted:
        return python
    steps = (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), *PIP, "--quiet", *PATIENCE, "--require-hashes", "-r", str(lock)],
    )
    for words in steps:
        # What it prints would stand between the rows that `--json` prints.
        if subprocess.call(words, stdout=sys.stderr):
            return None
    installed.write_text(wanted, encoding="utf-8")
    return python
