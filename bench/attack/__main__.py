"""``python -m bench.attack PART``: try one part of the attack, and print what came of it.

``doors``: every door of a running program is tried by somebody who does not belong.
``edits``: the database is changed past the program, as somebody can who may write it and has no key.
``files``: every file with every odd cell in every column. ``forms``: every form with every odd value in every field.
``kills``: processes at work on one record are killed at random, for ``--seconds``.

``--tries N --seed S``: N of all tries of the forms, drawn by a seed. ``--only sqlite`` or ``--only postgresql``: the
files and forms on one database.
"""

import argparse
import sys
from collections.abc import Callable

from bench.attack import doors, edits, files, forms, kills
from bench.attack.on_a_record import held

PARTS = ("doors", "edits", "files", "forms", "kills")


def main() -> None:
    """Run the part that is asked for; end with 1 where something went by unseen, broke, or was lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.attack")
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--tries", type=int)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    parts: dict[str, Callable[[], bool]] = {
        "doors": doors.main,
        "edits": edits.main,
        "files": lambda: held("files", files.attack, options.only),
        "forms": lambda: held("forms", forms.attack, options.only, tries=options.tries, seed=options.seed),
        "kills": lambda: kills.main(options.seconds, options.seed),
    }
    if not parts[options.part]():
        sys.exit(1)


if __name__ == "__main__":
    main()
