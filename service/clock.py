"""The clock of ``serve`` and ``clock``: each beat asks the record what waits, and starts a flow only where it does.

APScheduler holds ticks, never an obligation: a beat that was missed is made good by the next, as what is due is
a matter of the record.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler

from models.full_disk import full_disk
from models.record import Record
from models.schema_versions import OtherSchemaError
from service.prefect.runs import Ran, Runs
from tasks.clock_gate import WrongClockError, let_in
from tasks.stage import Stage, what_waits

if TYPE_CHECKING:
    from service.metrics import Metrics

log = logging.getLogger(__name__)

STOP_SECONDS = 8.0
UNSETTLED = timedelta(hours=1)
"""How long a look at the settled record is put off: what has waited for an hour counts as standing, for the auditor."""
SWEEP = "prompts"
"""The stage that raises what is due: of all, the one whose absence nobody would notice."""


@dataclass(slots=True)
class Clock:
    """Beats every ``seconds``; ``now`` gives the moment, so that a test can drive it. One beat at a time.

    ``worked`` is called after each stage that has run.
    """

    record: Record
    stages: Iterable[Stage]
    runs: Runs
    now: Callable[[], datetime]
    seconds: float = 10.0
    metrics: "Metrics | None" = None
    worked: Callable[[], None] = lambda: None
    _stopping: Event = field(default_factory=Event, init=False)
    _beating: Lock = field(default_factory=Lock, init=False)
    _broken: set[str] = field(default_factory=set, init=False)
    _swept: bool = field(default=False, init=False)
    _full: bool = field(default=False, init=False)
    _left: bool = field(default=False, init=False)
    _put_off_since: datetime | None = field(default=None, init=False)
    _disbelieved: bool = field(default=False, init=False)
    _scheduler: BackgroundScheduler | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin to beat, at once and then every ``seconds``."""
        self.runs.halted = self._stopping.is_set
        self._scheduler = BackgroundScheduler(timezone="UTC")
        # A late beat is still a beat: without misfire_grace_time=None one more than a second late is dropped.
        self._scheduler.add_job(
            self.beat,
            "interval",
            seconds=self.seconds,
            id="beat",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.add_job(self.beat, id="first beat", misfire_grace_time=None)
        self._scheduler.start()

    def stop(self, timeout: float = STOP_SECONDS) -> bool:
        """Stop after the chunk at hand; ``False`` where that took longer than ``timeout`` seconds."""
        self._stopping.set()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        ended = self._beating.acquire(timeout=timeout)
        if ended:
            self._beating.release()
        return ended

    def beat(self) -> list[Ran]:
        """Run every stage in which something waits, in order; return the runs. A beat never overlaps another."""
        if not self._beating.acquire(blocking=False):
            return []
        try:
            self._swept = self._left = False
            if not self.is_let_in():
                return []
            done = [ran for stage in self.stages if (ran := self.beat_for(stage)) is not None]
            if self._swept and not self._stopping.is_set():
                self.runs.tell_swept()
            self.tidy()
            if self.metrics is not None:
                self.metrics.beaten(self.now())
            return done
        finally:
            self._beating.release()

    def note(self) -> None:
        """Have it noted that a stage has run; what fails is met again by the next."""
        try:
            self.worked()
        except Exception as error:  # noqa: BLE001
            log.debug("the end of a stage was not noted (%s)", type(error).__name__)

    def is_let_in(self) -> bool:
        """Tell whether the clock of this machine is believed; log once that it is not, and once that it is again.

        What else goes wrong here is met again by each stage, which tells it.
        """
        try:
            let_in(self.record, self.now())
        except WrongClockError as error:
            if not self._disbelieved:
                log.error("%s", error)
            self._disbelieved = True
            return False
        except Exception:  # noqa: BLE001  as above
            return True
        if self._disbelieved:
            log.warning("the clock of this machine is believed again: work goes on")
        self._disbelieved = False
        return True

    def beat_for(self, stage: Stage) -> Ran | None:
        """Run one stage where something waits. What it raises is logged, and stops neither the next nor the clock."""
        if self._stopping.is_set():
            return None
        try:
            as_at = self.now()
            waits = bool(what_waits(self.record, stage, as_at, limit=1))
            if waits and self.is_put_off(stage, as_at):
                return None
            ran = self.run(stage, as_at) if waits else None
            if not waits:
                self.runs.nothing_waits(stage, as_at)
            # Left to a worker, that is at it beside this clock.
            self._left = self._left or (waits and ran is None)
        except Exception as error:  # noqa: BLE001  whatever it is, the clock goes on
            self.tell_once(stage, error)
            return None
        if ran is not None:
            self.note()
        if ran is not None and self.metrics is not None:
            self.metrics.ran(ran.report)
        if stage.name in self._broken:
            self._broken.discard(stage.name)
            log.warning("%s runs again", stage.name)
        # Handed to a worker, it is not done yet: then a later beat finds that nothing waits any more.
        self._swept = self._swept or (stage.name == SWEEP and (ran is not None or not waits))
        if self._full and ran is not None:
            self._full = False
            log.warning("there is room for the record again: work goes on")
        return ran

    def is_put_off(self, stage: Stage, as_at: datetime) -> bool:
        """Tell whether a stage waits for a settled record, as workers are at what it would judge; an hour at most."""
        if not stage.when_settled:
            return False
        if not self._left:
            self._put_off_since = None
            return False
        self._put_off_since = self._put_off_since or as_at
        return as_at - self._put_off_since < UNSETTLED

    def run(self, stage: Stage, as_at: datetime) -> Ran | None:
        """Have a stage run; while the disk is full without Prefect, or each beat would leave a failed run there."""
        return self.runs.plainly(stage, as_at) if self._full else self.runs.see_to(stage, as_at)

    def tidy(self) -> None:
        """Close what stands open in Prefect and is not at work; history alone is at stake."""
        try:
            self.runs.tidy(self.now())
        except Exception as error:  # noqa: BLE001  whatever it is, the clock goes on
            log.warning("runs that nobody works on could not be closed (%s)", type(error).__name__)

    def tell_once(self, stage: Stage, error: Exception) -> None:
        """Log why a stage cannot run, once: a beat comes every few seconds."""
        if full := full_disk(error, self.record.url):
            if not self._full:
                log.error("%s", full)
            self._full = True
            return
        if stage.name not in self._broken and isinstance(error, OtherSchemaError):
            log.error("%s cannot run: %s", stage.name, error, extra={"stage": stage.name})
        elif stage.name not in self._broken:
            # The text may quote a row, names included.
            kind, told = type(error).__name__, {"stage": stage.name}
            log.error("%s cannot run (%s): it is tried again at each beat", stage.name, kind, extra=told)
        self._broken.add(stage.name)
