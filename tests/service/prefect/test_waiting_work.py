"""However many runs end meanwhile, the same work waits for workers no longer than the patience."""

from datetime import UTC, datetime, timedelta

import time_machine

from models.record import Record
from service.prefect.waiting_work import Left, WaitingWork
from tests.support.toys import Toy

EIGHT = datetime(2026, 7, 10, 7, 0, tzinfo=UTC)
PATIENCE = timedelta(minutes=2)


def test_what_waits_is_left_when_the_patience_ends_and_not_before(record: Record) -> None:
    toy, work = Toy({1, 2}), WaitingWork(record, PATIENCE)
    stage = toy.stage("prompts")
    with time_machine.travel(EIGHT, tick=False) as present:
        assert work.left(stage, EIGHT) is None
        present.shift(119)
        assert work.left(stage, EIGHT) is None
        present.shift(2)
        assert work.left(stage, EIGHT) == Left(2, untouched=True)
        # Half of it was done: somebody is at work, and slow.
        toy.waits = {2, 3}
        assert work.left(stage, EIGHT) == Left(1, untouched=False)


def test_other_work_begins_a_patience_of_its_own(record: Record) -> None:
    toy, work = Toy({1}), WaitingWork(record, PATIENCE)
    stage = toy.stage("prompts")
    with time_machine.travel(EIGHT, tick=False) as present:
        work.left(stage, EIGHT)
        toy.waits = {2}
        present.shift(121)
        assert work.left(stage, EIGHT) is None
        present.shift(121)
        assert work.left(stage, EIGHT) == Left(1, untouched=True)
        # Done, and due again: an hour later the names of what is audited are the same.
        assert work.forget(stage)
        assert work.left(stage, EIGHT) is None
        present.shift(119)
        assert work.left(stage, EIGHT) is None
