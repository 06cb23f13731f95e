"""A run of a stage: as a flow reported to Prefect where Prefect answers, plainly where it does not.

Nothing that is due waits for Prefect. A flow that Prefect does not let begin within some seconds loses its
ticket, and its work is done plainly; Prefect is then left alone for a while.
"""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import TYPE_CHECKING, Any

from models.record import Record
from service.prefect.deployments import tags_of
from service.prefect.earlier_life import IN_PROCESS, mark_crashed, this_process
from service.prefect.redis import AWAY, reaches_redis
from service.prefect.secret import signed_in
from service.prefect.server import is_up
from tasks.clock_gate import let_in
from tasks.drive_case import NAME as ONE_CASE
from tasks.drive_case import as_one, drive_case
from tasks.opening import working_on
from tasks.pacing import Chunks, Halted, never
from tasks.stage import Stage, StageReport, run_stage

if TYPE_CHECKING:
    from prefect import Flow

    from flows.ticket import Ticket

log = logging.getLogger(__name__)

BEGIN_SECONDS = 10.0
"""How long Prefect may take to let a flow begin: a busy server on a small machine takes two or three."""
END_SECONDS = 5.0
"""How long the end of a run is waited for, once its work is done: only its tables and its state are left."""
REST_SECONDS = 60.0
"""How long Prefect is left alone after it kept a flow waiting."""
SWEPT_SECONDS = 3600.0
"""How often it is told that the sweep is complete."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did; whether Prefect has it on record; how many it left because the program was stopping."""

    report: StageReport
    recorded: bool
    left: int = 0


