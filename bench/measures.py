"""The measurements, each in a process of its own: ``python -m bench.measures NAME URL`` prints one JSON line.

A process of its own gives each an honest peak of memory, and no warm cache from the one before.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from assurance.invariants import INVARIANTS
from bench import caseload
from bench.fresh_record import AS_AT, EARLY, fresh, settle
from tasks import assurance
from tasks.registry import STAGES
from tasks.stage import run_stage, stages_with_work
from tests.support.opened import opened


def build(url: str, timescales: str, due: str) -> dict[str, Any]:
    """Make a caseload; not a measurement."""
    record = fresh(url)
    start = time.perf_counter()
    caseload.build(record, int(timescales), int(due), AS_AT)
    return {"seconds": time.perf_counter() - start}


def empty_tick(url: str) -> dict[str, Any]:
    """Ask every stage what waits when nothing does: 200 ticks, in milliseconds of the clock and of the processor."""
    record = opened(url)
    settle(record)
    times = []
    used = time.process_time()
    for _ in range(200):
        start = time.perf_counter()
        found = stages_with_work(record, STAGES.values(), EARLY)
        times.append(time.perf_counter() - start)
        assert not found, found
    each = (time.process_time() - used) / len(times)
    return {"milliseconds": sorted(times)[100] * 1000, "of_the_processor": each * 1000}


def audit(url: str) -> dict[str, Any]:
    """Look at every invariant of a caseload, once."""
    record = opened(url)
    start = time.perf_counter()
    report = run_stage(record, assurance.STAGE, AS_AT)
    seconds = time.perf_counter() - start
    assert report.count("done") + report.count("failed") == len(INVARIANTS)
    return {"seconds": seconds}


def scrape(url: str, prompts_each: str) -> dict[str, Any]:
    """Give each timescale so many prompts, then look at the metrics: the first look, and the median of nine more."""
    from service.metrics import OfTheRecord

    record = opened(url)
    caseload.raise_earlier(record, int(prompts_each), AS_AT)
    collector = OfTheRecord(record, lambda: AS_AT, kept_seconds=0)
    times = []
    for _ in range(10):
        start = time.perf_counter()
        found = list(collector.collect())
        times.append(time.perf_counter() - start)
        assert len(found) > 2, found
    return {"first": times[0], "seconds": sorted(times[1:])[4]}


def by_name() -> dict[str, Callable[..., dict[str, Any]]]:
    """Return every measurement by its name."""
    from bench import (
        annual,
        desk,
        figures,
        growth,
        loads,
        meetings,
        national,
        others,
        profiles,
        rendering,
        serving,
        sweeping,
    )
    from bench.rivals import units

    return {
        "load": loads.load,
        "registrations": loads.registrations,
        "build": build,
        "sweep": sweeping.sweep,
        "bare_sql": sweeping.bare_sql,
        "plain_loop": sweeping.plain_loop,
        "units": units.make,
        "profile": profiles.profile,
        "looks": growth.looks,
        "commands": growth.commands,
        "empty_tick": empty_tick,
        "audit": audit,
        "scrape": scrape,
        "london": annual.london,
        "nation": annual.nation,
        "desk": desk.pages,
        "serve": serving.serve,
        "render": rendering.render_all,
        "meetings": meetings.prepare,
        "morning": national.morning,
        "year": meetings.year,
        "history": figures.make,
        "indicators": figures.indicators,
        "outcomes": figures.outcomes,
        "board": figures.board,
        "bare_count": figures.bare,
        "prefect": others.prefect_flow_a_case,
    }


def main() -> None:
    """Run one measurement by its name."""
    print(json.dumps(by_name()[sys.argv[1]](*sys.argv[2:])))


if __name__ == "__main__":
    main()
