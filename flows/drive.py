"""What every flow of a stage shares: ask what waits, do it chunk by chunk, tell what came of it.

A run whose cases failed ends Completed, under the name CompletedWithFailures: each was set aside with its next
try, so there is nothing to repeat. Only a stage that could not run at all fails.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from prefect import get_run_logger
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed

from flows.happenings import emit_events
from flows.ticket import TICKET, Ticket
from tasks.chunks import FlowRun, how_many_wait, run_reported
from tasks.moments import local_minute, moment_of
from tasks.pacing import Halted
from tasks.registry import STAGES
from tasks.stage import Outcome, StageReport

Row = dict[str, str]
ROWS = 200
"""Rows of a table of cases at most: a table is for looking at, the record has them all (mappa problems)."""


def run_name(stage: str) -> Callable[[], str]:
    """Return what names the runs of a stage: 'pre_release · all areas · 37 cases · 2026-07-10 08:00'."""

    def name() -> str:
        parameters = flow_run.parameters
        as_at, area = moment_of(parameters["as_at"]), parameters["area"]
        try:
            count = counted(how_many_wait(stage, as_at, area), stage)
        except Exception:  # noqa: BLE001  the run itself will meet it, and says what may be said of it
            count = f"unknown {STAGES[stage].noun}"
        return " · ".join(
            [stage, area or "all areas", count, local_minute(as_at), *(["dry run"] if parameters["dry_run"] else [])]
        )

    return name


def counted(number: int, stage: str) -> str:
    """Return a number of what a stage is about: '1 case', '37 cases'."""
    noun = STAGES[stage].noun if stage in STAGES else "steps"
    return f"{number} {noun.removesuffix('s') if number == 1 else noun}"


Work = Callable[[Halted], tuple[StageReport, int]]
"""The work of a run: returns its report, and how many it left as the program stops."""
Every = Callable[[Outcome], Row]
"""Makes the rows of one more table, of everything that was looked at and not only of what was not done."""


def drive(
    stage: str, as_at: datetime | None, area: str | None, dry_run: bool, every: Every | None = None
) -> State[Any]:
    """Run a stage as the flow run in whose context this stands; return the state it ends in."""

    def work(halted: Halted) -> tuple[StageReport, int]:
        run = FlowRun(flow_run.id, tuple(flow_run.tags))
        report, left = run_reported(stage, moment_of(as_at), area, dry_run, halted, run)
        if not dry_run:
            emit_events(report, left)
        return report, left

    return under_ticket(work, area or "all areas", every)


def under_ticket(work: Work, about: str, every: Every | None = None) -> State[Any]:
    """Do the work of a flow run where its ticket is still to be had; show what came of it, return its state."""
    ticket = TICKET.get() or Ticket()
    if not ticket.take():
        return Cancelled(message="Prefect was slow, so the work was done without it")
    try:
        ticket.report, ticket.left = work(ticket.halted)
    except Exception as error:
        ticket.error = error
        raise
    finally:
        ticket.worked.set()
    show(ticket.report, about, ticket.left, every)
    return ending(ticket.report, ticket.left)


def ending(report: StageReport, left: int) -> State[Any]:
    """Return the state a run ends in; its message tells the counts."""
    message = summary_of(report, left)
    if left:
        return Completed(name="StoppedEarly", message=message)
    if report.count("failed"):
        return Completed(name="CompletedWithFailures", message=message)
    return Completed(message=message)


def summary_of(report: StageReport, left: int) -> str:
    """Return the counts of a run in one sentence."""
    counts = ", ".join(f"{report.count(result)} {result}" for result in ("done", "skipped", "failed"))
    rest = f"; {left} left to the next run, as the program was stopping" if left else ""
    return f"{counted(report.waited, report.stage)} waited: {counts}{rest}"


def show(report: StageReport, where: str, left: int, every: Every | None = None) -> None:
    """Write the tables of a run: what came of it, and the cases that failed or were skipped.

    The work is done and recorded by now; a table that cannot be written is no reason for the run to fail.
    """
    about = f"{where}, as at {local_minute(report.as_at)} (Europe/London). {summary_of(report, left)}."
    key = report.stage.replace("_", "-")
    done = [o for o in report.outcomes if o.result == "done"]
    unfinished = [o for result in ("failed", "skipped") for o in report.outcomes if o.result == result]
    try:
        create_table_artifact(list(overview(report, left)), key=f"{key}-outcome", description=f"{key}: {about}")
        show_rows(unfinished, row, f"{key}-not-done", f"{key}, what was not done: {about}")
        for one in [o for o in report.outcomes if o.figures][:ROWS]:
            show_figures(one, key)
        if every is None:
            show_rows(done, done_row, f"{key}-done", f"{key}, what was done: {about}")
        elif report.outcomes:
            create_table_artifact(
                [every(o) for o in report.outcomes[:ROWS]],
                key=f"{key}-all",
                description=f"{key}, all that was looked at: {about}",
            )
    except Exception as error:  # noqa: BLE001
        get_run_logger().warning("The tables of this run could not be written (%s)", type(error).__name__)


def show_rows(outcomes: Sequence[Outcome], as_row: Every, key: str, about: str) -> None:
    """Write a table of outcomes, each with its case reference; none where there are none."""
    if outcomes:
        cut = f" The first {ROWS} of {len(outcomes)}." if len(outcomes) > ROWS else ""
        create_table_artifact([as_row(o) for o in outcomes[:ROWS]], key=key, description=f"{about}{cut}")


def show_figures(outcome: Outcome, key: str) -> None:
    """Write the table of an outcome that has one: each of them has a history of its own in Prefect."""
    words = re.findall(r"[a-z0-9]+", outcome.subject.lower(), re.ASCII)
    create_table_artifact(list(outcome.figures), key="-".join([key, *words]), description=f"{outcome.subject}.")


def row(outcome: Outcome) -> Row:
    """Return the row of one case or message."""
    return {"subject": outcome.subject, "outcome": outcome.result, "why": outcome.detail}


def done_row(outcome: Outcome) -> Row:
    """Return the row of one case or message with which all went well."""
    return {"subject": outcome.subject, "what": outcome.detail}


def overview(report: StageReport, left: int) -> Iterator[dict[str, str | int]]:
    """Yield the rows of the overview: what waited, was done, was skipped and failed, and why, most frequent first."""
    yield {"outcome": "waited", "count": report.waited, "why": ""}
    yield {"outcome": "done", "count": report.count("done"), "why": ""}
    for result in ("skipped", "failed"):
        # The kind of failure comes first in its sentence; what follows differs from case to case.
        reasons = Counter(o.detail.partition(";")[0] for o in report.outcomes if o.result == result)
        yield from ({"outcome": result, "count": n, "why": why} for why, n in reasons.most_common(ROWS))
        if not reasons:
            yield {"outcome": result, "count": 0, "why": ""}
    if left:
        yield {"outcome": "left", "count": left, "why": "the program was stopping; they wait for the next run"}
