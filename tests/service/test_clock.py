"""The clock with a moment of the test's own: what it starts, that nothing stops it, what it does without Prefect."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

import flows
from flows.drive import drive
from models.record import Record
from service.clock import Clock
from service.prefect.runs import Ran, Runs
from service.prefect.server import is_up
from tasks.registry import STAGES
from tasks.stage import Stage
from tests.support.toys import CRN, NAME, Toy

EIGHT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9/api"


def clock_of(record: Record, *toys: tuple[str, Toy], runs: Runs | None = None, seconds: float = 10) -> Clock:
    """A clock over toys, without Prefect unless told otherwise."""
    stages = [toy.stage(name) for name, toy in toys]
    return Clock(record, stages, runs or Runs(record, None), lambda: EIGHT, seconds)


@pytest.fixture
def silent_server() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api"


def test_a_beat_runs_the_stages_in_which_something_waits_in_order_and_no_other(record: Record) -> None:
    first, empty, last = Toy({1}), Toy(set()), Toy({2, 3})
    ran = clock_of(record, ("identification", first), ("pre_release", empty), ("prompts", last)).beat()
    assert [(one.report.stage, one.report.waited) for one in ran] == [("identification", 1), ("prompts", 2)]
    assert empty.chunks == []


def test_the_moment_is_the_one_the_clock_is_given(record: Record) -> None:
    toy = Toy({1})
    clock_of(record, ("prompts", toy)).beat()
    assert toy.moments == [EIGHT]


def test_what_one_stage_leaves_behind_is_the_work_of_the_next_in_the_same_beat(record: Record) -> None:
    later = Toy(set())

    class Earlier(Toy):
        def handle(self, session: Any, ids: Any, as_at: datetime) -> Any:
            later.waits.add(9)
            return super().handle(session, ids, as_at)

    clock_of(record, ("identification", Earlier({1})), ("prompts", later)).beat()
    assert later.handled == [9]


def test_a_stage_that_cannot_run_stops_neither_the_next_nor_the_clock_and_is_told_once(
    record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Toy):
        broken = True

        def waiting(self, *args: Any, **more: Any) -> Any:
            if self.broken:
                raise LookupError(f"{NAME} {CRN}")
            return super().waiting(*args, **more)

    broken, sound = Broken({1}), Toy({2})
    clock = clock_of(record, ("identification", broken), ("prompts", sound))
    clock.beat()
    sound.waits.add(3)
    clock.beat()
    assert sound.handled == [2, 3]
    assert [r.message for r in caplog.records] == [
        "identification cannot run (LookupError): it is tried again at each beat"
    ]
    broken.broken = False
    clock.beat()
    assert broken.handled == [1]
    assert caplog.records[-1].message == "identification runs again"
    assert NAME not in caplog.text


def test_without_prefect_the_work_is_done_plainly_and_it_is_said_once_and_again_when_prefect_is_back(
    record: Record, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = Toy({1})
    answers = iter([False, False, True])
    runs = Runs(record, NOWHERE, up=lambda _: next(answers))
    monkeypatch.setattr(Runs, "through_prefect", lambda *_: None)
    monkeypatch.setattr(Runs, "tell_swept", lambda _: None)
    clock = clock_of(record, ("prompts", toy), runs=runs)
    for number in (2, 3, 4):
        clock.beat()
        toy.waits.add(number)
    assert toy.handled == [1, 2, 3]
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == [
        f"Prefect does not answer at {NOWHERE}: work goes on without it, unreported",
        "Prefect is back: runs are reported to it again",
    ]


def test_a_prefect_that_takes_the_call_and_says_nothing_costs_a_second(record: Record, silent_server: str) -> None:
    begun = time.monotonic()
    assert not is_up(silent_server)
    toy = Toy({1})
    [ran] = clock_of(record, ("prompts", toy), runs=Runs(record, silent_server)).beat()
    assert (ran.recorded, toy.handled) == (False, [1])
    assert time.monotonic() - begun < 5


def test_a_flow_that_prefect_does_not_let_begin_is_done_plainly_and_not_again_when_it_does_begin(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, states = threading.Event(), []

    class SlowFlow:
        name = "prompts"

        def __call__(self, return_state: bool, **parameters: Any) -> None:
            let_go.wait(20)
            states.append(drive("prompts", **parameters))

    toy = Toy({1, 2})
    monkeypatch.setitem(flows.FLOWS, "prompts", SlowFlow())
    runs = Runs(record, NOWHERE, up=lambda _: True, begin_seconds=0.3, rest_seconds=60)
    clock = clock_of(record, ("prompts", toy), runs=runs)
    [ran] = clock.beat()
    assert (ran.recorded, toy.handled) == (False, [1, 2])
    toy.waits.add(3)
    begun = time.monotonic()
    clock.beat()
    assert time.monotonic() - begun < 0.3, "Prefect is left alone for a while"
    let_go.set()
    end = time.monotonic() + 10
    while not states and time.monotonic() < end:
        time.sleep(0.05)
    assert states[0].type.value == "CANCELLED"
    assert toy.handled == [1, 2, 3]


def test_a_flow_that_crashes_before_it_begins_is_done_plainly(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    class BrokenFlow:
        name = "prompts"

        def __call__(self, **_: Any) -> None:
            raise RuntimeError("no flow run could be created")

    toy = Toy({1})
    monkeypatch.setitem(flows.FLOWS, "prompts", BrokenFlow())
    [ran] = clock_of(record, ("prompts", toy), runs=Runs(record, NOWHERE, up=lambda _: True)).beat()
    assert (ran.recorded, toy.handled) == (False, [1])


def test_beats_do_not_overlap_and_a_slow_one_does_not_stop_the_clock(record: Record) -> None:
    at_once, most, lock = [0], [0], threading.Lock()

    class Slow(Toy):
        def handle(self, session: Any, ids: Any, as_at: datetime) -> Any:
            with lock:
                at_once[0] += 1
                most[0] = max(most[0], at_once[0])
            time.sleep(0.3)
            with lock:
                at_once[0] -= 1
            return super().handle(session, ids, as_at)

    toy = Slow(set())
    numbers = count()

    def now() -> datetime:
        toy.waits.add(next(numbers))
        return EIGHT

    clock = Clock(record, [toy.stage("prompts")], Runs(record, None), now, seconds=0.1)
    clock.start()
    time.sleep(2)
    assert clock.stop()
    assert most == [1]
    assert len(toy.handled) >= 3


def test_a_clock_that_is_stopped_ends_after_the_chunk_at_hand_and_leaves_the_rest(record: Record) -> None:
    begun = threading.Event()

    class Slow(Toy):
        def handle(self, session: Any, ids: Any, as_at: datetime) -> Any:
            begun.set()
            time.sleep(0.3)
            return super().handle(session, ids, as_at)

    toy = Slow(set(range(1000)))
    clock = clock_of(record, ("prompts", toy))
    clock.start()
    assert begun.wait(5)
    assert clock.stop()
    assert 0 < len(toy.handled) <= 30
    assert len(toy.waits) == 1000 - len(toy.handled)


def test_the_stages_of_the_clock_are_those_of_a_tick() -> None:
    assert list(STAGES) == [
        "identification",
        "pre_release",
        "screening",
        "replies",
        "meetings",
        "disclosure",
        "exit_planning",
        "prompts",
        "deliver",
        "reports",
        "assurance",
    ]


class LeftToWorkers(Runs):
    """Workers that are asked to do a stage, and do it when the test says so."""

    def see_to(self, stage: Stage, as_at: datetime) -> Ran | None:
        """Leave it to them, but for the audit."""
        return self.plainly(stage, as_at) if stage.when_settled else None


def test_the_audit_waits_until_the_workers_are_through_and_an_hour_at_most(record: Record) -> None:
    """134 false problems were found on a record that workers were still at."""
    assert [stage.name for stage in STAGES.values() if stage.when_settled] == ["assurance"]
    work, audit, moment = Toy({1}), Toy({7}), [EIGHT]
    judges = replace(audit.stage("assurance"), when_settled=True)
    stages = [work.stage("identification"), judges]
    clock = Clock(record, stages, LeftToWorkers(record, None), lambda: moment[0])
    clock.beat()
    assert audit.handled == []
    work.waits.clear()
    clock.beat()
    assert audit.handled == [7]
    # An hour later it is due again, and somebody is at work all the time.
    work.waits, audit.waits = {2}, {8}
    for minutes, handled in ((60, [7]), (119, [7]), (120, [7, 8])):
        moment[0] = EIGHT + timedelta(minutes=minutes)
        clock.beat()
        assert audit.handled == handled
