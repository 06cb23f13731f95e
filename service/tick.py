"""One tick: every stage once, in order, plainly in this process. What the clock of ``serve`` does by flows."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from models.explain import reasons_of
from models.record import Record
from policy.errors import FailedError
from service.known_record import note
from service.logs import type_and_place
from service.settings import Settings
from tasks.clock_gate import let_in
from tasks.stage import Stage, StageReport, run_stage, stages_with_work
from views.times import spoken

log = logging.getLogger(__name__)


class TickIncompleteError(FailedError):
    """Stages of a tick that could not run at all; the others did, and ``reports`` are theirs."""

    def __init__(self, as_at: datetime, reports: list[StageReport], errors: dict[str, Exception]) -> None:
        """Keep what ran and what did not, with a reason for each stage that did not."""
        reasons = [
            f"{stage} could not run as at {spoken(as_at)}: {what_went_wrong(error)}" for stage, error in errors.items()
        ]
        super().__init__("; ".join(reasons), reasons=reasons)
        self.reports = reports
        self.errors = errors


def what_went_wrong(error: Exception) -> str:
    """Return what may be said of an error: of a defect only its type and place, as its text may quote a name."""
    return "; ".join(reasons_of(error)) or type_and_place(error)


def stages() -> Sequence[Stage]:
    """Return the stages in the order in which they run."""
    from tasks.registry import STAGES

    return tuple(STAGES.values())


def something_waits(record: Record, in_order: Sequence[Stage], as_at: datetime, area: str | None) -> bool:
    """Tell whether any stage has work; where one cannot even say, the tick itself finds out which and why."""
    try:
        return bool(stages_with_work(record, in_order, as_at, area))
    except Exception:  # noqa: BLE001  the tick runs each stage apart and names the one that failed
        return True


def tick_by_the_clock(
    settings: Settings, record: Record, present: datetime, area: str | None = None, dry_run: bool = False
) -> list[StageReport]:
    """Tick by the clock of this machine, if it is to be believed; note after each stage how far the record is.

    A program that is killed while it sends leaves behind that there was something to send.

    Who gives a moment (``--as-at``) tries something out: then no clock is asked, and nothing of it is kept.
    """
    let_in(record, present, dry_run)
    if dry_run:
        return tick(record, present, area, dry_run)
    return tick(record, present, area, done=partial(note, settings, record))


def nothing() -> None:
    """Do nothing between two stages."""


def tick(
    record: Record,
    as_at: datetime,
    area: str | None = None,
    dry_run: bool = False,
    done: Callable[[], None] = nothing,
) -> list[StageReport]:
    """Run every stage once as at a moment, and return what each did; ``done`` is called after each.

    A stage that cannot even say what waits does not keep the others from running: prompts go out though
    identification is broken. ``TickIncompleteError`` tells of it at the end.
    """
    in_order = stages()
    if not something_waits(record, in_order, as_at, area):
        return [StageReport(stage.name, as_at) for stage in in_order]
    reports: list[StageReport] = []
    errors: dict[str, Exception] = {}
    for stage in in_order:
        try:
            reports.append(run_stage(record, stage, as_at, area, dry_run))
            done()
        except Exception as error:  # noqa: BLE001  whatever one stage raises must not stop the others
            log.error("%s could not run: %s", stage.name, what_went_wrong(error))
            errors[stage.name] = error
    if errors:
        raise TickIncompleteError(as_at, reports, errors)
    return reports
