"""Ours: the stage of the prompts, which asks the record what is due and writes it by the chunk. In our environment."""

from dataclasses import replace

from bench.fresh_record import AS_AT
from bench.rivals.work import Work
from tasks import prompts
from tasks.stage import run_stage
from tests.support.opened import opened

SMALL = 25
"""A chunk under kills: one of the usual size would hold everything, and be written or not."""


def add(work: Work, due: list[int], jobs: int) -> None:
    """Add nothing: the record itself says what is due."""
    del work, due, jobs


def run(work: Work) -> None:
    """Sweep; whoever waits for no number of prompts kills the sweep."""
    stage = prompts.STAGE if work.wanted else replace(prompts.STAGE, chunk=SMALL)
    run_stage(opened(work.url), stage, AS_AT)
    work.finished.set()
