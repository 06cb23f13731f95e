"""Bring a whole fleet up as plain processes of this machine, and keep it up until Ctrl-C.

    python -m deploy.processes [--postgresql URL] [--redis HOST:PORT] [--workers 3] [--folder var/fleet]

PostgreSQL and Redis are found and started, unless they are named. What is missing is said, with what the fleet goes on
without. Whatever ends is started again after ten seconds.
"""

import argparse
import sys
import time
from pathlib import Path

from deploy.processes.plan import Wanted
from deploy.processes.up import Fleet, fleet_up
from policy.errors import MappaError
from service.stopping import StopAsked, say

CHECK_SECONDS = 60.0


def options() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", metavar="URL", help="a server that runs; its user may make databases")
    parser.add_argument("--redis", metavar="HOST:PORT", help="a Redis that runs")
    parser.add_argument("--servers", type=int, default=Wanted.servers, help="API servers of Prefect (default: 2)")
    parser.add_argument("--workers", type=int, default=Wanted.workers, help="default: 3")
    parser.add_argument("--clocks", type=int, default=Wanted.clocks, help="default: 2")
    parser.add_argument("--prefect-python", type=Path, default=Path(sys.executable), metavar="PROGRAM",
                        help="the Python that has prefect-redis, where it is not this one")  # fmt: skip
    parser.add_argument("--folder", type=Path, default=Path("var/fleet"), help="default: var/fleet")
    parser.add_argument("--check", action="store_true", help="bring it up, see that all of it works, and end")
    return parser.parse_args()


def main() -> int:
    """Bring it up and keep it; 1 where it does not come up."""
    asked, stop = options(), StopAsked()
    wanted = Wanted(asked.servers, asked.workers, asked.clocks, prefect_python=asked.prefect_python)
    stop.listen()
    try:
        with fleet_up(wanted, asked.folder.absolute(), say, asked.postgresql, asked.redis) as fleet:
            if asked.check:
                return checked(fleet, stop)
            say(f"desk: http://127.0.0.1:{fleet.plan.ports.desk}; Ctrl-C stops it all")
            while not stop.wait(1):
                pass
    except MappaError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    say("stopped")
    return 0


def checked(fleet: Fleet, stop: StopAsked) -> int:
    """See that every worker is known to Prefect and that nothing has ended; 1 where that is not so after a while."""
    lacking = fleet.lacking()
    end = time.monotonic() + CHECK_SECONDS
    while lacking and not stop.is_set() and time.monotonic() < end:
        stop.wait(1)
        lacking = fleet.lacking()
    ended = [f"{name} ended with {code}" for name, code in fleet.keeper.ended]
    for line in [*lacking, *ended]:
        say(line)
    say("all of it works" if not lacking and not ended else f"it does not work: see {fleet.keeper.folder}")
    return int(bool(lacking or ended))


if __name__ == "__main__":
    sys.exit(main())
