"""How long the figures of a whole nation take: indicators and outcomes of a year, all areas added up; the board's pack.

Beside the year stands the same year counted by one statement of the database alone, without areas, levels or days late:
what reading the timescales costs whoever does it. Each is run by ``bench.measures`` in a process of its own.
"""

import time
from typing import Any

from sqlalchemy import text

from bench import nation
from bench.fresh_record import fresh
from bench.memory import peak_mb
from figures.annual.report import areas_on_record
from figures.board.report import board_pack
from figures.indicators.report import indicator_report
from figures.outcomes.report import outcome_report
from figures.periods import quarter, year
from policy.calendar import london_date
from tests.support.opened import opened

YEAR, LAST_QUARTER = year("2027"), quarter("2027-Q4")
TODAY = london_date(nation.TOLD_AT)
BARE = (
    "SELECT kind, state, COUNT(*) FROM timescale WHERE due_on BETWEEN '2026-04-01' AND '2027-03-31' "
    "GROUP BY kind, state"
)


def make(url: str, cases: str) -> dict[str, Any]:
    """Make the record; not a measurement."""
    return nation.build(fresh(url), int(cases))


def indicators(url: str) -> dict[str, Any]:
    """Count every indicator of the year, by month, quarter, area, unit, agency and level, and make its tables."""
    record = opened(url)
    with record.reading() as session:
        start = time.perf_counter()
        made = indicator_report(session, YEAR, TODAY, areas_on_record(session))
        seconds = time.perf_counter() - start
    assert made.table("indicators").value("level_1_review", "of"), "nothing was counted"
    return {"seconds": seconds, "mb": peak_mb()}


def outcomes(url: str) -> dict[str, Any]:
    """Count every outcome of the year, and make its tables."""
    record = opened(url)
    with record.reading() as session:
        start = time.perf_counter()
        made = outcome_report(session, YEAR, TODAY, areas_on_record(session))
        seconds = time.perf_counter() - start
    assert made.table("outcomes").value("recall", "of"), "nothing was counted"
    return {"seconds": seconds, "mb": peak_mb()}


def board(url: str) -> dict[str, Any]:
    """Make the board's pack of the last quarter of the year: of one area, and of all added up."""
    record = opened(url)
    with record.reading() as session:
        areas = areas_on_record(session)
        times = {}
        for name, some in (("one", areas[:1]), ("all", areas)):
            start = time.perf_counter()
            made = board_pack(session, LAST_QUARTER, TODAY, some)
            times[name] = time.perf_counter() - start
    assert made.table("since_review").value("total", "total"), "nothing was counted"
    return times | {"mb": peak_mb()}


def bare(url: str) -> dict[str, Any]:
    """Count the timescales of the year by kind and state: the least that reading them costs."""
    record = opened(url)
    with record.reading() as session:
        start = time.perf_counter()
        session.execute(text(BARE)).all()
        return {"seconds": time.perf_counter() - start}
