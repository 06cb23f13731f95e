"""A rival at work, in a process of the rivals' own environment.

    python -m bench.rivals.worker NAME add URL WORK_FILE JOBS
    python -m bench.rivals.worker NAME run URL WORK_FILE [WANTED]

``add`` makes its store with a job for each prompt that is due, and further ones for a day far ahead, up to JOBS of
them. ``run`` does what is due until WANTED are written, or for ever; it prints how long that took, as JSON.
"""

import json
import logging
import os
import sys
import time
from importlib import import_module

from bench.rivals.work import Work

GIVE_UP_SECONDS = 300


def main() -> None:
    """Add the jobs, or run what is due."""
    name, what, url, work_file, *number = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    rival = import_module(f"bench.rivals.{name}")
    work = Work(url, work_file, int(number[0]) if what == "run" and number else None)
    start, used = time.perf_counter(), time.process_time()
    if what == "add":
        rival.add(work, sorted(work.statements), int(number[0]))
        told: dict[str, float | bool] = {"seconds": time.perf_counter() - start}
    else:
        rival.run(work)
        done = work.finished.wait(GIVE_UP_SECONDS if work.wanted else None)
        told = {"seconds": time.perf_counter() - start, "of_the_processor": time.process_time() - used, "done": done}
    print(json.dumps(told), flush=True)
    # Its threads wait for more work: nothing more comes.
    os._exit(0)


if __name__ == "__main__":
    main()
