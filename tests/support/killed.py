"""Work in a process of its own that may kill itself at a named point: SIGKILL leaves nothing to clean up with.

The process is forked, so that a test of a dozen kills does not pay a dozen times for importing everything;
it opens its own database connections and ends without running anything of its parent's.
"""

import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from models import checkpoints
from tasks.registry import STAGES
from tasks.stage import run_stage
from tests.support.opened import opened


def start(function: Callable[[], None]) -> int:
    """Start a function in a process of its own; return its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        function()
        code = 0
    except BaseException:  # noqa: BLE001  whatever it is, the process must end here and say so
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a process; return its exit code, negative the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_at(point: str, occurrence: int) -> None:
    """Have this process kill itself when it comes to a point for the so-manieth time."""
    left = occurrence

    def kill_here(reached: str) -> None:
        nonlocal left
        if reached == point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    checkpoints.on_checkpoint = kill_here


def work(
    url: str, stage: str, moment: datetime, point: str = "", occurrence: int = 1, chunk: int = 5, **environment: str
) -> int:
    """Run one stage in a process of its own, killed at a point if one is named; return its exit code."""

    def run() -> None:
        os.environ.update(environment)
        die_at(point, occurrence)
        record = opened(url)
        run_stage(record, replace(STAGES[stage], chunk=chunk), moment)

    return ended(start(run))
