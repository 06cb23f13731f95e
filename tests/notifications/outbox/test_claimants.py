"""Who holds a claim, and whether it is known to be dead: a process of this machine alone, by its number and start."""

import os
import subprocess
import sys
from uuid import UUID

from notifications.outbox.claimants import in_the_run, is_dead, machine, new_claimant, run_of, started

RUN = UUID("0190e2a4-0000-7000-8000-00000000abcd")
COLUMN = 80


def test_this_process_lives_and_names_the_run_it_works_in_and_each_round_apart() -> None:
    with in_the_run(str(RUN)):
        one, other = new_claimant(), new_claimant()
    assert one != other
    assert (is_dead(one), run_of(one), run_of(new_claimant())) == (False, RUN.hex, None)
    assert len(one) <= COLUMN


def test_a_process_that_ended_is_dead_and_so_is_one_whose_number_another_has_now() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        claimant = f"host:{machine()}:{process.pid}:{started(process.pid)}:-:00ff00ff"
        assert not is_dead(claimant)
        process.kill()
        # Ended, and nobody has asked after it yet.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert is_dead(claimant)
    assert is_dead(claimant)
    assert is_dead(f"host:{machine()}:{os.getpid()}:1:-:00ff00ff")


def test_of_another_machine_and_of_an_earlier_version_nothing_is_known() -> None:
    assert not is_dead("host:ffffffff:999999:1:-:00ff00ff")
    assert not is_dead("host:4711:0123456789ab")
    assert not is_dead("dead")
