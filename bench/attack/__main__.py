"""``python -m bench.attack PART``: try one part of the attack, and print what came of it.

``edits``: the database is changed past the program, as somebody can who may write it and has no key.
"""

import argparse
import sys

from bench.attack import edits

PARTS = {"edits": edits.main}


def main() -> None:
    """Run the part that is asked for; end with 1 where something went by unseen."""
    parser = argparse.ArgumentParser(prog="python -m bench.attack")
    parser.add_argument("part", choices=PARTS)
    if not PARTS[parser.parse_args().part]():
        sys.exit(1)


if __name__ == "__main__":
    main()
