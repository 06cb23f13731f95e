"""Two clocks and three workers on one record, under load, and somebody who kills them: what must hold afterwards."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from models.audit_seals import verify
from models.cases import Case
from models.clock import now
from models.obligations import Message, Prompt, Timescale
from models.people import Person
from models.record import Record
from policy.letters import STATUTORY
from policy.subjects import Subject
from tasks.registry import STAGES
from tasks.stage import run_stage
from tests.support.environment import without_settings
from tests.support.killed import ended, start
from tests.support.opened import opened

ROOT = Path(__file__).parent.parent.parent
GRACE_SECONDS = 180
CHUNK = 10
AT_ONCE = 5000
"""Small, so that a kill comes in the middle of a run."""
CLOCK = (
    "import sys; from datetime import timedelta; from models.clock import now; from service import fleet; "
    "from service.settings import read_settings; "
    "shift = timedelta(seconds=float(sys.argv[1])); fleet.now = lambda: now() + shift; "
    "fleet.run_clock(read_settings(), False)"
)
Key = tuple[str, str, Subject, int, str, str]


@dataclass(frozen=True)
class Fleet:
    """How the processes of a fleet are started: on which record, with what settings, at which moment."""

    url: str
    environment: dict[str, str]
    shift: timedelta

    def moment(self) -> datetime:
        """The present of the fleet."""
        return now() + self.shift

    def worker(self) -> int:
        """Start a process that runs every stage, again and again, until it is killed."""

        def work() -> None:
            os.environ.update(self.environment)
            record = opened(self.url)
            while True:
                for stage in STAGES.values():
                    run_stage(record, replace(stage, chunk=CHUNK), self.moment())
                time.sleep(0.05)

        return start(work)

    def clock(self) -> "subprocess.Popen[bytes]":
        """Start ``mappa clock`` in a process of its own."""
        # No server answers there: what a clock does when Prefect is down is the harder case.
        environment = {
            **without_settings(),
            **self.environment,
            "PYTHONPATH": str(ROOT),
            "PREFECT_API_URL": "http://127.0.0.1:9/api",
        }
        words = [sys.executable, "-c", CLOCK, str(self.shift.total_seconds())]
        return subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_at_random(fleet: Fleet, seed: int, seconds: float, load: Callable[[], bool]) -> int:
    """Keep three workers and two clocks at work, killing one after another, while ``load`` adds work.

    It goes on as long as ``load`` says that more is to come, as a busy machine does little between two kills.
    Returns how many were killed. None may end in any other way.
    """
    dice = random.Random(seed)
    workers = [fleet.worker() for _ in range(3)]
    clocks = [fleet.clock() for _ in range(2)]
    killed, end = 0, time.monotonic() + seconds
    more = True
    while time.monotonic() < (end + GRACE_SECONDS if more else end):
        more = load()
        time.sleep(dice.uniform(0.2, 0.8))
        victim = dice.randrange(3)
        os.kill(workers[victim], signal.SIGKILL)
        assert ended(workers[victim]) == -signal.SIGKILL
        killed += 1
        workers[victim] = fleet.worker()
        if dice.random() < 0.1:
            assert clocks[0].poll() is None, "a clock ended by itself"
            clocks[0].kill()
            clocks[0].wait()
            killed += 1
            clocks[0] = fleet.clock()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
        assert ended(worker) == -signal.SIGKILL
    for clock in clocks:
        assert clock.poll() is None, "a clock ended by itself"
        clock.kill()
        clock.wait()
    return killed + 5


def finish(record: Record, moment: datetime) -> datetime:
    """Let one undisturbed process do what is left; return the moment at which nothing waited any more.

    What a killed process held is taken over when its lease ends, and what failed is tried again after its rest.
    """
    for _ in range(6):
        for stage in STAGES.values():
            run_stage(record, stage, moment)
        moment += timedelta(minutes=20)
    return moment


def prompts(record: Record) -> Counter[Key]:
    """Every prompt by what it is about, in terms that do not hang on the order in which things happened."""
    query = (
        select(Person.crn, Timescale.kind, Timescale.subject, Prompt.revision, Prompt.rung, Prompt.recipient)
        .join_from(Prompt, Timescale)
        .join(Case)
        .join(Person)
    )
    with record.reading() as session:
        return Counter(session.execute(query).tuples())


def passed_over(record: Record, moment: datetime) -> list[tuple[str, str]]:
    """The rungs of open timescales that were due by a moment, and of which there is no prompt."""
    with record.reading() as session:
        raised = set(session.execute(select(Prompt.timescale_id, Prompt.revision, Prompt.rung)).tuples())
        columns = select(Timescale.id, Timescale.kind, Timescale.revision, Timescale.ladder)
        open_ones = columns.where(Timescale.state == "open").order_by(Timescale.id)
        return [
            (timescale.kind, step["rung"])
            for timescale in session.execute(open_ones.execution_options(yield_per=AT_ONCE))
            for step in timescale.ladder
            if datetime.fromisoformat(step["at"]) <= moment
            and (timescale.id, timescale.revision, step["rung"]) not in raised
        ]


def look_at_messages(record: Record, arrived: Sequence[str], killed: int, moment: datetime) -> Counter[str]:
    """Hold the outbox against what arrived; return the states."""
    came = Counter(arrived)
    with record.reading() as session:
        messages = list(session.scalars(select(Message).where(Message.not_before <= moment)))
        assert list(verify(session)) == []
        orphans = session.scalars(select(Prompt.id).where(Prompt.message_id.is_(None))).all()
    assert orphans == []
    assert not came.keys() - {m.header_id for m in messages}
    for message in messages:
        assert message.state in ("sent", "uncertain", "cancelled"), (message.state, message.reason)
        if message.state == "uncertain":
            assert message.reason
            assert came[message.header_id] <= 1
        elif message.state == "sent":
            # An escalation of unknown fate is sent again under the same Message-ID; anything else never is.
            assert came[message.header_id] == 1 or (came[message.header_id] == 2 and message.kind in STATUTORY)
    repeated = sum(count - 1 for count in came.values())
    assert repeated <= killed
    return Counter(message.state for message in messages)
