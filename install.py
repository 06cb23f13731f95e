"""Install mappa into a virtual environment from the lock file, a line a step with the seconds since it began.

``make install`` runs it: ``python3.11 install.py .venv``. It needs nothing but Python. What pip complains of is shown
as pip says it; on a slow disk, where nothing happens for minutes otherwise, it says how far it has come.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

PROJECT = Path(__file__).resolve().parent
LOCK = PROJECT / "requirements.lock"
PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-input")
PLACE = re.compile(r"(-py3\.\d+)?\.(dist|egg)-info$", re.ASCII)
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
PACKAGES_A_LINE, SECONDS_A_LINE = 20, 10
BEGUN = time.monotonic()


def say(line: str) -> None:
    """Print a line with the seconds since the installation began."""
    sys.stdout.write(f"{time.monotonic() - BEGUN:4.0f} s  {line}\n")
    sys.stdout.flush()


class Progress:
    """How many of the packages have come so far: a line every 20 packages, and at least every 10 seconds."""

    def __init__(self, total: int, word: str, then: str) -> None:
        """Begin with none. ``word``: what has happened to those that have come; ``then``: what comes after the last."""
        self.total, self.word, self.then = total, word, then
        self.told, self.told_at = 0, time.monotonic()

    def at(self, number: int) -> None:
        """Say how many there are now, if that is worth a line."""
        if self.told == self.total:
            return
        waited = time.monotonic() - self.told_at
        if number == self.total or number - self.told >= PACKAGES_A_LINE or waited >= SECONDS_A_LINE:
            last = f"; {self.then}" if number == self.total else ""
            say(f"  {number} of {self.total} {self.word}{last}")
            self.told, self.told_at = number, time.monotonic()


def normal(name: str) -> str:
    """Return the one writing of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked_packages() -> set[tuple[str, str]]:
    """Return name and version of every package of the lock file."""
    return {(normal(name), version) for name, version in LOCKED.findall(LOCK.read_text(encoding="utf-8"))}


def installed_packages(venv: Path) -> set[tuple[str, str]]:
    """Return name and version of every package that is wholly there: pip writes the list of its files last.

    Of a package without a wheel an older pip leaves that list in another folder.
    """
    found = set()
    for listed in ("*.dist-info/RECORD", "*.egg-info/installed-files.txt"):
        for path in venv.glob(f"lib/python*/site-packages/{listed}"):
            name, _, version = PLACE.sub("", path.parent.name).rpartition("-")
            found.add((normal(name), version))
    return found


def every_second(look: Callable[[], None], until: Event) -> None:
    """Look each second until something is over."""
    while not until.wait(1):
        look()


def install_locked(python: Path, venv: Path) -> int:
    """Install what the lock file names, telling how far it has come; return pip's exit code."""
    wanted = locked_packages()
    say(f"fetching {len(wanted)} packages, as {LOCK.name} names them")
    fetched = Progress(len(wanted), "fetched", "pip chooses")
    there = Progress(len(wanted), "installed", "pip checks that they fit together")
    seen, installing, over = 0, Event(), Event()

    def look() -> None:
        if installing.is_set():
            there.at(len(wanted & installed_packages(venv)))
        else:
            fetched.at(seen)

    watch = Thread(target=every_second, args=(look, over), daemon=True)
    watch.start()
    words = [str(python), *PIP, "--progress-bar", "off", "--require-hashes", "-r", str(LOCK)]
    # Only what pip says in the course of things is read here; errors and warnings go past it to the terminal.
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, bufsize=1) as pip:
        for line in pip.stdout or ():
            seen += line.startswith(("Collecting ", "Requirement already satisfied"))
            if line.startswith("Installing collected packages"):
                say("installing them")
                there.told_at = time.monotonic()
                installing.set()
    over.set()
    watch.join()
    return pip.returncode


def install(venv: Path) -> int:
    """Make the environment, install what is locked, and mappa itself; return the exit code of what failed, or 0."""
    say(f"creating the environment {venv}")
    if code := subprocess.call([sys.executable, "-m", "venv", str(venv)]):
        return code
    python = venv / "bin" / "python"
    if code := install_locked(python, venv):
        return code
    say("installing mappa")
    words = [str(python), *PIP, "--quiet", "--no-deps", "--no-build-isolation", "-e", str(PROJECT)]
    if code := subprocess.call(words):
        return code
    say("building the style sheet of the desk")
    if code := subprocess.call([str(python), "-m", "web.assets.build"], cwd=PROJECT):
        return code
    say("installed")
    return 0


if __name__ == "__main__":
    code = install(Path(sys.argv[1]))
    if code:
        say(f"not installed: the last step ended with code {code}; what it said stands above")
    sys.exit(code)