@dataclass(slots=True)
class Runs:
    """Starts the runs of this process. ``api_url`` is Prefect's; without one every run is plain."""

    record: Record
    api_url: str | None
    halted: Halted = never
    up: Callable[[str], bool] = is_up
    begin_seconds: float = BEGIN_SECONDS
    rest_seconds: float = REST_SECONDS
    _rests_until: float = field(default=0.0, init=False)
    _was_up: bool = field(default=True, init=False)
    _swept_at: float = field(default=-SWEPT_SECONDS, init=False)
    _unclosed: bool = field(default=False, init=False)

    def see_to(self, stage: Stage, as_at: datetime) -> Ran | None:
        """Have done what waits in a stage; ``None`` where that was left to somebody else."""
        return self.run(stage, as_at)

    def nothing_waits(self, stage: Stage, as_at: datetime) -> None:
        """Hear from the clock that nothing waits for a stage: of use where others do the work."""

    def tidy(self, as_at: datetime) -> None:
        """Close the runs of this process, none of which goes on now, whose end Prefect did not take down."""
        del as_at
        if self._unclosed and self.api_url is not None and self.prefect_answers():
            self._unclosed = False
            mark_crashed(self.api_url)

    def run(self, stage: Stage, as_at: datetime, area: str | None = None, dry_run: bool = False) -> Ran:
        """Run a stage, whatever Prefect does; what the stage itself raises is raised.

        ``WrongMomentError`` and ``WrongClockError`` where nothing may be done as at that moment, or by this clock.
        """
        let_in(self.record, as_at, dry_run)
        parameters = {"as_at": as_at, "area": area, "dry_run": dry_run}
        ran = self.through_prefect(stage.name, parameters) if self.prefect_answers() else None
        return ran or self.plainly(stage, as_at, area, dry_run)

    def run_case(self, case: str, as_at: datetime, dry_run: bool = False) -> Ran:
        """Do everything that is due for one case, whatever Prefect does. It raises what ``run`` does."""
        let_in(self.record, as_at, dry_run)
        parameters = {"case": case, "as_at": as_at, "dry_run": dry_run}
        ran = self.through_prefect(ONE_CASE, parameters) if self.prefect_answers() else None
        return ran or Ran(as_one(drive_case(self.record, case, as_at, dry_run), as_at), recorded=False)

    def plainly(self, stage: Stage, as_at: datetime, area: str | None = None, dry_run: bool = False) -> Ran:
        """Run a stage without Prefect. Prefect is not even imported: a broken one stops nothing."""
        let_in(self.record, as_at, dry_run)
        chunks = Chunks(halted=self.halted)
        report = run_stage(self.record, stage, as_at, area, dry_run, chunks)
        return Ran(report, recorded=False, left=chunks.left)

    def tell_swept(self) -> None:
        """Tell Prefect, where it answers, that every rung that is due was raised: at most once an hour."""
        if time.monotonic() - self._swept_at < SWEPT_SECONDS or not self.prefect_answers():
            return
        self._swept_at = time.monotonic()
        try:
            from flows.happenings import sweep_completed

            sweep_completed()
        except Exception as error:  # noqa: BLE001  the sweep is complete, whoever hears of it
            log.warning("Prefect could not be told of the completed sweep (%s)", type(error).__name__)

    def prefect_answers(self) -> bool:
        """Tell whether to try Prefect now; a change is logged once."""
        if self.api_url is None or time.monotonic() < self._rests_until:
            return False
        answers = self.up(self.api_url)
        if answers and not reaches_redis(self.api_url, signed_in()):
            # Each call would take seconds, or never end.
            self.set_prefect_aside(AWAY)
            return False
        if answers and not self._was_up:
            log.warning("Prefect is back: runs are reported to it again")
        if not answers and self._was_up:
            log.warning("Prefect does not answer at %s: work goes on without it, unreported", self.api_url)
        self._was_up = answers
        return answers

    def set_prefect_aside(self, why: str, seconds: float | None = None) -> None:
        """Leave Prefect alone for a while; say so once."""
        rest = self.rest_seconds if seconds is None else seconds
        if self._was_up:
            log.warning("Prefect %s: work goes on without it for %.0f seconds", why, rest)
        self._was_up = False
        self._rests_until = time.monotonic() + rest

    def through_prefect(self, name: str, parameters: dict[str, Any]) -> Ran | None:
        """Run a flow in this process; ``None`` where Prefect did not let it begin."""
        from flows import FLOWS
        from flows.ticket import Ticket

        ticket = Ticket(halted=self.halted)
        ended: list[bool] = []
        thread = Thread(
            target=start,
            args=(FLOWS[name], parameters, self.record, ticket, ended),
            daemon=True,
            name=f"flow-{name}",
        )
        thread.start()
        ticket.stirred.wait(self.begin_seconds)
        if ticket.take():
            self.set_prefect_aside(f"did not let {name} begin")
            return None
        ticket.worked.wait()
        thread.join(END_SECONDS)
        if ticket.error is not None:
            raise ticket.error
        assert ticket.report is not None
        recorded = ended == [True]
        if not recorded:
            self._unclosed = True
            self.set_prefect_aside(f"did not take down the end of {name}")
        return Ran(ticket.report, recorded, ticket.left)


def start(
    flow: "Flow[Any, Any]", parameters: dict[str, Any], record: Record, ticket: "Ticket", ended: list[bool]
) -> None:
    """Run a flow in this thread on a record, holding its ticket; note whether Prefect saw it to its end."""
    from prefect import tags
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from flows.ticket import TICKET

    TICKET.set(ticket)
    try:
        with ExitStack() as stack:
            # A run lasts seconds, and waits up to one more for its heartbeat to end. No variable can switch it off.
            stack.enter_context(temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}))
            # Should this process be killed, its next life finds by them what it left running.
            stack.enter_context(tags(*tags_of(flow.name), IN_PROCESS, this_process()))
            stack.enter_context(working_on(record))
            flow(**parameters, return_state=True)
        ended.append(True)
    except BaseException as error:  # noqa: BLE001  Prefect raises SystemExit too, and the work must go on
        log.debug("%s was not reported to its end: %s", flow.name, type(error).__name__)
    finally:
        ticket.stirred.set()
