"""A stage under Prefect: each chunk of ids is one task run, which opens the record for itself.

What a task run is told is the stage, ids of ours, the moment and whether it is a rehearsal: never a name or a CRN.
Nothing it returns is stored outside the record.
"""

from tasks import quiet  # noqa: F401  before Prefect

# isort: split
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.context import TagsContext

from models.explain import reasons_of
from models.record import Record
from notifications.outbox.claimants import in_the_run
from policy.errors import FailedError
from tasks import registry
from tasks.clock_gate import WrongClockError, let_in
from tasks.drive_case import NAME as ONE_CASE
from tasks.drive_case import UnknownCaseError, drive_case
from tasks.happenings import Happening, happenings
from tasks.moments import WrongMomentError
from tasks.opening import record_of_this_run, working_on
from tasks.pacing import Chunks, Halted, never
from tasks.same_record import OtherRecordError, refuse_other_record, who_works
from tasks.stage import Id, Outcome, Stage, StageReport, handle_chunk, run_stage, what_waits

RETRY_DELAYS = [1.0, 4.0]
"""Seconds before a chunk is tried again where even its failure could not be recorded."""


@dataclass(frozen=True, slots=True)
class FlowRun:
    """The flow run of a stage: its id, by which claims name it, and its tags, one of which may name a record."""

    key: str | None = None
    tags: tuple[str, ...] = ()


NO_RUN = FlowRun()


class StageStoppedError(FailedError):
    """A stage stopped. The text of what stopped it stays out of Prefect: it may quote a row, names included."""


def stopped(what: str, error: Exception) -> StageStoppedError:
    """Return the error that may be shown: the kind of another, what may be said of it, and who met it."""
    text = "".join(f": {reason}" for reason in reasons_of(error)[:1])
    return StageStoppedError(f"{what} stopped by {type(error).__name__}{text} ({who_works()})")


@task(
    name="handle_chunk",
    retries=len(RETRY_DELAYS),
    retry_delay_seconds=RETRY_DELAYS,
    retry_jitter_factor=0.5,
    persist_result=False,
    cache_policy=NO_CACHE,
)
def handle_as_task(stage: str, ids: Sequence[Id], as_at: datetime, dry_run: bool) -> list[Outcome]:
    """Handle a chunk of a stage. Safe to repeat; a failing case is set aside, so what raises here is the record."""
    try:
        return handle_chunk(record_of_this_run(), registry.STAGES[stage], ids, as_at, dry_run)
    except Exception as error:  # noqa: BLE001  whatever it is, its text must not reach Prefect
        raise stopped(f"{stage}: a chunk of {len(ids)}", error) from None


def handle_reported(
    _record: Record, stage: Stage, ids: Sequence[Id], as_at: datetime, dry_run: bool, first: int
) -> list[Outcome]:
    """Handle a chunk as a task run named for its place in the run, such as ``identification 1-200``."""
    named = handle_as_task.with_options(task_run_name=f"{stage.name} {first}-{first + len(ids) - 1}")
    # For the tags of a task run Prefect asks its server whether there is a limit, and a server that hangs then keeps
    # what is due for minutes.
    with TagsContext(current_tags=set()):
        return named(stage.name, list(ids), as_at, dry_run)


def how_many_wait(stage: str, as_at: datetime, area: str | None) -> int:
    """Return how many wait in a stage."""
    return len(what_waits(record_of_this_run(), registry.STAGES[stage], as_at, area))


def run_reported(
    stage: str,
    as_at: datetime,
    area: str | None,
    dry_run: bool,
    halted: Halted = never,
    run: FlowRun = NO_RUN,
) -> tuple[StageReport, int]:
    """Run a stage with its chunks as task runs; return its report, and how many it left as the program stops."""
    chunks = Chunks(handle_reported, halted)
    try:
        record = record_of_this_run()
        refuse_other_record(record, run.tags)
        let_in(record, as_at, dry_run)
        with working_on(record), in_the_run(run.key):
            report = run_stage(record, registry.STAGES[stage], as_at, area, dry_run, chunks)
    except (StageStoppedError, WrongMomentError, WrongClockError, OtherRecordError):
        raise
    except Exception as error:  # noqa: BLE001  as above
        raise stopped(stage, error) from None
    return report, chunks.left


def drive_case_reported(
    case: str, as_at: datetime, dry_run: bool, halted: Halted = never
) -> tuple[list[StageReport], int]:
    """Do everything due for one case with its chunks as task runs; return the reports, and how much was left."""
    chunks = Chunks(handle_reported, halted)
    try:
        record = record_of_this_run()
        let_in(record, as_at, dry_run)
        with working_on(record):
            reports = drive_case(record, case, as_at, dry_run, chunks)
    except (StageStoppedError, UnknownCaseError, WrongMomentError, WrongClockError):
        raise
    except Exception as error:  # noqa: BLE001  as above
        raise stopped(ONE_CASE, error) from None
    return reports, chunks.left


def happenings_of(report: StageReport) -> Iterator[Happening]:
    """Yield what of a run is worth an event."""
    yield from happenings(record_of_this_run(), report)
