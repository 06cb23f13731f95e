"""What a stage is, and how it runs: plainly here; ``tasks.chunks`` runs the same through Prefect.

A stage asks the record what waits (state, never "today minus n") and handles it in chunks. A chunk is one
transaction; where it fails it is halved, and its halves again, until the poison case is found: that one is set
aside as a problem with its next try, and the rest goes on.
"""

import gc
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Literal, Protocol, get_args

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from casework import problems
from models.checkpoints import checkpoint
from models.record import Record, RecordAilingError
from models.schema_versions import OtherSchemaError

log = logging.getLogger(__name__)

Id = int | str
Result = Literal["done", "skipped", "failed"]
TRIES_ON_CONFLICT = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one id. ``subject`` is a case reference or a message's id: never a name or a CRN.

    ``escalations``: how many prompts to somebody further up it raised, in which ``area``. ``figures``: the rows of a
    table that anybody may see, each by its headings.
    """

    subject: str
    result: Result
    detail: str = ""
    area: str = ""
    escalations: int = 0
    figures: tuple[dict[str, str], ...] = ()


class Waiting(Protocol):
    """The question of a stage: what waits."""

    def __call__(
        self, session: Session, as_at: datetime, area: str | None = None, limit: int | None = None
    ) -> list[Id]:
        """Give the ids of what waits as at a moment, in one area or all, at most ``limit`` of them."""


class Handle(Protocol):
    """The work of a stage. What it skips must wait no longer, or every look would find it again."""

    def __call__(self, session: Session, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
        """Do the work for a chunk of ids; say for each what came of it. Safe to repeat."""


class Afterwards(Protocol):
    """What a stage does outside the record, once a chunk is committed. What it raises is logged, and undoes nothing."""

    def __call__(self, record: Record, as_at: datetime) -> None:
        """Tell the world."""


def nothing(record: Record, as_at: datetime) -> None:
    """Do nothing: most stages reach nobody outside the record."""
    del record, as_at


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the life of a case. ``rehearses``: a dry run may do the work and roll it back.

    ``most``: how many a run handles at most; the next run goes on, so that no other stage waits long for its turn.
    ``when_settled``: it judges what the others leave behind, so it is not to run beside them.
    """

    name: str
    noun: str
    waiting: Waiting
    handle: Handle
    chunk: int = 200
    rehearses: bool = True
    most: int = sys.maxsize
    afterwards: Afterwards = nothing
    when_settled: bool = False


@dataclass(slots=True)
class StageReport:
    """What a run of a stage did: how many waited, each outcome, and how long it took."""

    stage: str
    as_at: datetime
    waited: int = 0
    seconds: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)

    def count(self, result: Result) -> int:
        """Return how many ended with a result."""
        return Counter(outcome.result for outcome in self.outcomes)[result]


ChunkRunner = Callable[[Record, Stage, Sequence[Id], datetime, bool], list[Outcome]]


def waits_now(
    session: Session, stage: Stage, as_at: datetime, area: str | None = None, limit: int | None = None
) -> list[Id]:
    """Return the ids that wait now; what failed and rests until its next try is left out."""
    ids = stage.waiting(session, as_at, area, limit)
    if not ids:
        return []
    resting = problems.resting(session, stage.name, as_at)
    if resting and limit is not None:
        ids = stage.waiting(session, as_at, area, limit + len(resting))
    return [i for i in ids if str(i) not in resting][:limit]


def what_waits(
    record: Record, stage: Stage, as_at: datetime, area: str | None = None, limit: int | None = None
) -> list[Id]:
    """Return the ids that wait now, in a session of its own."""
    with record.looking() as session:
        return waits_now(session, stage, as_at, area, limit)


def stages_with_work(record: Record, stages: Iterable[Stage], as_at: datetime, area: str | None = None) -> list[str]:
    """Return the names of the stages for which something waits: one short look, whatever the caseload."""
    with record.looking() as session:
        return [stage.name for stage in stages if waits_now(session, stage, as_at, area, limit=1)]


