"""``make install``: what it says while it works, and that nothing pip complains of is kept from whoever waits."""

import re
import sys
from pathlib import Path

import pytest

import install

# A stand-in for the Python of the environment: it says what pip says, and leaves what pip leaves.
PIP = """#!{python}
import sys, time
from pathlib import Path
print("Collecting alembic==1 (from -r requirements.lock (line 1))", flush=True)
print("  Using cached alembic-1-py3-none-any.whl")
print("Installing collected packages: alembic", flush=True)
for name in {installed!r}:
    folder = Path({packages!r}) / name
    folder.mkdir(parents=True)
    (folder / "RECORD").write_text("")
time.sleep(1.5)
print("ERROR: hashes do not match: " + " ".join(sys.argv[1:4]), file=sys.stderr)
sys.exit({code})
"""
LOCK = """alembic==1.14.0 \\
    --hash=sha256:00
zope.interface==7.2 ; python_version < "4" \\
    --hash=sha256:00
"""


def stand_in(folder: Path, code: int = 0, installed: tuple[str, ...] = ()) -> Path:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    packages = str(folder / "lib" / "python3.11" / "site-packages")
    python.write_text(PIP.format(python=sys.executable, packages=packages, code=code, installed=installed))
    python.chmod(0o755)
    return python


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "requirements.lock"
    path.write_text(LOCK, encoding="utf-8")
    monkeypatch.setattr(install, "LOCK", path)


def test_every_package_of_the_lock_is_counted() -> None:
    lines = [line for line in install.LOCK.read_text(encoding="utf-8").splitlines() if re.match(r"\w", line)]
    wanted = install.locked_packages()
    assert len(wanted) == len(lines) > 100
    assert wanted <= install.installed_packages(Path(sys.prefix))


def test_each_step_is_a_line_with_its_seconds(lock: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    there = ("alembic-1.14.0.dist-info", "zope_interface-7.2.dist-info", "other-1.dist-info")
    venv = tmp_path / "venv"
    assert install.install_locked(stand_in(venv, installed=there), venv) == 0
    lines = capfd.readouterr().out.splitlines()
    assert all(re.match(r" *\d+ s  ", line) for line in lines)
    assert [line.partition(" s  ")[2] for line in lines] == [
        "fetching 2 packages, as requirements.lock names them",
        "installing them",
        "  2 of 2 installed; pip checks that they fit together",
    ]


def test_what_pip_complains_of_is_shown_and_its_code_kept(
    lock: None, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert install.install_locked(stand_in(tmp_path / "venv", code=3), tmp_path / "venv") == 3
    assert capfd.readouterr().err == "ERROR: hashes do not match: -m pip install\n"


def test_a_long_wait_is_told_of_and_a_short_one_is_not(capfd: pytest.CaptureFixture[str]) -> None:
    progress = install.Progress(100, "installed", "then")
    for number in (1, 19):
        progress.at(number)
    assert capfd.readouterr().out == ""
    progress.at(20)
    progress.told_at -= 11
    progress.at(21)
    assert [line.partition(" s  ")[2] for line in capfd.readouterr().out.splitlines()] == [
        "  20 of 100 installed", "  21 of 100 installed",
    ]  # fmt: skip
