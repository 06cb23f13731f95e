"""The packages that are handed on: the wheel holds everything that runs, installs and says its version."""

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.environment import without_settings
from tests.support.sources import ROOMS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LEFT_OUT = {"__pycache__", "node_modules"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source package."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=ROOT, check=True,
                   capture_output=True, timeout=120)  # fmt: skip
    return folder


def test_the_wheel_has_every_file_of_every_room(built: Path) -> None:
    [path] = built.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        held = set(wheel.namelist())
    files = (one for room in (*ROOMS, "migrations") for one in (ROOT / room).rglob("*") if one.is_file())
    wanted = {str(one.relative_to(ROOT)) for one in files if LEFT_OUT.isdisjoint(one.parts)}
    assert wanted - held == set()
    assert {"policy/data/p2012.toml", "migrations/versions/0001_first_light.py", "web/desk/templates/load.html"} <= held
    assert f"mappa-{PROJECT['version']}.dist-info/licenses/LICENSE" in held
    assert not any(name.startswith(("tests/", "docs/", "bench/")) for name in held)


def test_the_source_package_has_what_it_takes_to_build_and_to_check_it(built: Path) -> None:
    [path] = built.glob("*.tar.gz")
    with tarfile.open(path) as source:
        held = {name.partition("/")[2] for name in source.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "CHANGELOG.md", "requirements.lock", "tests/conftest.py"} <= held


@pytest.mark.parametrize("package", ["*.whl", "*.tar.gz"], ids=["wheel", "source"])
def test_an_installed_package_says_its_version(built: Path, tmp_path: Path, package: str) -> None:
    """Without the network, and with nothing of the sources beside it."""
    [path] = built.glob(package)
    home = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
         "--no-compile", "--target", home, path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    said = subprocess.run(
        [sys.executable, home / "bin" / "mappa", "--version"], cwd=tmp_path, check=True, capture_output=True,
        text=True, timeout=60, env=without_settings() | {"PYTHONPATH": str(home), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert said.stdout == f"mappa {PROJECT['version']}\n"
    where = subprocess.run(
        [sys.executable, "-c", "import cli.app, policy.book; print(cli.app.__file__, policy.book.__file__)"],
        cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60,
        env=without_settings() | {"PYTHONPATH": str(home)},
    )  # fmt: skip
    assert where.stdout.split() == [f"{home}/cli/app.py", f"{home}/policy/book.py"]