def handle_chunk(
    record: Record, stage: Stage, ids: Sequence[Id], as_at: datetime, dry_run: bool = False
) -> list[Outcome]:
    """Handle a chunk in one transaction; where that fails its halves are, and so on down to the one that fails."""
    if dry_run:
        return rehearse(record, stage, ids, as_at)
    try:
        with few_collections():
            return attempt(record, stage, ids, as_at)
    except (RecordAilingError, OtherSchemaError):
        # No case's fault: halving would set one after the other aside, and write nothing down.
        raise
    except Exception as error:  # noqa: BLE001  whatever one case raises must not stop the others
        if len(ids) == 1:
            return [set_aside(record, stage, ids[0], error, as_at)]
        kind, told = type(error).__name__, {"stage": stage.name}
        log.warning("%s: a chunk of %d failed (%s); it is halved", stage.name, len(ids), kind, extra=told)
    middle = len(ids) // 2
    return [o for half in (ids[:middle], ids[middle:]) for o in handle_chunk(record, stage, half, as_at)]


@contextmanager
def few_collections() -> Iterator[None]:
    """Let the garbage collector look less often while a chunk makes its many short-lived rows.

    None of them stands in a cycle, and the searches for some took a sixth of a sweep's time.
    """
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def attempt(record: Record, stage: Stage, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Handle ids in one transaction; repeat it where another process was in the way."""
    for trial in range(TRIES_ON_CONFLICT):
        try:
            with record.writing() as session:
                outcomes = stage.handle(session, ids, as_at)
                problems.settle(session, stage.name, [str(i) for i in ids], as_at)
        except (IntegrityError, OperationalError):
            if trial == TRIES_ON_CONFLICT - 1:
                raise
        else:
            checkpoint("chunk.committed")
            call_afterwards(record, stage, as_at)
            return outcomes
    raise AssertionError("unreachable")


def call_afterwards(record: Record, stage: Stage, as_at: datetime) -> None:
    """Do what a stage does outside the record. The work is done and committed: nothing here may undo or repeat it."""
    try:
        stage.afterwards(record, as_at)
    except Exception as error:  # noqa: BLE001
        log.warning("%s: what follows its work failed (%s)", stage.name, type(error).__name__)


def rehearse(record: Record, stage: Stage, ids: Sequence[Id], as_at: datetime) -> list[Outcome]:
    """Do the work and roll it back; a stage that reaches outside the record only says what waits."""
    if not stage.rehearses:
        return [Outcome(str(i), "skipped", "dry run: it waits and would be handled") for i in ids]
    with record.writing() as session:
        try:
            outcomes = stage.handle(session, ids, as_at)
            return [Outcome(o.subject, "skipped", f"dry run: {o.result} {o.detail}".strip()) for o in outcomes]
        finally:
            session.rollback()


def set_aside(record: Record, stage: Stage, one: Id, error: Exception, as_at: datetime) -> Outcome:
    """Record a failing id as a problem with its next try."""
    with record.writing() as session:
        subject, detail = problems.note_failure(session, stage.name, str(one), error, as_at)
    told = {"stage": stage.name, "case": subject if subject != str(one) else None}
    # The text of an exception may quote the row it choked on, names included: the log gets its type only.
    log.error("%s: %s failed with %s; it is set aside", stage.name, subject, type(error).__name__, extra=told)
    return Outcome(subject, "failed", detail)


def chunks(ids: Iterable[Id], size: int) -> Iterable[list[Id]]:
    """Yield ``ids`` in lists of at most ``size``."""
    remaining = iter(ids)
    while part := list(islice(remaining, size)):
        yield part


def run_stage(
    record: Record,
    stage: Stage,
    as_at: datetime,
    area: str | None = None,
    dry_run: bool = False,
    run_chunk: ChunkRunner = handle_chunk,
) -> StageReport:
    """Run a stage until nothing waits that it has not seen; report what came of each id, and log the counts."""
    report = StageReport(stage.name, as_at)
    begun = time.monotonic()
    seen: set[Id] = set()
    while fresh := [i for i in what_waits(record, stage, as_at, area) if i not in seen][: stage.most - len(seen)]:
        seen.update(fresh)
        report.waited += len(fresh)
        for part in chunks(fresh, stage.chunk):
            report.outcomes.extend(run_chunk(record, stage, part, as_at, dry_run))
        if dry_run:
            break
    report.seconds = time.monotonic() - begun
    log_run(report, dry_run)
    return report


def log_run(report: StageReport, dry_run: bool) -> None:
    """Log what a run came to, in one line: whoever ran it, plainly or as a flow."""
    counts = {"waited": report.waited} | {result: report.count(result) for result in get_args(Result)}
    log.info(
        "%s%s: %s in %.2f s",
        report.stage,
        ", dry run" if dry_run else "",
        ", ".join(f"{number} {word}" for word, number in counts.items()),
        report.seconds,
        extra={"stage": report.stage, **counts, "seconds": round(report.seconds, 3), "dry_run": dry_run},
    )
