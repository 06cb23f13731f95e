"""``make bench``: every measurement on SQLite and PostgreSQL, in one table beside what was promised.

What is timed is run three times, each on a copy of its own: the table has the median with the lowest and the highest.
Where a promise does not hold, a profile by layer says where the time goes.

``--quick`` runs a tenth of every size (the table says so): to see that the benchmark itself works. ``--only`` names
the parts that are to be measured.
"""

import argparse
import json
from collections.abc import Callable

from bench import on_records, on_the_whole
from bench.databases import Databases, databases
from bench.measuring import Scale
from bench.profiles import print_profiles
from bench.rivals.rows import rivals
from bench.table import Row, show

OnBoth = Callable[[str, Databases, Scale], list[Row]]
ON_BOTH: dict[str, OnBoth] = {
    "loads": on_records.loads,
    "sweeps": on_records.sweeps,
    "meetings": on_records.meetings,
    "reports": on_records.reports,
    "nation": on_records.nation,
    "rivals": rivals,
}
ON_ONE = ("morning", "alone", "serving")


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of every size")
    parser.add_argument("--rounds", type=int, default=3, help="how often what is timed is run (3)")
    parser.add_argument("--only", action="append", choices=(*ON_BOTH, *ON_ONE), help="measure this part alone")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON too")
    options = parser.parse_args()
    scale = Scale(10 if options.quick else 1, max(1, options.rounds))
    with databases() as kinds:
        rows = measured(kinds, scale, options.only or (*ON_BOTH, *ON_ONE))
        show(rows, scale.part, scale.rounds)
        print_profiles(rows, kinds, scale)
    if options.json:
        print(json.dumps([row.as_json() for row in rows]))


def measured(kinds: dict[str, Databases], scale: Scale, parts: tuple[str, ...] | list[str]) -> list[Row]:
    """Return the rows of the parts that were asked for."""
    rows: list[Row] = []
    for kind, its in kinds.items():
        for name, part in ON_BOTH.items():
            rows += part(kind, its, scale) if name in parts else []
    rows += on_the_whole.morning(kinds["PostgreSQL"], scale) if "morning" in parts else []
    rows += on_the_whole.alone(kinds["SQLite"], scale) if "alone" in parts else []
    rows += on_the_whole.serving(scale) if "serving" in parts else []
    return rows


if __name__ == "__main__":
    main()
