"""A plain loop: what is due is asked of the database once, and written one by one, a transaction each."""

from bench.rivals.work import Work, connect

DUE = (
    "SELECT id FROM timescale WHERE next_prompt_at <= '2026-11-23 08:30:00+00' AND state IN ('open', 'missed') "
    "ORDER BY next_prompt_at, id"
)
"""The moment of ``bench.fresh_record``."""


def add(work: Work, due: list[int], jobs: int) -> None:
    """Add nothing: the record itself says what is due."""
    del work, due, jobs


def run(work: Work) -> None:
    """Write what is due."""
    with connect(work.url) as connection:
        numbers = [number for (number,) in connection.execute(DUE)]
    for number in numbers:
        work.write(number)
